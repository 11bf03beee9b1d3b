// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/**
 * From the execution of the hypervisor, or of the container client, to the first correct answer: the same clock and the same
 * end points for every system.
 */
final class BootLatency implements Experiment {
    private static final double NANOS_PER_MILLI = 1e6;

    private final String name;
    private final Subject subject;

    /** The experiment called {@code name}, on systems that offer {@code subject}. */
    BootLatency(String name, Subject subject) {
        this.name = name;
        this.subject = subject;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "time from launch to the first correct answer of " + subject.application()
                + " systems, and guest instructions until they listen";
    }

    /** An image with the SQL server takes long to build. */
    @Override
    public boolean isPrincipal() {
        return subject == Site.PAGE;
    }

    @Override
    public boolean isExtensive() {
        return subject == Database.DISK;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(
                new Kind(Kind.TIMED, subject, InstructionCounter.Mode.MARKS, effort.bootRepetitions(), 0.2),
                new Kind(
                        Kind.COUNTED, subject, InstructionCounter.Mode.INSTRUCTIONS, effort.countedRepetitions(), 0.2));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        try (Running running = bench.start(system, kind.counting(), subject.memoryMib())) {
            long answered = running.awaitAnswer(kind.subject().probe());
            long launched = running.instance().launchedNanos();
            Outcome outcome = Outcome.of((answered - launched) / 1e9).file("console", bench.relative("console.txt"));
            if (kind.counting() == InstructionCounter.Mode.INSTRUCTIONS) {
                instructions(running, outcome);
            } else {
                outcome.value("first_response_ms", (answered - launched) / NANOS_PER_MILLI);
                if (running.instance().counter() != null) {
                    phases(running, answered, outcome);
                }
            }
            return List.of(outcome);
        }
    }

    private static void phases(Running running, long answered, Outcome outcome) throws Rejected {
        InstructionCounter counter = running.counter();
        InstructionCounter.Mark entered = counter.mark(InstructionCounter.ENTRY_MARK);
        InstructionCounter.Mark listening = counter.mark(InstructionCounter.LISTENING_MARK);
        long launched = running.instance().launchedNanos();
        long first = counter.read().firstNanos();
        long entry = entered == null ? first : entered.nanos();
        if (launched > first || first > entry || entry > listening.nanos() || listening.nanos() > answered) {
            throw new Rejected(running.failure("the marks of its boot are not in order"));
        }
        outcome.value("vmm_to_entry_ms", (entry - launched) / NANOS_PER_MILLI)
                .value("entry_to_listening_ms", (listening.nanos() - entry) / NANOS_PER_MILLI)
                .value("listening_to_response_ms", (answered - listening.nanos()) / NANOS_PER_MILLI)
                .context("vmm_ms", (first - launched) / NANOS_PER_MILLI)
                .context("firmware_ms", (entry - first) / NANOS_PER_MILLI);
    }

    private static void instructions(Running running, Outcome outcome) throws Rejected {
        InstructionCounter counter = running.counter();
        InstructionCounter.Mark entered = counter.mark(InstructionCounter.ENTRY_MARK);
        InstructionCounter.Mark listening = counter.mark(InstructionCounter.LISTENING_MARK);
        long before = entered == null ? 0 : entered.total();
        if (listening.total() <= before) {
            throw new Rejected(running.failure("it listened before it executed anything"));
        }
        outcome.value("instructions_to_listening", listening.total() - before)
                .context("counted", 1)
                .context("firmware_instructions", before)
                .context("string_iterations", counter.read().stringIterations());
    }
}
