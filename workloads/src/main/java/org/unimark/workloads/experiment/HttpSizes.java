// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** Throughput and instructions against the size of the response. */
final class HttpSizes implements Experiment {
    private static final int CONNECTIONS = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "http-sizes";
    }

    @Override
    public String description() {
        return "throughput and instructions a response against its size, 64 B to 10 MB, 4 connections";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double seconds = SizedSite.SIZES.size() * LoadedExperiments.seconds(effort);
        return List.of(
                new Kind(Kind.TIMED, SizedSite.ALL, InstructionCounter.Mode.OFF, effort.sweepRepetitions(), seconds),
                new Kind(
                        Kind.COUNTED,
                        SizedSite.ALL,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        2 * seconds));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            for (int bytes : SizedSite.SIZES) {
                LoadPlan plan = new LoadPlan(running.instance().address(), SizedSite.exchange(bytes), CONNECTIONS)
                        .withRequestTimeout(TIMEOUT);
                try (LoadGenerator generator = new LoadGenerator(plan)) {
                    LoadedExperiments.warmUp(generator, running, bench);
                    LoadPhase phase = LoadPhase.closed(bench.effort().measured());
                    Outcome outcome = kind.counting() == InstructionCounter.Mode.OFF
                            ? timed(generator, phase, running, bench)
                            : Counting.perRequest(generator, phase, running, bench);
                    outcomes.add(outcome.parameter("body_bytes", bytes).file("console", bench.relative("console.txt")));
                }
            }
        }
        return outcomes;
    }

    /** Until the last body is complete. */
    static Outcome timed(LoadGenerator generator, LoadPhase phase, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        ProcessorTime processor = new ProcessorTime(running.instance());
        LoadResult result = generator.run(phase);
        double cores = processor.cores();
        LoadChecks.require(result, running, generator, bench);
        return describe(result, generator.plan()).context("system_cores", cores);
    }

    static Outcome describe(LoadResult result, LoadPlan plan) {
        double requests = result.completed() / result.answeringSeconds(plan.connections());
        Outcome outcome = Outcome.of(result.totalSeconds())
                .value("requests_per_second", requests)
                .value("megabytes_per_second", requests * plan.protocol().bodyBytes() / 1e6)
                .value("p50_ms", result.latency().getValueAtPercentile(50) / 1e6)
                .value("p99_ms", result.latency().getValueAtPercentile(99) / 1e6);
        return LoadChecks.judge(result, outcome);
    }
}
