// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;

/** Requests a second for a small page over 30 keep-alive connections, and what one of them costs. */
final class HttpThroughput implements Experiment {
    private static final int CONNECTIONS = 30;

    @Override
    public String name() {
        return "http-throughput";
    }

    @Override
    public String description() {
        return "requests a second and guest instructions a request: 612-byte page, 30 keep-alive connections";
    }

    @Override
    public boolean isPrincipal() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double seconds = LoadedExperiments.seconds(effort);
        return List.of(
                new Kind(Kind.TIMED, Site.PAGE, InstructionCounter.Mode.OFF, effort.repetitions(), seconds),
                new Kind(
                        Kind.COUNTED,
                        Site.PAGE,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        seconds + 1));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Outcome outcome = measure(kind, system, bench, Map.of(), "closed");
        if (Mitigations.matter(system, bench)) {
            outcome.add(Mitigations.OFF_PREFIX, measure(kind, system, bench, Mitigations.OFF, "unmitigated"));
        }
        return List.of(outcome.parameter("connections", CONNECTIONS).file("console", bench.relative("console.txt")));
    }

    private Outcome measure(Kind kind, SystemUnderTest system, Bench bench, Map<String, String> variant, String label)
            throws Rejected, IOException, InterruptedException {
        try (Running running = bench.start(system, kind.counting(), 0, variant)) {
            running.awaitAnswer(kind.subject().probe());
            LoadPlan plan = new LoadPlan(running.instance().address(), Site.PAGE.requests(), CONNECTIONS);
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                LoadedExperiments.warmUp(generator, running, bench);
                LoadPhase phase = LoadPhase.closed(bench.effort().measured());
                return kind.counting() == InstructionCounter.Mode.OFF
                        ? SteadyLoad.measure(generator, phase, running, bench, label)
                        : counted(generator, phase, running, bench);
            }
        }
    }

    /** Our own applications also say what a request takes from the garbage-collected heap. */
    private Outcome counted(LoadGenerator generator, LoadPhase phase, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        HeapAccount before = HeapAccount.read(running.instance().address());
        Outcome outcome = Counting.perRequest(generator, phase, running, bench);
        if (before != null) {
            HeapAccount after = HeapAccount.read(running.instance().address());
            if (after == null) {
                throw new Rejected(running.failure("its metrics page has gone"));
            }
            outcome.value("heap_bytes_per_request", after.bytesPerRequestSince(before));
        }
        return outcome;
    }
}
