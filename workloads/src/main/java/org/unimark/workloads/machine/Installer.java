// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.unimark.baselines.process.Command;

/** Installs the packages that are missing, after it has named them, or says what would have to be installed. */
public final class Installer {
    private final boolean mayInstall;
    private final PrintStream out;

    /**
     * @param mayInstall false if the person forbade it
     * @param out for what a person must read
     */
    public Installer(boolean mayInstall, PrintStream out) {
        this.mayInstall = mayInstall;
        this.out = out;
    }

    /** Makes sure that everything for {@code use} is there; false if it is not, and then nothing was changed. */
    public boolean ensure(Requirement.Use use) throws IOException, InterruptedException {
        List<Requirement> missing = Requirement.missing(use);
        if (missing.isEmpty()) {
            return true;
        }
        out.println("These packages are missing:");
        for (Requirement requirement : missing) {
            out.println("  " + requirement.debianPackage() + ": " + requirement.reason());
        }
        String names = missing.stream().map(Requirement::debianPackage).collect(Collectors.joining(" "));
        List<String> privilege = privilege();
        if (!mayInstall || privilege == null || !Command.exists("apt-get")) {
            out.println(whatToDo(names));
            return false;
        }
        out.println("Installing them (--no-install forbids it).");
        if (!apt(privilege, List.of("update", "-q")) || !install(privilege, missing)) {
            out.println("The installation failed. Run this yourself and try again:");
            out.println("  " + command(names));
            return false;
        }
        List<Requirement> still = Requirement.missing(use);
        still.forEach(requirement ->
                out.println(requirement.debianPackage() + " is installed, but there is no " + requirement.program()));
        return still.isEmpty();
    }

    private static String whatToDo(String names) {
        return Command.exists("apt-get")
                ? "Install them with this command, then try again:\n  " + command(names)
                : "This machine has no apt-get; install what corresponds to the Debian packages " + names + ".";
    }

    private static String command(String names) {
        String sudo = isRoot() ? "" : "sudo ";
        return sudo + "apt-get update && " + sudo + "apt-get install -y --no-install-recommends " + names;
    }

    private boolean install(List<String> privilege, List<Requirement> missing)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("install", "-y", "-q", "--no-install-recommends"));
        missing.forEach(requirement -> arguments.add(requirement.debianPackage()));
        return apt(privilege, arguments);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** What goes before a command that needs root, or null if there is no way without asking for a password. */
    private static List<String> privilege() throws IOException, InterruptedException {
        if (isRoot()) {
            return List.of();
        }
        boolean sudo = Command.exists("sudo")
                && Command.attempt(null, 20, List.of("sudo", "-n", "true")).succeeded();
        return sudo ? List.of("sudo", "-n") : null;
    }

    private boolean apt(List<String> privilege, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(privilege);
        command.addAll(List.of("env", "DEBIAN_FRONTEND=noninteractive", "apt-get"));
        command.addAll(arguments);
        Path log = Files.createTempFile("unimark-apt", ".log");
        try {
            Process apt = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(log.toFile())
                    .start();
            boolean succeeded = apt.waitFor() == 0;
            if (!succeeded) {
                out.println(Files.readString(log));
            }
            return succeeded;
        } finally {
            Files.deleteIfExists(log);
        }
    }
}
