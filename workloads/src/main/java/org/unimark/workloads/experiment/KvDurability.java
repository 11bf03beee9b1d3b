// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.hypervisor.Monitor;
import org.unimark.workloads.load.KvRequests;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** SETs with a log that is written never, every second, or before each answer. */
final class KvDurability implements Experiment {
    private static final int CONNECTIONS = 30;
    private static final int VALUE_BYTES = 3;

    @Override
    public String name() {
        return "kv-durability";
    }

    @Override
    public String description() {
        return "SETs a second and guest instructions each, with the log off, written every second, and before each answer";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        List<Kind> kinds = new ArrayList<>();
        double seconds = LoadedExperiments.seconds(effort);
        for (Store store : Store.values()) {
            kinds.add(new Kind(
                    Kind.TIMED + "-" + store.durability(),
                    store,
                    InstructionCounter.Mode.OFF,
                    effort.sweepRepetitions(),
                    seconds));
            kinds.add(new Kind(
                    Kind.COUNTED + "-" + store.durability(),
                    store,
                    InstructionCounter.Mode.INSTRUCTIONS,
                    effort.countedRepetitions(),
                    seconds + 1));
        }
        return kinds;
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        boolean isDiskCounted = kind.counting() == InstructionCounter.Mode.INSTRUCTIONS && kind.subject() != Store.OFF;
        Path monitor = isDiskCounted ? bench.socketDirectory().resolve("monitor") : null;
        Map<String, String> settings = monitor == null ? Map.of() : Map.of(Hypervisor.MONITOR, monitor.toString());
        try (Running running = bench.start(system, kind.counting(), 0, settings)) {
            running.awaitAnswer(kind.subject().probe());
            KvRequests requests =
                    new KvRequests(bench.effort().keys(), VALUE_BYTES, 0, KvRequests.Order.UNIFORM, false);
            LoadPlan plan = new LoadPlan(running.instance().address(), requests, CONNECTIONS);
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                LoadedExperiments.warmUp(generator, running, bench);
                LoadPhase phase = LoadPhase.closed(bench.effort().measured());
                Outcome outcome = kind.counting() == InstructionCounter.Mode.OFF
                        ? timed(generator, phase, running, bench)
                        : counted(generator, phase, running, bench, monitor);
                return List.of(outcome.parameter("connections", CONNECTIONS)
                        .parameter("value_bytes", VALUE_BYTES)
                        .parameter("durability", ((Store) kind.subject()).durability())
                        .file("console", bench.relative("console.txt")));
            }
        }
    }

    /** Instructions, and what reached the disk that {@code monitor} knows; null if there is none. */
    private static Outcome counted(LoadGenerator generator, LoadPhase phase, Running running, Bench bench, Path monitor)
            throws Rejected, IOException, InterruptedException {
        if (monitor == null) {
            return Counting.perRequest(generator, phase, running, bench);
        }
        try (Monitor hypervisor = new Monitor(monitor)) {
            Monitor.DiskRequests before = hypervisor.diskRequests();
            Outcome outcome = Counting.perRequest(generator, phase, running, bench);
            Monitor.DiskRequests during = hypervisor.diskRequests().since(before);
            if (during.writes() == 0) {
                throw new Rejected(running.failure("its hypervisor saw no write to a disk, although it keeps a log"));
            }
            DiskWatch.describe("disk", "request", during, outcome.context().get("requests"), outcome);
            return outcome;
        }
    }

    private static Outcome timed(LoadGenerator generator, LoadPhase phase, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        LoadResult result = generator.run(phase);
        LoadChecks.require(result, running, generator, bench);
        return describe(result);
    }

    static Outcome describe(LoadResult result) {
        Outcome outcome = Outcome.of(result.intervalSeconds()).value("requests_per_second", result.requestsPerSecond());
        LoadChecks.latency(result, outcome);
        return LoadChecks.judge(result, outcome);
    }
}
