// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

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
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            LoadPlan plan = new LoadPlan(running.instance().address(), Site.PAGE.requests(), CONNECTIONS);
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                LoadChecks.require(generator.run(LoadPhase.closed(bench.effort().warmUp())), running, generator, bench);
                LoadPhase phase = LoadPhase.closed(bench.effort().measured());
                Outcome outcome = kind.counting() == InstructionCounter.Mode.OFF
                        ? timed(generator, phase, running, bench)
                        : counted(generator, phase, running, bench);
                return List.of(
                        outcome.parameter("connections", CONNECTIONS).file("console", bench.relative("console.txt")));
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

    private Outcome timed(LoadGenerator generator, LoadPhase phase, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        ProcessorTime processor = new ProcessorTime(running.instance());
        LoadResult result = SteadyLoad.run(generator, phase);
        double cores = processor.cores();
        LoadChecks.require(result, running, generator, bench);
        Outcome outcome = Outcome.of(result.intervalSeconds())
                .value("requests_per_second", result.requestsPerSecond())
                .value("p50_ms", result.latency().getValueAtPercentile(50) / 1e6)
                .value("p99_ms", result.latency().getValueAtPercentile(99) / 1e6)
                .context("system_cores", cores);
        LoadChecks.describe(result, outcome);
        SteadyLoad.describe(result, bench, outcome);
        LoadedExperiments.histogram(result, bench, "closed", outcome);
        return outcome;
    }
}
