// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** The smallest memory with which a system answers 1,000 requests correctly, found by bisection. */
final class MemoryFloor implements Experiment {
    private static final int REQUESTS = 1_000;
    private static final int CONNECTIONS = 30;
    private static final int START_MIB = 256;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** A system that is short of memory gets so many times as long as it took with enough, and two seconds. */
    private static final int PATIENCE = 2;

    private final String name;
    private final Subject subject;

    /** The experiment called {@code name}, on systems that offer {@code subject}. */
    MemoryFloor(String name, Subject subject) {
        this.name = name;
        this.subject = subject;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "smallest memory with which " + subject.application() + " systems answer 1,000 requests correctly";
    }

    @Override
    public boolean isExtensive() {
        return subject != Site.PAGE;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return effort.memoryRepetitions() == 0
                ? List.of()
                : List.of(new Kind("search", subject, InstructionCounter.Mode.OFF, effort.memoryRepetitions(), 30));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        long start = System.nanoTime();
        int works = Math.max(START_MIB, subject.memoryMib());
        String problem = problem(system, works, bench);
        if (problem != null) {
            throw new Rejected(system.name() + ": it does not even serve with " + works + " MiB: " + problem);
        }
        double firstSeconds = (System.nanoTime() - start) / 1e9;
        int patienceSeconds = (int) Math.ceil(2 + PATIENCE * firstSeconds);
        Bench patient = bench.withBootTimeout(Math.min(bench.bootTimeoutSeconds(), patienceSeconds));
        int fails = 0;
        int steps = 1;
        while (works - fails > resolution(works, bench.effort())) {
            // Systems differ by powers of ten: first halve the memory, then the interval.
            int middle = fails == 0 ? works / 2 : (works + fails) / 2;
            steps++;
            if (problem(system, middle, patient) == null) {
                works = middle;
            } else {
                fails = middle;
            }
        }
        return List.of(Outcome.of((System.nanoTime() - start) / 1e9)
                .value("minimum_mib", works)
                .context("fails_with_mib", fails)
                .context("steps", steps)
                .file("console", bench.relative("console.txt")));
    }

    private static int resolution(int mib, Effort effort) {
        return Math.max(1, (int) (mib * effort.memoryResolution()));
    }

    /** Why it does not serve with so much memory, or null if it does. */
    private String problem(SystemUnderTest system, int mib, Bench bench) throws InterruptedException {
        try (Running running = bench.start(system, InstructionCounter.Mode.OFF, mib)) {
            running.awaitAnswer(subject.probe());
            LoadPlan plan = new LoadPlan(running.instance().address(), subject.requests(), CONNECTIONS);
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                LoadResult result = generator.run(LoadPhase.requests(REQUESTS, LIMIT));
                return result.errorCount() == 0 && result.completed() == REQUESTS
                        ? null
                        : result.completed() + " of " + REQUESTS + " answers came, and these errors: "
                                + result.errors();
            }
        } catch (Rejected | IOException e) {
            // Too little memory is what this looks for, be it refused by the system itself or by who starts it. With
            // enough of it the first step would have failed, too.
            return e.getMessage();
        }
    }
}
