// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.workloads.load.KvRequests;
import org.unimark.workloads.load.LoadPlan;

/** GETs and SETs a second over 30 connections, one at a time and sixteen at a time, and what one of them costs. */
final class KvThroughput implements Experiment {
    private static final int CONNECTIONS = 30;
    private static final int VALUE_BYTES = 3;
    private static final int[] PIPELINES = {1, 16};
    private static final int SETTINGS = 4;
    private static final double FILL_SECONDS = 1;

    @Override
    public String name() {
        return "kv-throughput";
    }

    @Override
    public String description() {
        return "GETs and SETs a second and guest instructions each: 3-byte values, 30 connections, pipelines of 1 and 16";
    }

    @Override
    public boolean isPrincipal() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return LoadedExperiments.timedAndCounted(Store.OFF, effort, SETTINGS, FILL_SECONDS);
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        long start = System.nanoTime();
        Outcome all = Outcome.of(0)
                .parameter("connections", CONNECTIONS)
                .parameter("value_bytes", VALUE_BYTES)
                .parameter("keys", bench.effort().keys())
                .parameter("durability", Store.OFF.durability())
                .file("console", bench.relative("console.txt"));
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            KvLoad.fill(running, bench.effort().keys(), VALUE_BYTES, bench);
            for (int pipeline : PIPELINES) {
                measure("set_p" + pipeline, 0, pipeline, kind, running, bench, all);
                measure("get_p" + pipeline, 1, pipeline, kind, running, bench, all);
            }
        }
        return List.of(all.lasting((System.nanoTime() - start) / 1e9));
    }

    private static void measure(
            String name, double readShare, int pipeline, Kind kind, Running running, Bench bench, Outcome all)
            throws Rejected, IOException, InterruptedException {
        KvRequests requests =
                new KvRequests(bench.effort().keys(), VALUE_BYTES, readShare, KvRequests.Order.UNIFORM, true);
        LoadPlan plan = new LoadPlan(running.instance().address(), requests, CONNECTIONS).withPipeline(pipeline);
        LoadedExperiments.measure(name, plan, kind, running, bench, all);
    }
}
