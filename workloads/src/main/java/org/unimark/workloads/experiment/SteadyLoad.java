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
     * Says no where the client and not the system set the pace, keeps the answers of each interval, and notes how the speed
     * developed: {@code steady_state} is the ordinal of {@link SteadyState.Kind}.
     */
    static void describe(LoadResult result, Bench bench, Outcome outcome) throws Rejected, IOException {
        if (result.saturated()) {
            throw new Rejected(String.format(
                    "the load generator used %.0f %% of a core: it, and not the system, may have set the pace",
                    100 * result.clientCpu()));
        }
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
        Path file = bench.file("series.csv");
        Files.createDirectories(file.getParent());
        Files.writeString(file, lines);
        outcome.file("series", bench.relative("series.csv"));
    }
}
