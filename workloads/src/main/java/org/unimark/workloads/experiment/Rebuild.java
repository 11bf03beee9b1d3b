// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Probe;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.hypervisor.Monitor;

/** How long a changed line takes to be served, and whether what runs could have been changed instead. */
final class Rebuild implements Experiment {
    private static final String SEALED = "sealed";
    private static final String CONFIGURATION = Kind.TIMED + "-configuration";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String MARKER = "One page";
    private static final List<String> SHELLS = List.of("bin/sh", "bin/bash", "bin/dash", "bin/busybox", "usr/bin/sh");

    @Override
    public String name() {
        return "rebuild";
    }

    @Override
    public String description() {
        return "time from a changed line of content or configuration to a new system that serves it; pages both writable and executable";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(
                new Kind(Kind.TIMED, Site.PAGE, InstructionCounter.Mode.OFF, effort.otherRepetitions(), 15),
                new Kind(CONFIGURATION, Site.PAGE, InstructionCounter.Mode.OFF, effort.otherRepetitions(), 5),
                new Kind(SEALED, Site.PAGE, InstructionCounter.Mode.OFF, effort.countedRepetitions(), 2));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Outcome outcome = switch (kind.name()) {
            case SEALED -> sealed(kind, system, bench);
            case CONFIGURATION -> configured(kind, system, bench);
            default -> changed(kind, system, bench);
        };
        return outcome == null ? List.of() : List.of(outcome.file("console", bench.relative("console.txt")));
    }

    /** One line of the page differs, each time in another way, so that nothing built before is of use. */
    private static Outcome changed(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Path parent = bench.file("site");
        Path directory = Site.PAGE.write(parent);
        Path configuration = Site.writeConfiguration(parent);
        Path page = directory.resolve("index.html");
        String text = new String(Site.PAGE.body(), StandardCharsets.US_ASCII);
        String line = Long.toHexString(System.nanoTime()) + " page";
        Files.writeString(page, text.replaceFirst(MARKER, line));
        HttpSite site = new HttpSite(directory, configuration);
        Outcome outcome = rebuilt(site, site.probe(), kind, system, bench);
        if (outcome == null) {
            throw new Rejected(system.name() + ": what is deployed does not have the changed line");
        }
        return outcome;
    }

    /**
     * One line of the configuration differs, a field that every answer carries. Null for systems that have a configuration of
     * their own: what they are made of is the same.
     */
    private static Outcome configured(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Path parent = bench.file("site");
        Path directory = Site.PAGE.write(parent);
        Path configuration = Site.writeConfiguration(parent);
        String field = "X-Changed: " + Long.toHexString(System.nanoTime());
        Files.writeString(configuration, "header." + field.replace(':', '=') + "\n", StandardOpenOption.APPEND);
        HttpSite site = new HttpSite(directory, configuration);
        Outcome outcome = rebuilt(site, new WithField(site.probe(), field), kind, system, bench);
        return outcome == null ? null : Outcome.of(outcome.durationSeconds()).add("configuration_", outcome);
    }

    /** Null if what is deployed has not changed with {@code site}. */
    private static Outcome rebuilt(HttpSite site, Probe probe, Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        long start = System.nanoTime();
        SystemUnderTest next = system.another(site, 0);
        next.prepare();
        double build = (System.nanoTime() - start) / NANOS_PER_MILLI;
        if (next.footprint().sha256().equals(system.footprint().sha256())) {
            return null;
        }
        long deploy = System.nanoTime();
        try (Running running = bench.start(next, kind.counting())) {
            double run = (running.awaitAnswer(probe) - deploy) / NANOS_PER_MILLI;
            return Outcome.of((build + run) / 1e3)
                    .value("change_to_answer_ms", build + run)
                    .value("build_ms", build)
                    .value("start_ms", run);
        }
    }

    /** An answer that is right only with a field in its head. */
    private record WithField(Probe page, String field) implements Probe {
        @Override
        public byte[] request() {
            return page.request();
        }

        @Override
        public Verdict judge(byte[] received, int length) {
            Verdict verdict = page.judge(received, length);
            String answer = new String(received, 0, length, StandardCharsets.US_ASCII);
            return verdict == Verdict.CORRECT && !answer.contains("\r\n" + field + "\r\n") ? Verdict.WRONG : verdict;
        }
    }

    private static Outcome sealed(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Path socket = bench.socketDirectory().resolve("monitor");
        try (Running running = bench.start(system, kind.counting(), 0, Map.of(Hypervisor.MONITOR, socket.toString()))) {
            running.awaitAnswer(kind.subject().probe());
            if (!Files.exists(socket)) {
                return container(running.instance());
            }
            Outcome outcome = guest(socket, running);
            Long shells = system.code().facts().get("shells");
            return shells == null ? outcome : outcome.value("shells", shells);
        }
    }

    /** By the page tables that the guest's processor uses now: whole pages, whatever their size. */
    private static Outcome guest(Path socket, Running running) throws Rejected, IOException {
        try (Monitor monitor = new Monitor(socket)) {
            PageCount pages = PageCount.ofTables(monitor.ask("info tlb"));
            if (pages.executable() == 0 || pages.writable() == 0) {
                throw new Rejected(running.failure("its page tables make no sense"));
            }
            return describe(pages);
        }
    }

    /** By the mappings of its processes, and by what its root file system has and allows. */
    private static Outcome container(Instance instance) throws Rejected, IOException {
        PageCount pages = new PageCount(0, 0, 0);
        long[] processes = instance.processIds();
        if (processes.length == 0) {
            throw new Rejected("its processes cannot be seen from here");
        }
        for (long process : processes) {
            pages = pages.plus(PageCount.ofMappings(
                    Files.readAllLines(Path.of("/proc", Long.toString(process), "maps"), StandardCharsets.UTF_8)));
        }
        Path root = Path.of("/proc", Long.toString(processes[0]), "root");
        return describe(pages)
                .value("writable_file_systems", isWritable(root) ? 1 : 0)
                .value(
                        "shells",
                        SHELLS.stream()
                                .filter(shell -> Files.exists(root.resolve(shell)))
                                .count());
    }

    private static Outcome describe(PageCount pages) {
        return Outcome.of(0)
                .value("writable_executable_pages", pages.both())
                .value("writable_pages", pages.writable())
                .value("executable_pages", pages.executable());
    }

    private static boolean isWritable(Path root) {
        try {
            Files.delete(Files.createTempFile(root, "unimark", ".probe"));
            return true;
        } catch (IOException sealed) {
            return false;
        }
    }
}
