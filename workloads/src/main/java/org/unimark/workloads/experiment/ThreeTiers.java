// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.FrontTier;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Readiness;
import org.unimark.baselines.Service;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.HttpItems;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;
import org.unimark.workloads.load.Protocol;
import org.unimark.workloads.load.SqlMix;

/** A web front, its cache and its store, each in a machine or container of its own: latency, rate, and the cost of each tier. */
final class ThreeTiers implements Experiment {
    private static final int FRONT_HOST = 40;
    private static final int CACHE_HOST = 41;
    private static final int STORE_HOST = 42;
    private static final int CONNECTIONS = 30;
    private static final int ROWS = 1_000;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SECONDS = 25;
    private static final Duration IDLE = Duration.ofMillis(500);

    /** The front, with the addresses of the other two sealed in. */
    private static final Subject FRONT = new Subject() {
        private final FrontTier service = new FrontTier(CACHE_HOST, STORE_HOST);

        @Override
        public String label() {
            return service.label();
        }

        @Override
        public String application() {
            return service.application();
        }

        @Override
        public Probe probe() {
            return service.probe();
        }

        @Override
        public Protocol requests() {
            return new HttpItems(new SqlMix(ROWS).items());
        }

        @Override
        public Service service(Path directory) {
            return service;
        }
    };

    /** One tier, and what its counter said at the start of an interval. */
    private record Tier(String name, Running running) {}

    @Override
    public String name() {
        return "three-tiers";
    }

    @Override
    public String description() {
        return "items over HTTP from a cache or a store: three machines or containers, latency and the cost of each tier";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(
                new Kind(Kind.TIMED, FRONT, InstructionCounter.Mode.OFF, effort.countedRepetitions(), SECONDS),
                new Kind(
                        Kind.COUNTED,
                        FRONT,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        SECONDS));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        long start = System.nanoTime();
        SqlMix tables = new SqlMix(ROWS);
        Path sites = Cache.directory("sites");
        List<Tier> tiers = new ArrayList<>();
        try {
            add("cache", Store.OFF, system.another(Store.OFF.service(sites), CACHE_HOST), kind, bench, tiers);
            add(
                    "store",
                    Database.MEMORY,
                    system.another(Database.MEMORY.service(sites), STORE_HOST),
                    kind,
                    bench,
                    tiers);
            InetSocketAddress store = tiers.get(1).running.instance().address();
            try {
                tables.fill(store.getAddress().getHostAddress(), store.getPort());
            } catch (SQLException e) {
                throw new Rejected(tiers.get(1).running.failure("it took no tables: " + e.getMessage()), e);
            }
            add("front", FRONT, system.another(FRONT.service(sites), FRONT_HOST), kind, bench, tiers);
            Outcome outcome = Outcome.of(0)
                    .parameter("connections", CONNECTIONS)
                    .parameter("items", tables.items())
                    .file("console", bench.part(2).relative("console.txt"));
            if (kind.counting() == InstructionCounter.Mode.OFF) {
                time(tiers.get(2).running, tables.items(), bench, outcome);
            } else {
                count(tiers, tables.items(), bench, outcome);
            }
            return List.of(outcome.lasting((System.nanoTime() - start) / 1e9));
        } finally {
            tiers.forEach(tier -> tier.running.close());
        }
    }

    private static void add(
            String name, Subject subject, SystemUnderTest system, Kind kind, Bench bench, List<Tier> tiers)
            throws Rejected, IOException, InterruptedException {
        system.prepare();
        Running running = bench.part(tiers.size()).start(system, kind.counting());
        tiers.add(new Tier(name, running));
        running.awaitAnswer(subject.probe());
    }

    /** First every item once, so that the cache has none of them; then again; then all connections as fast as they can. */
    private static void time(Running front, int items, Bench bench, Outcome outcome)
            throws Rejected, IOException, InterruptedException {
        latency("miss", askForAll(front, items), outcome);
        latency("hit", askForAll(front, items), outcome);
        LoadPlan plan = new LoadPlan(front.instance().address(), new HttpItems(items), CONNECTIONS);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            LoadedExperiments.warmUp(generator, front, bench);
            LoadPhase phase = LoadPhase.closed(bench.effort().measured());
            outcome.add("", SteadyLoad.measure(generator, phase, front, bench, "tiers"));
        }
    }

    private static void latency(String name, double[] millis, Outcome outcome) {
        Arrays.sort(millis);
        outcome.value(name + "_p50_ms", millis[millis.length / 2])
                .value(name + "_p90_ms", millis[millis.length * 9 / 10])
                .value(name + "_maximum_ms", millis[millis.length - 1]);
    }

    /** One after another, each over a connection of its own; all but the first, which the probe asked for. */
    private static double[] askForAll(Running front, int items) throws Rejected {
        double[] millis = new double[items - 1];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            try {
                Probe probe = FrontTier.probe(i + 2);
                if (Readiness.ask(front.instance().address(), probe, TIMEOUT_MILLIS) != Probe.Verdict.CORRECT) {
                    throw new Rejected(front.failure("item " + (i + 2) + " was not the right one"));
                }
            } catch (IOException e) {
                throw new Rejected(front.failure("it did not answer: " + e.getMessage()), e);
            }
            millis[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
        }
        return millis;
    }

    private static void count(List<Tier> tiers, int items, Bench bench, Outcome outcome)
            throws Rejected, IOException, InterruptedException {
        double[] idle = idleRates(tiers);
        Meter misses = new Meter(tiers, idle);
        int asked = askForAll(tiers.get(2).running, items).length;
        misses.end("miss_", asked, outcome);
        LoadPlan plan = new LoadPlan(tiers.get(2).running.instance().address(), new HttpItems(items), CONNECTIONS);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            LoadedExperiments.warmUp(generator, tiers.get(2).running, bench);
            Meter hits = new Meter(tiers, idle);
            LoadResult result = generator.run(LoadPhase.closed(bench.effort().measured()));
            LoadChecks.require(result, tiers.get(2).running, generator, bench);
            hits.end("hit_", result.completed(), outcome);
        }
        outcome.context("counted", 1);
    }

    /** Instructions a second of each tier while nobody asks anything. */
    private static double[] idleRates(List<Tier> tiers) throws Rejected, InterruptedException {
        Meter meter = new Meter(tiers, new double[tiers.size()]);
        tiers.get(0).running.rest(IDLE);
        return meter.rates();
    }

    /** The counters of all tiers over one interval. */
    private static final class Meter {
        private final List<Tier> tiers;
        private final double[] idle;
        private final long[] before;
        private final long startNanos = System.nanoTime();

        Meter(List<Tier> tiers, double[] idle) throws Rejected {
            this.tiers = tiers;
            this.idle = idle;
            before = read(tiers);
        }

        private static long[] read(List<Tier> tiers) throws Rejected {
            long[] instructions = new long[tiers.size()];
            for (int i = 0; i < instructions.length; i++) {
                InstructionCounter.Reading reading =
                        tiers.get(i).running.counter().read();
                instructions[i] = reading.user() + reading.kernel();
            }
            return instructions;
        }

        double[] rates() throws Rejected {
            double[] rates = new double[before.length];
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            long[] after = read(tiers);
            for (int i = 0; i < rates.length; i++) {
                rates[i] = (after[i] - before[i]) / seconds;
            }
            return rates;
        }

        /** Values such as {@code miss_front_instructions}: of a request, without what an idle system does. */
        void end(String prefix, long requests, Outcome outcome) throws Rejected {
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            double[] rates = rates();
            double all = 0;
            for (int i = 0; i < rates.length; i++) {
                double instructions = Math.max(0, (rates[i] - idle[i]) * seconds) / requests;
                outcome.value(prefix + tiers.get(i).name + "_instructions", instructions);
                all += instructions;
            }
            if (all <= 0) {
                throw new Rejected("no tier executed anything: the counters are broken");
            }
            outcome.value(prefix + "all_instructions", all);
        }
    }
}
