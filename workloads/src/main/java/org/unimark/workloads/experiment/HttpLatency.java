// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadError;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** Latency at rates that are the same for every system, and at half of what each reaches at most. */
final class HttpLatency implements Experiment {
    private static final int CONNECTIONS = 30;
    private static final String HALF = "half-capacity";
    /** A system that falls behind more than this has no latency at that rate: it would grow for as long as one looks. */
    private static final double LOWEST_ACHIEVED = 0.97;
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
    public Site site() {
        return Site.PAGE;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double seconds = LoadedExperiments.seconds(effort)
                + (effort.latencyRates().size() + 1) * effort.measured().toMillis() / 1e3;
        return List.of(new Kind(Kind.TIMED, InstructionCounter.Mode.OFF, effort.otherRepetitions(), seconds));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(site().exchange());
            LoadPlan plan = new LoadPlan(running.instance().address(), site().exchange(), CONNECTIONS);
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                LoadChecks.require(generator.run(LoadPhase.closed(bench.effort().warmUp())), running, bench);
                LoadResult capacity =
                        generator.run(LoadPhase.closed(bench.effort().measured()));
                LoadChecks.require(capacity, running, bench);
                for (int rate : bench.effort().latencyRates()) {
                    outcomes.add(atRate(generator, rate, Integer.toString(rate), running, bench));
                }
                double half = capacity.requestsPerSecond() / 2;
                if (half <= bench.clientCapacity() * LARGEST_CLIENT_SHARE) {
                    outcomes.add(atRate(generator, half, HALF, running, bench));
                } else {
                    // Not an error of anybody: what would be measured there is this client.
                    outcomes.forEach(outcome -> outcome.context(LEFT_OUT, half));
                }
            }
        }
        return outcomes;
    }

    /** The rate of answers, where those to the last requests may take as long as others did. */
    private static double sustained(LoadResult result) {
        double usual = result.serviceTime().getValueAtPercentile(50) / 1e9;
        return result.completed() / Math.max(result.intervalSeconds(), result.totalSeconds() - usual);
    }

    private Outcome atRate(LoadGenerator generator, double rate, String name, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        ProcessorTime processor = new ProcessorTime(running.instance());
        LoadResult result = generator.run(LoadPhase.open(rate, bench.effort().measured()));
        double cores = processor.cores();
        if (result.errors().containsKey(LoadError.UNSERVED)) {
            return Outcome.rejected(
                            result.intervalSeconds(),
                            running.failure(String.format("%.0f requests a second are more than it answers", rate)))
                    .parameter("rate", name);
        }
        LoadChecks.require(result, running, bench);
        double achieved = sustained(result);
        if (achieved < rate * LOWEST_ACHIEVED) {
            String problem = String.format("of %.0f requests a second it answered only %.0f", rate, achieved);
            return Outcome.rejected(result.intervalSeconds(), running.failure(problem))
                    .parameter("rate", name);
        }
        Outcome outcome = Outcome.of(result.intervalSeconds())
                .parameter("rate", name)
                .value("achieved_rate", achieved)
                .context("offered_rate", rate)
                .context("lateness_p99_ms", result.lateness().getValueAtPercentile(99) / 1e6)
                .context("system_cores", cores)
                .file("console", bench.relative("console.txt"));
        LoadChecks.latency(result, outcome);
        LoadChecks.describe(result, outcome);
        LoadedExperiments.histogram(result, bench, "rate-" + name, outcome);
        return outcome;
    }
}
