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

/** Bodies of 1 MiB, one after another, on one connection. */
final class HttpBulk implements Experiment {
    @Override
    public String name() {
        return "http-bulk";
    }

    @Override
    public String description() {
        return "megabytes a second over one connection with bodies of 1 MiB";
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return LoadedExperiments.timedAndCounted(Site.BULK, effort, 1, 0);
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            LoadPlan plan = new LoadPlan(running.instance().address(), Site.BULK.requests(), 1);
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                LoadedExperiments.warmUp(generator, running, bench);
                LoadPhase phase = LoadPhase.closed(bench.effort().measured());
                Outcome outcome = kind.counting() == InstructionCounter.Mode.OFF
                        ? timed(generator, phase, running, bench)
                        : Counting.perRequest(generator, phase, running, bench);
                return List.of(outcome.parameter("connections", 1)
                        .parameter("body_bytes", Site.BULK.body().length)
                        .file("console", bench.relative("console.txt")));
            }
        }
    }

    private static Outcome timed(LoadGenerator generator, LoadPhase phase, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        ProcessorTime processor = new ProcessorTime(running.instance());
        LoadResult result = SteadyLoad.run(generator, phase);
        double cores = processor.cores();
        LoadChecks.require(result, running, generator, bench);
        Outcome outcome = describe(result, generator.plan()).context("system_cores", cores);
        SteadyLoad.describe(result, bench, "bulk", outcome);
        return outcome;
    }

    static Outcome describe(LoadResult result, LoadPlan plan) {
        double seconds = result.answeringSeconds(plan.connections());
        Outcome outcome = Outcome.of(seconds)
                .value("megabytes_per_second", result.completed() * (double) Site.BULK.body().length / 1e6 / seconds);
        return LoadChecks.judge(result, outcome);
    }
}
