// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.unimark.baselines.Cache;
import org.unimark.baselines.FrontTier;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Readiness;
import org.unimark.baselines.Service;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.HttpExchange;
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
    private static final SqlMix TABLES = new SqlMix(5_000);
    private static final int FIRST_ITEM = 2;
    private static final int CACHE_TIER = 0;
    private static final int STORE_TIER = 1;
    private static final int FRONT_TIER = 2;
    /** In the order of their start. */
    private static final List<String> TIERS = List.of("cache", "store", "front");

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SECONDS = 30;
    private static final Duration ROUND_LIMIT = Duration.ofSeconds(20);
    /** What the front answers without a hop. */
    private static final Protocol ALONE = HttpExchange.missing(
            FrontTier.HOST, FrontTier.NOWHERE, FrontTier.NOTHING_THERE.getBytes(StandardCharsets.US_ASCII));

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
            return new HttpItems(FIRST_ITEM, TABLES.items() - 1);
        }

        @Override
        public Service service(Path directory) {
            return service;
        }
    };

    /** What the store has before anything is asked. */
    interface Filling {
        void fill(String host, int port) throws SQLException;
    }

    private final Filling filling;
    private final int items;

    ThreeTiers() {
        this(TABLES::fill, TABLES.items());
    }

    /** @param items in the store, of which the first is left to the probe */
    ThreeTiers(Filling filling, int items) {
        this.filling = filling;
        this.items = items;
    }

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
                new Kind(Kind.TIMED, FRONT, InstructionCounter.Mode.OFF, effort.sweepRepetitions(), SECONDS),
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
        List<Running> tiers = new ArrayList<>();
        try {
            startAll(kind, system, bench, tiers);
            Outcome outcome = Outcome.of(0)
                    .parameter("connections", CONNECTIONS)
                    .parameter("items", items)
                    .file("console", bench.part(FRONT_TIER).relative("console.txt"));
            if (kind.counting() == InstructionCounter.Mode.OFF) {
                time(tiers, bench, outcome);
            } else {
                count(tiers, bench, outcome);
            }
            return List.of(outcome.lasting((System.nanoTime() - start) / 1e9));
        } finally {
            tiers.forEach(Running::close);
        }
    }

    private void startAll(Kind kind, SystemUnderTest system, Bench bench, List<Running> tiers)
            throws Rejected, IOException, InterruptedException {
        Path sites = Cache.directory("sites");
        add(Store.OFF, system.another(Store.OFF.service(sites), CACHE_HOST), kind, bench, tiers);
        add(Database.MEMORY, system.another(Database.MEMORY.service(sites), STORE_HOST), kind, bench, tiers);
        Running store = tiers.get(STORE_TIER);
        InetSocketAddress address = store.instance().address();
        try {
            filling.fill(address.getAddress().getHostAddress(), address.getPort());
        } catch (SQLException e) {
            throw new Rejected(store.failure("it took no tables: " + e.getMessage()), e);
        }
        add(FRONT, system.another(FRONT.service(sites), FRONT_HOST), kind, bench, tiers);
    }

    private static void add(Subject subject, SystemUnderTest system, Kind kind, Bench bench, List<Running> tiers)
            throws Rejected, IOException, InterruptedException {
        system.prepare();
        Running running = bench.part(tiers.size()).start(system, kind.counting());
        tiers.add(running);
        running.awaitAnswer(subject.probe());
    }

    /** One connection asks for every item; then all connections as fast as they can for what the cache has. */
    private void time(List<Running> tiers, Bench bench, Outcome outcome)
            throws Rejected, IOException, InterruptedException {
        Running front = tiers.get(FRONT_TIER);
        try (LoadGenerator one = generator(front, ALONE, 1)) {
            round(one, front, bench);
            latency("alone", round(one, front, bench), outcome);
        }
        HttpItems requested = requested();
        try (LoadGenerator one = generator(front, requested, 1)) {
            fill(one, front, bench);
            forget(tiers);
            latency("miss", round(one, front, bench), outcome);
            latency("hit", round(one, front, bench), outcome);
            forget(tiers);
            round(one, front, bench);
        }
        try (LoadGenerator generator = generator(front, requested, CONNECTIONS)) {
            LoadedExperiments.warmUp(generator, front, bench);
            LoadPhase phase = LoadPhase.closed(bench.effort().measured());
            outcome.add("", SteadyLoad.measure(generator, phase, front, bench, "tiers"));
        }
    }

    private HttpItems requested() {
        return new HttpItems(FIRST_ITEM, items - 1);
    }

    private static LoadGenerator generator(Running front, Protocol protocol, int connections) throws IOException {
        return new LoadGenerator(new LoadPlan(front.instance().address(), protocol, connections));
    }

    private static void latency(String name, LoadResult result, Outcome outcome) {
        if (result.saturated()) {
            outcome.context("client_set_pace", 1);
            return;
        }
        Histogram nanos = result.latency();
        outcome.value(name + "_p50_ms", nanos.getValueAtPercentile(50) / NANOS_PER_MILLI)
                .value(name + "_p90_ms", nanos.getValueAtPercentile(90) / NANOS_PER_MILLI)
                .value(name + "_maximum_ms", nanos.getMaxValue() / NANOS_PER_MILLI);
    }

    /** As many requests as there are items: of items, each once. */
    private LoadResult round(LoadGenerator generator, Running front, Bench bench)
            throws Rejected, IOException, InterruptedException {
        LoadResult result = generator.run(LoadPhase.requests(items - 1, ROUND_LIMIT));
        LoadChecks.require(result, front, generator, bench);
        if (result.completed() != items - 1) {
            throw new Rejected(front.failure("of " + (items - 1) + " requests it answered " + result.completed()));
        }
        return result;
    }

    /** Opens the connections and lets the cache have everything: what it is told last, it has when it was asked again. */
    private void fill(LoadGenerator generator, Running front, Bench bench)
            throws Rejected, IOException, InterruptedException {
        round(generator, front, bench);
        round(generator, front, bench);
    }

    /** Empties the cache, in which every item must have been: so what was counted as a hit was one. */
    private void forget(List<Running> tiers) throws Rejected {
        Running cache = tiers.get(CACHE_TIER);
        try {
            Probe probe = FrontTier.forget(FIRST_ITEM, items - 1);
            if (Readiness.ask(cache.instance().address(), probe, TIMEOUT_MILLIS) != Probe.Verdict.CORRECT) {
                throw new Rejected(cache.failure("the cache did not have all " + (items - 1) + " items"));
            }
        } catch (IOException e) {
            throw new Rejected(cache.failure("it did not answer: " + e.getMessage()), e);
        }
    }

    /**
     * The same requests over the same connections three times, so that their differences are what a hop costs: answered by the
     * front alone, by the cache, and by the store. Hits follow misses, round by round.
     */
    private void count(List<Running> tiers, Bench bench, Outcome outcome)
            throws Rejected, IOException, InterruptedException {
        Running front = tiers.get(FRONT_TIER);
        double[] idle = idleRates(tiers);
        Meter alone = new Meter(tiers, idle);
        Meter hits = new Meter(tiers, idle);
        Meter misses = new Meter(tiers, idle);
        long measured = bench.effort().measured().toNanos();
        try (LoadGenerator generator = generator(front, ALONE, CONNECTIONS)) {
            round(generator, front, bench);
            for (long start = System.nanoTime(); alone.requests == 0 || System.nanoTime() - start < measured; ) {
                countedRound(alone, generator, front, bench);
            }
        }
        try (LoadGenerator generator = generator(front, requested(), CONNECTIONS)) {
            fill(generator, front, bench);
            for (long start = System.nanoTime(); hits.requests == 0 || System.nanoTime() - start < measured; ) {
                forget(tiers);
                countedRound(misses, generator, front, bench);
                countedRound(hits, generator, front, bench);
            }
            forget(tiers);
        }
        report(alone.perRequest(), hits.perRequest(), misses.perRequest(), outcome);
        outcome.context("counted", 1).context("counted_requests", hits.requests);
    }

    private void countedRound(Meter meter, LoadGenerator generator, Running front, Bench bench)
            throws Rejected, IOException, InterruptedException {
        meter.start();
        LoadResult result = round(generator, front, bench);
        meter.stop(result.completed());
    }

    /** Values such as {@code miss_front_instructions}, and the differences such as {@code store_hop_front_instructions}. */
    private static void report(double[] alone, double[] hit, double[] miss, Outcome outcome) throws Rejected {
        if (hit[STORE_TIER] > miss[STORE_TIER] / 2) {
            throw new Rejected("the store worked on items that the cache has");
        }
        tiers("alone_", "alone_all", alone, outcome);
        tiers("hit_", "hit_all", hit, outcome);
        tiers("miss_", "miss_all", miss, outcome);
        tiers("cache_hop_", "cache_hop", difference(hit, alone), outcome);
        tiers("store_hop_", "store_hop", difference(miss, hit), outcome);
    }

    private static double[] difference(double[] more, double[] less) {
        double[] difference = new double[more.length];
        Arrays.setAll(difference, i -> more[i] - less[i]);
        return difference;
    }

    private static void tiers(String prefix, String sum, double[] instructions, Outcome outcome) {
        for (int i = 0; i < instructions.length; i++) {
            outcome.value(prefix + TIERS.get(i) + "_instructions", instructions[i]);
        }
        outcome.value(sum + "_instructions", Arrays.stream(instructions).sum());
    }

    /** Instructions a second of each tier while nobody asks anything, as soon as they are quiet. */
    private static double[] idleRates(List<Running> tiers) throws Rejected, InterruptedException {
        double[] rates = idleRatesNow(tiers);
        for (int periods = 1;
                periods < Counting.MOST_IDLE_PERIODS
                        && Arrays.stream(rates).max().orElseThrow() > Counting.QUIET;
                periods++) {
            rates = idleRatesNow(tiers);
        }
        return rates;
    }

    private static double[] idleRatesNow(List<Running> tiers) throws Rejected, InterruptedException {
        Meter meter = new Meter(tiers, new double[tiers.size()]);
        meter.start();
        tiers.get(0).rest(Counting.IDLE);
        meter.stop(0);
        return meter.rates();
    }

    /** The counters of all tiers over some intervals. */
    private static final class Meter {
        private final List<Running> tiers;
        private final double[] idle;
        private final double[] instructions;
        private long[] before;
        private long startNanos;
        private double seconds;
        private long requests;

        /** @param idle instructions a second of each tier that are no work for requests */
        Meter(List<Running> tiers, double[] idle) {
            this.tiers = tiers;
            this.idle = idle;
            instructions = new double[tiers.size()];
        }

        void start() throws Rejected {
            startNanos = System.nanoTime();
            before = read();
        }

        void stop(long answered) throws Rejected {
            long[] after = read();
            double passed = (System.nanoTime() - startNanos) / 1e9;
            for (int i = 0; i < instructions.length; i++) {
                instructions[i] += after[i] - before[i] - idle[i] * passed;
            }
            seconds += passed;
            requests += answered;
        }

        private long[] read() throws Rejected {
            long[] read = new long[tiers.size()];
            for (int i = 0; i < read.length; i++) {
                InstructionCounter.Reading reading = tiers.get(i).counter().read();
                read[i] = reading.user() + reading.kernel();
            }
            return read;
        }

        double[] rates() {
            return Arrays.stream(instructions).map(sum -> sum / seconds).toArray();
        }

        double[] perRequest() throws Rejected {
            double[] each = Arrays.stream(instructions)
                    .map(sum -> Math.max(0, sum) / requests)
                    .toArray();
            if (Arrays.stream(each).sum() <= 0) {
                throw new Rejected("no tier executed anything: the counters are broken");
            }
            return each;
        }
    }
}
