// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unimark.analysis.statistics.SteadyState;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadResult;

/** A closed phase of load whose warm-up is detected, not assumed: it is made again while the system still becomes faster. */
final class SteadyLoad {
    private static final int MOST_PHASES = 3;

    private SteadyLoad() {}

    /**
     * Rate and latency at the pace of the system, with the raw files of the setting called {@code label}; without them where
     * the client, and not the system, may have set the pace.
     */
    static Outcome measure(LoadGenerator generator, LoadPhase phase, Running running, Bench bench, String label)
            throws Rejected, IOException, InterruptedException {
        ProcessorTime processor = new ProcessorTime(running.instance());
        LoadResult result = run(generator, phase);
        double cores = processor.cores();
        LoadChecks.require(result, running, generator, bench);
        Outcome outcome = Outcome.of(result.intervalSeconds())
                .context("system_cores", cores)
                .context("client_set_pace", result.saturated() ? 1 : 0);
        if (!result.saturated()) {
            outcome.value("requests_per_second", result.requestsPerSecond())
                    .value("p50_ms", result.latency().getValueAtPercentile(50) / 1e6)
                    .value("p99_ms", result.latency().getValueAtPercentile(99) / 1e6);
        }
        LoadChecks.describe(result, outcome);
        describe(result, bench, label, outcome);
        LoadedExperiments.histogram(result, bench, label, outcome);
        return outcome;
    }

    /** The first phase that is not a warm-up, or the last of a few; only errors end it early. */
    static LoadResult run(LoadGenerator generator, LoadPhase phase) throws IOException, InterruptedException {
        LoadResult result = generator.run(phase);
        for (int phases = 1; phases < MOST_PHASES && warmsUp(result); phases++) {
            result = generator.run(phase);
        }
        return result;
    }

    private static boolean warmsUp(LoadResult result) {
        return result.errorCount() == 0 && SteadyState.of(result.speeds()).kind() == SteadyState.Kind.WARM_UP;
    }

    /**
     * Keeps the answers of each interval, and notes how the speed developed: {@code steady_state} is the ordinal of
     * {@link SteadyState.Kind}.
     */
    static void describe(LoadResult result, Bench bench, String label, Outcome outcome) throws IOException {
        SteadyState state = SteadyState.of(result.speeds());
        outcome.context("steady_state", state.kind().ordinal())
                .context("steady_from_seconds", state.steadyFrom() * (LoadResult.INTERVAL_NANOS / 1e9));
        StringBuilder lines = new StringBuilder("start_ms,answers\n");
        for (int i = 0; i < result.perInterval().length; i++) {
            lines.append(i * (LoadResult.INTERVAL_NANOS / 1_000_000))
                    .append(',')
                    .append(result.perInterval()[i])
                    .append('\n');
        }
        Path file = bench.file(label + ".csv");
        Files.createDirectories(file.getParent());
        Files.writeString(file, lines);
        outcome.file("series", bench.relative(label + ".csv"));
    }
}
