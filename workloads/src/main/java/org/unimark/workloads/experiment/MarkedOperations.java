// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.unimark.baselines.Operations;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/** Guest instructions of operations that a program makes many times each, between marks. */
final class MarkedOperations implements Experiment {
    private static final int FIRST_MARK = 2;

    private final String name;
    private final String description;
    private final Operations work;
    private final boolean crossesPrivileges;

    private MarkedOperations(String name, String description, Operations work, boolean crossesPrivileges) {
        this.name = name;
        this.description = description;
        this.work = work;
        this.crossesPrivileges = crossesPrivileges;
    }

    /** Four operations that are system calls on Linux and calls in Keel. */
    static MarkedOperations privilegeTransitions() {
        return new MarkedOperations(
                "privilege-transitions",
                "guest instructions of a null system call, a one-byte read, a poll and a context switch, against calls",
                Operations.TRANSITIONS,
                true);
    }

    /** Keel's own parts, which 'unimark micro' also times on a JVM. */
    static MarkedOperations parts() {
        return new MarkedOperations(
                "parts",
                "guest instructions of Keel's own parts: checksum, TCP exchange, HTTP head, RESP command, lookup, timer",
                Operations.PARTS,
                false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean isExtensive() {
        return !crossesPrivileges;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(new Kind(
                Kind.COUNTED,
                new SelfContained(work),
                InstructionCounter.Mode.INSTRUCTIONS,
                effort.countedRepetitions(),
                effort.thorough() ? 10 : 1));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Outcome outcome = count(kind, system, bench, Map.of());
        if (crossesPrivileges && Mitigations.matter(system, bench)) {
            outcome.add(Mitigations.OFF_PREFIX, count(kind, system, bench, Mitigations.OFF));
        }
        return List.of(outcome.context("counted", 1).file("console", bench.relative("console.txt")));
    }

    private Outcome count(Kind kind, SystemUnderTest system, Bench bench, Map<String, String> variant)
            throws Rejected, IOException, InterruptedException {
        try (Running running = bench.start(system, kind.counting(), 0, variant)) {
            running.awaitEnd(Duration.ofSeconds(2L * bench.bootTimeoutSeconds()));
            String console = Files.readString(bench.file("console.txt"), StandardCharsets.ISO_8859_1);
            long[] counts = counts(console, running);
            long nanos = System.nanoTime() - running.instance().launchedNanos();
            Outcome outcome = Outcome.of(nanos / 1e9);
            InstructionCounter.Mark begin = running.mark(FIRST_MARK);
            for (int i = 0; i < counts.length; i++) {
                InstructionCounter.Mark end = running.mark(FIRST_MARK + i + 1);
                if (end.total() <= begin.total()) {
                    throw new Rejected(running.failure("an operation without instructions: the counter is broken"));
                }
                String operation = work.operations().get(i);
                outcome.value(operation + "_instructions", (double) (end.total() - begin.total()) / counts[i]);
                if (crossesPrivileges) {
                    double kernel = (double) (end.kernel() - begin.kernel()) / counts[i];
                    outcome.value(operation + "_kernel_instructions", kernel);
                }
                begin = end;
            }
            return outcome;
        }
    }

    /** How often each operation was made, from the only line that says so. */
    private long[] counts(String console, Running running) throws Rejected {
        List<String> lines = console.lines().map(String::strip).toList();
        if (lines.stream().filter(work.right()::equals).count() != 1) {
            throw new Rejected(running.failure("its results were not right, or it did not end"));
        }
        String pattern = work.operations().stream()
                .map(each -> each + "=(\\d+)")
                .collect(Collectors.joining(" ", work.label() + " ", ""));
        List<Matcher> matches = lines.stream()
                .map(Pattern.compile(pattern)::matcher)
                .filter(Matcher::matches)
                .toList();
        if (matches.size() != 1) {
            throw new Rejected(running.failure("it printed its counts " + matches.size() + " times"));
        }
        long[] counts = new long[work.operations().size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Long.parseLong(matches.get(0).group(i + 1));
            if (counts[i] <= 0) {
                throw new Rejected(
                        running.failure("it made no " + work.operations().get(i)));
            }
        }
        return counts;
    }
}
