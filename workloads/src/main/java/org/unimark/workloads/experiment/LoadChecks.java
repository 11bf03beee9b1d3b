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

    /** What the generator says about itself. */
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
