// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a reader of results must know about the machine that they come from. */
public final class HostFacts {
    /** Set by those who spread a campaign over several machines, to the name of this one; Slurm sets the other. */
    public static final List<String> NODE_VARIABLES = List.of("UNIMARK_NODE", "SLURMD_NODENAME");
    /** The fact that names this machine among several. */
    public static final String NODE = "node";

    private static final Set<String> MEASURED_PARAMETERS = Set.of(
            "mitigations",
            "isolcpus",
            "nohz_full",
            "rcu_nocbs",
            "idle",
            "intel_pstate",
            "amd_pstate",
            "processor",
            "nosmt",
            "transparent_hugepage",
            "hugepages",
            "clocksource",
            "tsc",
            "preempt");

    /** The words of the kernel's command line that change what is measured; the others are nobody's business. */
    private static String measuredParameters(String commandLine) {
        return commandLine == null
                ? null
                : Arrays.stream(commandLine.split(" "))
                        .filter(word -> MEASURED_PARAMETERS.contains(word.replaceFirst("[=.].*", "")))
                        .collect(Collectors.joining(" "));
    }

    private static final Path CPU_DIRECTORY = Path.of("/sys/devices/system/cpu");

    private HostFacts() {}

    /** Facts about hardware and kernel, by name. */
    public static Map<String, String> host() {
        Map<String, String> facts = new TreeMap<>();
        put(facts, "processor", field("/proc/cpuinfo", "model name"));
        put(facts, "microcode", field("/proc/cpuinfo", "microcode"));
        NODE_VARIABLES.forEach(name -> put(facts, NODE, System.getenv(name)));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        put(facts, "memory", field("/proc/meminfo", "MemTotal"));
        put(facts, "kernel", line("/proc/sys/kernel/osrelease"));
        put(facts, "kernel parameters", measuredParameters(line("/proc/cmdline")));
        put(facts, "distribution", distribution());
        put(facts, "clock source", line("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
        put(
                facts,
                "governor",
                line(CPU_DIRECTORY.resolve("cpu0/cpufreq/scaling_governor").toString()));
        put(
                facts,
                "simultaneous multithreading",
                line(CPU_DIRECTORY.resolve("smt/active").toString()));
        put(facts, "mitigation of spectre_v2", line(CPU_DIRECTORY + "/vulnerabilities/spectre_v2"));
        facts.put("virtualized", field("/proc/cpuinfo", "flags").contains(" hypervisor") ? "yes" : "no");
        facts.put("control groups", Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "v2" : "v1");
        facts.put("pinning", "none: client, hypervisor and guest share all cores");
        return facts;
    }

    /** Versions of the programs that take part, by name; those that are not installed are left out. */
    public static Map<String, String> versions() throws InterruptedException {
        Map<String, String> versions = new TreeMap<>();
        versions.put("java", java());
        put(versions, "qemu", Output.firstLine("qemu-system-x86_64", "--version"));
        put(versions, "gcc", Output.firstLine("gcc", "--version"));
        put(versions, "docker", Output.firstLine("docker", "--version"));
        put(versions, "crun", Output.firstLine("crun", "--version"));
        put(versions, "runc", Output.firstLine("runc", "--version"));
        return versions;
    }

    /** Vendor and version of this Java. */
    static String java() {
        return System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version");
    }

    /** Of the last minute, or 0 where it is not known. */
    public static double loadAverage() {
        String text = line("/proc/loadavg");
        return text == null ? 0 : Double.parseDouble(text.split(" ")[0]);
    }

    private static String distribution() {
        String name = field("/etc/os-release", "PRETTY_NAME");
        return name.replace("\"", "");
    }

    private static void put(Map<String, String> facts, String name, String value) {
        if (value != null && !value.isBlank()) {
            facts.put(name, value);
        }
    }

    private static String line(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return null;
        }
    }

    /** The value behind the first {@code name:} or {@code name=}, or an empty text. */
    private static String field(String file, String name) {
        String text = line(file);
        return text == null
                ? ""
                : text.lines()
                        .filter(line -> line.matches(name + "\\s*[:=].*"))
                        .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", ""))
                        .findFirst()
                        .orElse("");
    }
}
