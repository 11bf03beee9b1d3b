// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.KvRequests;
import org.unimark.workloads.load.LoadPlan;

/**
 * Requests a second of the mixes of YCSB (Cooper et al., 2010), of reads and of writes, for values of several sizes, and what
 * one request of them costs.
 */
final class KvMix implements Experiment {
    private static final int CONNECTIONS = 30;
    private static final int[] PIPELINES = {1, 16};
    private static final double FILL_SECONDS = 3;

    /** Shares of reads, and which keys are asked for. */
    private enum Mix {
        A(0.5, KvRequests.Order.ZIPFIAN),
        B(0.95, KvRequests.Order.ZIPFIAN),
        C(1, KvRequests.Order.ZIPFIAN),
        GET(1, KvRequests.Order.UNIFORM),
        SET(0, KvRequests.Order.UNIFORM);

        private final double readShare;
        private final KvRequests.Order order;

        Mix(double readShare, KvRequests.Order order) {
            this.readShare = readShare;
            this.order = order;
        }
    }

    @Override
    public String name() {
        return "kv-mix";
    }

    @Override
    public String description() {
        return "YCSB's mixes A, B and C (zipfian keys), GETs and SETs a second and instructions each, 3 B to 10 KB";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        int settings = Mix.values().length * PIPELINES.length;
        double seconds = settings * LoadedExperiments.seconds(effort) + FILL_SECONDS;
        List<Kind> kinds = new ArrayList<>();
        for (int valueBytes : KvLoad.VALUE_BYTES) {
            kinds.add(new Kind(
                    Kind.TIMED + "-" + valueBytes,
                    Store.OFF,
                    InstructionCounter.Mode.OFF,
                    effort.sweepRepetitions(),
                    seconds));
            kinds.add(new Kind(
                    Kind.COUNTED + "-" + valueBytes,
                    Store.OFF,
                    InstructionCounter.Mode.INSTRUCTIONS,
                    effort.countedRepetitions(),
                    seconds + settings));
        }
        return kinds;
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        long start = System.nanoTime();
        int valueBytes = Integer.parseInt(kind.name().substring(kind.name().indexOf('-') + 1));
        long keys = KvLoad.keys(bench.effort(), valueBytes);
        Outcome all = Outcome.of(0)
                .parameter("connections", CONNECTIONS)
                .parameter("value_bytes", valueBytes)
                .parameter("keys", keys)
                .parameter("durability", Store.OFF.durability())
                .file("console", bench.relative("console.txt"));
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            KvLoad.fill(running, keys, valueBytes, bench);
            for (Mix mix : Mix.values()) {
                KvRequests requests = new KvRequests(keys, valueBytes, mix.readShare, mix.order, true);
                for (int pipeline : PIPELINES) {
                    LoadPlan plan =
                            new LoadPlan(running.instance().address(), requests, CONNECTIONS).withPipeline(pipeline);
                    String setting = mix.name().toLowerCase(Locale.ROOT) + "_p" + pipeline;
                    LoadedExperiments.measure(setting, plan, kind, running, bench, all);
                }
            }
        }
        return List.of(all.lasting((System.nanoTime() - start) / 1e9));
    }
}
