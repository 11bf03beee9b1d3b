// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.KvRequests;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPlan;

/** Latency of the mixes A, B and C of YCSB (Cooper et al., 2010) at rates that are the same for every system. */
final class KvLatency implements Experiment {
    private static final int CONNECTIONS = 30;
    /** Shares of reads. */
    private enum Mix {
        A(0.5),
        B(0.95),
        C(1);

        private final double readShare;

        Mix(double readShare) {
            this.readShare = readShare;
        }
    }

    @Override
    public String name() {
        return "kv-latency";
    }

    @Override
    public String description() {
        return "latency percentiles of YCSB's mixes A, B and C at fixed rates, open loop, zipfian keys, 3 B to 10 KB";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        List<Kind> kinds = new ArrayList<>();
        double seconds = LoadedExperiments.seconds(effort)
                * Mix.values().length
                * effort.latencyRates().size();
        for (int valueBytes : KvLoad.VALUE_BYTES) {
            kinds.add(new Kind(
                    Kind.TIMED + "-" + valueBytes,
                    Store.OFF,
                    InstructionCounter.Mode.OFF,
                    effort.sweepRepetitions(),
                    seconds));
        }
        return kinds;
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        int valueBytes = Integer.parseInt(kind.name().substring(Kind.TIMED.length() + 1));
        long keys = KvLoad.keys(bench.effort(), valueBytes);
        List<Outcome> outcomes = new ArrayList<>();
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            KvLoad.fill(running, keys, valueBytes, bench);
            for (Mix mix : Mix.values()) {
                KvRequests requests = new KvRequests(keys, valueBytes, mix.readShare, KvRequests.Order.ZIPFIAN, true);
                LoadPlan plan = new LoadPlan(running.instance().address(), requests, CONNECTIONS);
                try (LoadGenerator generator = new LoadGenerator(plan)) {
                    LoadedExperiments.warmUp(generator, running, bench);
                    for (int rate : bench.effort().latencyRates()) {
                        String setting = mix + "-" + valueBytes + "-" + rate;
                        outcomes.add(OpenLoop.atRate(generator, rate, setting, running, bench)
                                .parameter("rate", rate)
                                .parameter("mix", mix)
                                .parameter("value_bytes", valueBytes)
                                .parameter("keys", keys)
                                .parameter("durability", Store.OFF.durability()));
                    }
                }
            }
        }
        return outcomes;
    }
}
