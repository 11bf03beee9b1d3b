// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadResult;

/** Says no to load results that are not sound, and what must stand beside those that are. */
final class LoadChecks {
    /** Allows for what the client's capacity varies. */
    private static final double IMPOSSIBLE = 1.5;

    private LoadChecks() {}

    static void require(LoadResult result, Running running, LoadGenerator generator, Bench bench) throws Rejected {
        running.requireAlive();
        if (result.errorCount() > 0) {
            throw new Rejected(
                    running.failure(result.errorCount() + " requests without a correct answer: " + result.errors()));
        }
        if (result.completed() == 0) {
            throw new Rejected(running.failure("no request was answered"));
        }
        // Requests of a pipeline share what a single one costs the client.
        double possible = bench.clientCapacity() * generator.plan().pipeline() * IMPOSSIBLE;
        if (result.requestsPerSecond() > possible) {
            throw new Rejected(running.failure(String.format(
                    "%.0f answers a second are more than this client can ask for (%.0f)",
                    result.requestsPerSecond(), possible / IMPOSSIBLE)));
        }
    }

    /**
     * The times of {@code result}, with what the generator says about itself; without them where they may be the generator's
     * and not the system's. What it then knows of the system is a bound, which the problem names.
     */
    static Outcome judge(LoadResult result, Outcome outcome) {
        describe(result, outcome);
        String problem = null;
        if (result.saturated()) {
            problem = String.format(
                    "the load generator was at its limit (busy %.0f %% of the time): the system answers %.0f requests a"
                            + " second at least, and how many is not known",
                    100 * result.clientCpu(), result.requestsPerSecond());
        } else if (result.late()) {
            problem = String.format(
                    "the load generator was late (%.1f ms at the 99th percentile): the latencies are what it measured at"
                            + " most, and how much of them is its own is not known",
                    result.lateness().getValueAtPercentile(99) / 1e6);
        }
        return problem == null ? outcome : outcome.withoutNumbers(problem);
    }

    /** What the generator says about itself; counts of instructions are right however busy it was. */
    static void describe(LoadResult result, Outcome outcome) {
        outcome.context("client_cpu", result.clientCpu())
                .context("client_wait", result.clientWait())
                .context("client_saturated", result.saturated() ? 1 : 0)
                .context("client_late", result.late() ? 1 : 0)
                .context("requests", result.completed());
    }

    static void latency(LoadResult result, Outcome outcome) {
        outcome.value("p50_ms", result.latency().getValueAtPercentile(50) / 1e6)
                .value("p75_ms", result.latency().getValueAtPercentile(75) / 1e6)
                .value("p90_ms", result.latency().getValueAtPercentile(90) / 1e6)
                .value("p99_ms", result.latency().getValueAtPercentile(99) / 1e6)
                .value("p99_9_ms", result.latency().getValueAtPercentile(99.9) / 1e6)
                .value("maximum_ms", result.latency().getMaxValue() / 1e6);
    }
}
