// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** Latency at rates that are the same for every system, and at half of what each reaches at most. */
final class HttpLatency implements Experiment {
    private static final int CONNECTIONS = 30;
    private static final String HALF = "half-capacity";
    /**
     * Of the requests a second that a core of this client can ask for in a closed loop, where one wake-up serves many
     * connections. Requests at fixed times cost a wake-up each, and several times as much.
     */
    private static final double LARGEST_CLIENT_SHARE = 0.25;
    /** In the context of the other rates: half of the capacity was left out, for this client cannot offer so much. */
    static final String LEFT_OUT = "half_capacity_beyond_client";

    @Override
    public String name() {
        return "http-latency";
    }

    @Override
    public String description() {
        return "latency percentiles at fixed rates, open loop, counted from the intended start of each request";
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double seconds = LoadedExperiments.seconds(effort)
                + (effort.latencyRates().size() + 1) * effort.measured().toMillis() / 1e3;
        return List.of(
                new Kind(Kind.TIMED, Site.PAGE, InstructionCounter.Mode.OFF, effort.otherRepetitions(), seconds));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            LoadPlan plan = new LoadPlan(running.instance().address(), Site.PAGE.requests(), CONNECTIONS);
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                LoadedExperiments.warmUp(generator, running, bench);
                LoadResult capacity =
                        generator.run(LoadPhase.closed(bench.effort().measured()));
                LoadChecks.require(capacity, running, generator, bench);
                for (int rate : bench.effort().latencyRates()) {
                    String name = Integer.toString(rate);
                    outcomes.add(OpenLoop.atRate(generator, rate, "rate-" + name, running, bench)
                            .parameter("rate", name));
                }
                double half = capacity.requestsPerSecond() / 2;
                if (!capacity.saturated() && half <= bench.clientCapacity() * LARGEST_CLIENT_SHARE) {
                    outcomes.add(OpenLoop.atRate(generator, half, "rate-" + HALF, running, bench)
                            .parameter("rate", HALF));
                } else {
                    // Not an error of anybody: what would be measured there is this client.
                    outcomes.forEach(outcome -> outcome.context(LEFT_OUT, half));
                }
            }
        }
        return outcomes;
    }
}
