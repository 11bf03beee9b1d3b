// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Readiness;
import org.unimark.baselines.ResponseVerifier;
import org.unimark.baselines.Stopped;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.catalogue.Systems;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.process.Command;

/** What tests do inside the namespaces of a run: start a system, verify its responses, stop it, see what is left. */
public final class Scenario {
    private static final long READY_MILLIS = 60_000;

    private Scenario() {}

    /**
     * Arguments: directory of the site that is served, name of the system, and optionally "forever" or the directory of
     * the site that is expected.
     */
    public static void main(String[] arguments) throws Exception {
        System.out.println("root of " + (NamespaceLauncher.isMachineRoot() ? "the machine" : "a user namespace"));
        HttpSite site = new HttpSite(Path.of(arguments[0]), null);
        SystemUnderTest system = Systems.of(site, "tcg", true).stream()
                .filter(candidate -> candidate.name().equals(arguments[1]))
                .findFirst()
                .orElseThrow();
        boolean forever = arguments.length > 2 && arguments[2].equals("forever");
        ResponseVerifier verifier = ResponseVerifier.of(
                arguments.length > 2 && !forever ? new HttpSite(Path.of(arguments[2]), null) : site);
        system.prepare();
        System.out.println("run directory: " + NamespaceLauncher.runDirectory());
        Path console = NamespaceLauncher.runDirectory().resolve("console");
        try (Instance instance =
                system.start(new SystemUnderTest.StartOptions(0, InstructionCounter.Mode.MARKS, console, Map.of()))) {
            Readiness.await(instance, site.probe(), READY_MILLIS);
            System.out.println("ready after " + millis(System.nanoTime() - instance.launchedNanos()) + " ms");
            verifier.verify(system.name(), instance.address());
            if (instance.counter() != null) {
                printMark("entry", instance, InstructionCounter.ENTRY_MARK);
                printMark("listening", instance, InstructionCounter.LISTENING_MARK);
            }
            System.out.println("processes of the system: " + instance.processIds().length);
            System.out.println("verified " + system.name());
            System.out.flush();
            if (forever) {
                // Until the test that started this ends it.
                Thread.currentThread().join();
            }
        }
        startAgain(system, site, verifier, console);
        System.out.println(
                "links left: " + Command.run("ip", "-oneline", "link").lines().count());
        // The first process of the namespace is this one, which does not collect the ends of strangers' children. The
        // run's own Docker daemon, and the one below it, end with the namespace.
        List<String> left = Command.run("ps", "-e", "-o", "stat=,args=")
                .lines()
                .filter(line -> !line.startsWith("Z") && !line.matches("\\S+ +(ps -e -o|dockerd |containerd ).*"))
                .toList();
        System.out.println("processes left: " + left.size() + "\n" + String.join("\n", left));
    }

    /** Where a system can be created and stopped, it answers each time that it is started. */
    private static void startAgain(SystemUnderTest system, HttpSite site, ResponseVerifier verifier, Path console)
            throws Exception {
        try (Stopped stopped =
                system.stopped(new SystemUnderTest.StartOptions(0, InstructionCounter.Mode.OFF, console, Map.of()))) {
            for (int start = 1; stopped != null && start <= 2; start++) {
                try (Instance instance = stopped.start()) {
                    Readiness.await(instance, site.probe(), READY_MILLIS);
                    verifier.verify(system.name(), instance.address());
                    System.out.println("start " + start + " of what was created once: verified");
                }
            }
        }
    }

    private static void printMark(String name, Instance instance, int code) {
        InstructionCounter.Mark mark = instance.counter().mark(code);
        System.out.println(name + " after " + millis(mark.nanos() - instance.launchedNanos()) + " ms");
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
