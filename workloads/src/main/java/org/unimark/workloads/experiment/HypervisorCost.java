// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.hypervisor.DeviceTrace;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.workloads.load.KvRequests;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;
import org.unimark.workloads.load.Protocol;

/**
 * What of a request reaches the hypervisor: notifications of queues, interrupts, and accesses to registers of devices,
 * which are exits where the hypervisor is hardware; with and without the event index, over many connections and over one.
 */
final class HypervisorCost implements Experiment {
    /**
     * Linux reads these where it does not trust the time-stamp counter, which is the case under emulation on a busy machine;
     * hardware hypervisors offer a clock in memory.
     */
    private static final Set<String> CLOCKS = Set.of("hpet", "acpi-tmr");

    private static final int CONNECTIONS = 30;
    private static final int PIPELINE = 16;
    private static final int VALUE_BYTES = 3;
    private static final int KEYS = 1_000;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Each writes some lines of the log. */
    private static final int MOST_TRACED_REQUESTS = 20_000;

    private static final String STORE = "counted-kv";

    @Override
    public String name() {
        return "hypervisor-cost";
    }

    @Override
    public String description() {
        return "notifications, interrupts and exits a request, with and without event index; a model of hardware";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double seconds = 4 * LoadedExperiments.seconds(effort) + 10;
        return List.of(
                new Kind(
                        Kind.COUNTED,
                        Site.PAGE,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        seconds),
                new Kind(
                        STORE,
                        Store.OFF,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        seconds / 2));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        long start = System.nanoTime();
        Outcome all = Outcome.of(0).file("console", bench.relative("console.txt"));
        if (kind.name().equals(STORE)) {
            store(kind, system, bench, all);
        } else {
            page(kind, system, bench, Map.of(), "", all);
            page(kind, system, bench, Map.of(Hypervisor.EVENT_INDEX, "off"), "no_event_index_", all);
        }
        return List.of(all.lasting((System.nanoTime() - start) / 1e9));
    }

    private static void page(
            Kind kind, SystemUnderTest system, Bench bench, Map<String, String> card, String prefix, Outcome all)
            throws Rejected, IOException, InterruptedException {
        Path log = bench.file("trace.log");
        try (Running running = start(kind, system, bench, card, log)) {
            all.add(prefix, measure(running, Site.PAGE.requests(), CONNECTIONS, 1, bench, log));
            all.add(prefix + "single_", measure(running, Site.PAGE.requests(), 1, 1, bench, log));
        } finally {
            // Millions of lines; what was counted is in the record.
            Files.deleteIfExists(log);
        }
    }

    private static void store(Kind kind, SystemUnderTest system, Bench bench, Outcome all)
            throws Rejected, IOException, InterruptedException {
        Path log = bench.file("trace.log");
        try (Running running = start(kind, system, bench, Map.of(), log)) {
            KvLoad.fill(running, KEYS, VALUE_BYTES, bench);
            Protocol gets = new KvRequests(KEYS, VALUE_BYTES, 1, KvRequests.Order.UNIFORM, true);
            all.add("get_p16_", measure(running, gets, CONNECTIONS, PIPELINE, bench, log));
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static Running start(Kind kind, SystemUnderTest system, Bench bench, Map<String, String> card, Path log)
            throws Rejected, IOException, InterruptedException {
        Map<String, String> variant = new TreeMap<>(card);
        variant.put(Hypervisor.DEVICE_TRACE, log.toString());
        Running running = bench.start(system, kind.counting(), 0, variant);
        try {
            running.awaitAnswer(kind.subject().probe());
            return running;
        } catch (Rejected | InterruptedException e) {
            running.close();
            throw e;
        }
    }

    /** Instructions first, then events, in phases of their own: what happens while the guest is idle is subtracted from both. */
    private static Outcome measure(
            Running running, Protocol requests, int connections, int pipeline, Bench bench, Path log)
            throws Rejected, IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(running.instance().address(), requests, connections).withPipeline(pipeline);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            LoadedExperiments.warmUp(generator, running, bench);
            LoadPhase phase = LoadPhase.closed(bench.effort().measured());
            Outcome outcome = Counting.perRequest(generator, phase, running, bench);
            running.rest(SETTLE);
            long idleFrom = Files.size(log);
            long idleStart = System.nanoTime();
            running.rest(IDLE);
            double idleSeconds = (System.nanoTime() - idleStart) / 1e9;
            long from = Files.size(log);
            long start = System.nanoTime();
            int requestCount = Math.min(bench.effort().keys(), MOST_TRACED_REQUESTS);
            LoadResult result = generator.run(LoadPhase.requests(requestCount, LIMIT));
            running.rest(SETTLE);
            double seconds = (System.nanoTime() - start) / 1e9;
            LoadChecks.require(result, running, generator, bench);
            DeviceTrace.Counts idle = DeviceTrace.read(log, idleFrom, from);
            DeviceTrace.Counts counts = DeviceTrace.read(log, from, Files.size(log));
            if (counts.notifications() == 0 || counts.allExits() == 0) {
                throw new Rejected(running.failure("it answered without its devices: the trace is broken"));
            }
            describe(outcome, counts, idle, seconds / idleSeconds, result.completed());
            return outcome;
        }
    }

    /** {@code idleTimes} is how much longer the load took than the idle time. */
    private static void describe(
            Outcome outcome, DeviceTrace.Counts counts, DeviceTrace.Counts idle, double idleTimes, double requests) {
        outcome.value(
                        "notifications_per_request",
                        less(counts.notifications(), idle.notifications(), idleTimes) / requests)
                .value("interrupts_per_request", less(counts.interrupts(), idle.interrupts(), idleTimes) / requests);
        double all = 0;
        double clocks = 0;
        for (Map.Entry<String, Long> exit : counts.exits().entrySet()) {
            double share = less(exit.getValue(), idle.exits().getOrDefault(exit.getKey(), 0L), idleTimes) / requests;
            if (CLOCKS.contains(exit.getKey())) {
                clocks += share;
            } else {
                all += share;
            }
            outcome.context("exits at " + exit.getKey(), share);
        }
        double crossings = all + outcome.values().get("interrupts_per_request");
        outcome.value("register_accesses_per_request", all)
                .value("instructions_per_crossing", outcome.values().get("instructions_per_request") / crossings)
                .value("string_iterations_per_request", outcome.context().get("string_iterations_per_request"))
                .context("clock_reads_per_request", clocks)
                .context("traced_requests", requests);
    }

    private static double less(double count, double idle, double times) {
        return Math.max(0, count - idle * times);
    }
}
