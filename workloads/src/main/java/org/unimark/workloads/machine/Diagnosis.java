// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.process.Command;
import org.unimark.workloads.machine.Finding.Grade;

/** Looks at everything that decides what this machine can do. */
public final class Diagnosis {
    private static final long SMALLEST_MIB = 2_048;
    private static final int LEAST_CORES = 3;
    private static final int DOCKER_TIMEOUT_SECONDS = 10;

    private Diagnosis() {}

    /** Takes some seconds, for the accelerator is tried out. */
    public static List<Finding> findings() throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(program("compiler", "gcc", "gcc", "--version"));
        findings.add(program("hypervisor", "qemu-system-x86", "qemu-system-x86_64", "--version"));
        findings.add(packages());
        findings.add(accelerator());
        findings.add(namespaces());
        findings.add(docker());
        findings.add(memory());
        findings.add(cores());
        return findings;
    }

    private static Finding java() {
        return new Finding("java", Grade.GOOD, HostFacts.java(), "");
    }

    private static Finding program(String subject, String debianPackage, String... command)
            throws InterruptedException {
        String version = Output.firstLine(command);
        return version == null
                ? new Finding(
                        subject,
                        Grade.MISSING,
                        "there is no " + command[0],
                        "'./unimark reproduce' installs the package " + debianPackage + " if it may.")
                : new Finding(subject, Grade.GOOD, version, "");
    }

    private static Finding packages() {
        List<Requirement> measuring = Requirement.missing(Requirement.Use.MEASURE);
        List<Requirement> testing = Requirement.missing(Requirement.Use.TEST);
        if (!measuring.isEmpty()) {
            return new Finding(
                    "packages",
                    Grade.MISSING,
                    "missing: " + names(measuring),
                    "'./unimark reproduce' installs them if it may; 'apt-get install " + names(measuring)
                            + "' as root.");
        }
        if (!testing.isEmpty()) {
            return new Finding(
                    "packages",
                    Grade.LIMITED,
                    "everything for measuring is there",
                    "'./unimark test' also needs: " + names(testing) + ".");
        }
        return new Finding("packages", Grade.GOOD, "everything is there", "");
    }

    private static String names(List<Requirement> requirements) {
        return requirements.stream().map(Requirement::debianPackage).collect(Collectors.joining(" "));
    }

    private static Finding accelerator() throws InterruptedException {
        if (!Command.exists("qemu-system-x86_64")) {
            return new Finding("accelerator", Grade.MISSING, "unknown without QEMU", "");
        }
        try {
            AcceleratorProbe.Verdict verdict = AcceleratorProbe.run();
            return verdict.accelerator().equals("kvm")
                    ? new Finding("accelerator", Grade.GOOD, verdict.reason(), "")
                    : new Finding(
                            "accelerator",
                            Grade.LIMITED,
                            verdict.reason(),
                            "Guests run under emulation: compare guests with guests only. Instruction counts are not"
                                    + " affected.");
        } catch (IOException e) {
            return new Finding("accelerator", Grade.IMPOSSIBLE, "the probe failed", e.getMessage());
        }
    }

    private static Finding namespaces() throws InterruptedException {
        try {
            String reason = NamespaceLauncher.unavailable();
            return reason == null
                    ? new Finding("namespaces", Grade.GOOD, "a private network namespace can be made", "")
                    : new Finding("namespaces", Grade.IMPOSSIBLE, "no private network namespace", reason);
        } catch (IOException e) {
            return new Finding("namespaces", Grade.IMPOSSIBLE, "no private network namespace", e.getMessage());
        }
    }

    private static Finding docker() throws InterruptedException {
        if (!Command.exists("dockerd") && !Command.exists("docker")) {
            return new Finding(
                    "docker",
                    Grade.LIMITED,
                    "not installed",
                    "Containers on the host are left out: install docker.io.");
        }
        try {
            Command.Result result = Command.attempt(
                    null, DOCKER_TIMEOUT_SECONDS, List.of("docker", "version", "--format", "{{.Server.Version}}"));
            if (result.succeeded()) {
                return new Finding(
                        "docker", Grade.GOOD, "daemon " + result.output().strip(), "");
            }
            return new Finding(
                    "docker",
                    Grade.LIMITED,
                    "no daemon can be reached",
                    "A run starts one of its own if it may (as root); otherwise containers on the host are left out.");
        } catch (IOException e) {
            return new Finding(
                    "docker", Grade.LIMITED, "the client does not answer", "Containers on the host are left out.");
        }
    }

    private static Finding memory() throws IOException {
        long available = Files.readString(Path.of("/proc/meminfo"))
                        .lines()
                        .filter(line -> line.startsWith("MemAvailable:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElse(0)
                / 1024;
        return available >= SMALLEST_MIB
                ? new Finding("memory", Grade.GOOD, available + " MiB available", "")
                : new Finding(
                        "memory",
                        Grade.LIMITED,
                        available + " MiB available",
                        "Builds and guests want " + SMALLEST_MIB + " MiB: expect swapping or failed builds.");
    }

    private static Finding cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        return cores >= LEAST_CORES
                ? new Finding("cores", Grade.GOOD, cores + " cores", "")
                : new Finding(
                        "cores",
                        Grade.LIMITED,
                        cores + " cores",
                        "Client, hypervisor and guest share them: the report says 'not isolated'.");
    }
}
