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
import org.unimark.baselines.Operations;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/** Guest instructions of four operations that are system calls on Linux and calls in Keel. */
final class PrivilegeTransitions implements Experiment {
    private static final Subject PROGRAMS = new SelfContained(new Operations());
    /** In the order of the marks around them. */
    private static final List<String> OPERATIONS = List.of("null", "read", "poll", "switch");

    private static final int FIRST_MARK = 2;
    private static final Pattern COUNTS =
            Pattern.compile("^" + Operations.COUNTS + "(\\d+) read=(\\d+) poll=(\\d+) switch=(\\d+)\\s*$");

    @Override
    public String name() {
        return "privilege-transitions";
    }

    @Override
    public String description() {
        return "guest instructions of a null system call, a one-byte read, a poll and a context switch, against calls";
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(new Kind(
                Kind.COUNTED,
                PROGRAMS,
                InstructionCounter.Mode.INSTRUCTIONS,
                effort.countedRepetitions(),
                effort.thorough() ? 10 : 1));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Outcome outcome = count(kind, system, bench, Map.of());
        if (Mitigations.matter(system, bench)) {
            outcome.add(Mitigations.OFF_PREFIX, count(kind, system, bench, Mitigations.OFF));
        }
        return List.of(outcome.context("counted", 1).file("console", bench.relative("console.txt")));
    }

    private static Outcome count(Kind kind, SystemUnderTest system, Bench bench, Map<String, String> variant)
            throws Rejected, IOException, InterruptedException {
        try (Running running = bench.start(system, kind.counting(), 0, variant)) {
            running.awaitEnd(Duration.ofSeconds(2L * bench.bootTimeoutSeconds()));
            String console = Files.readString(bench.file("console.txt"), StandardCharsets.ISO_8859_1);
            long[] counts = counts(console, running);
            long nanos = System.nanoTime() - running.instance().launchedNanos();
            Outcome outcome = Outcome.of(nanos / 1e9);
            InstructionCounter.Mark begin = running.mark(FIRST_MARK);
            for (int i = 0; i < OPERATIONS.size(); i++) {
                InstructionCounter.Mark end = running.mark(FIRST_MARK + i + 1);
                if (end.total() <= begin.total()) {
                    throw new Rejected(running.failure("an operation without instructions: the counter is broken"));
                }
                outcome.value(OPERATIONS.get(i) + "_instructions", (double) (end.total() - begin.total()) / counts[i])
                        .value(
                                OPERATIONS.get(i) + "_kernel_instructions",
                                (double) (end.kernel() - begin.kernel()) / counts[i]);
                begin = end;
            }
            return outcome;
        }
    }

    /** How often each operation was made, from the only line that says so. */
    private static long[] counts(String console, Running running) throws Rejected {
        List<String> lines = console.lines().toList();
        if (lines.stream().filter(line -> line.strip().equals(Operations.RIGHT)).count() != 1) {
            throw new Rejected(running.failure("its results were not right, or it did not end"));
        }
        List<Matcher> matches =
                lines.stream().map(COUNTS::matcher).filter(Matcher::matches).toList();
        if (matches.size() != 1) {
            throw new Rejected(running.failure("it printed its counts " + matches.size() + " times"));
        }
        long[] counts = new long[OPERATIONS.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Long.parseLong(matches.get(0).group(i + 1));
            if (counts[i] <= 0) {
                throw new Rejected(running.failure("it made no " + OPERATIONS.get(i)));
            }
        }
        return counts;
    }
}
