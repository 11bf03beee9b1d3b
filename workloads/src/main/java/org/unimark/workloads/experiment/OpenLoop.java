// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import org.unimark.workloads.load.LoadError;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadResult;

/** Latency at one rate of arrival. */
final class OpenLoop {
    /** A system that falls behind more than this has no latency at that rate: it would grow for as long as one looks. */
    private static final double LOWEST_ACHIEVED = 0.97;

    private OpenLoop() {}

    /**
     * Offers so many requests a second. A rate that the system does not reach is a problem of that rate only.
     *
     * @param setting unique within the repetition, for the name of the file with the distribution
     */
    static Outcome atRate(LoadGenerator generator, double rate, String setting, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        ProcessorTime processor = new ProcessorTime(running.instance());
        LoadResult result = generator.run(LoadPhase.open(rate, bench.effort().measured()));
        double cores = processor.cores();
        if (result.errors().containsKey(LoadError.UNSERVED)) {
            return Outcome.rejected(
                    result.intervalSeconds(),
                    running.failure(String.format("%.0f requests a second are more than it answers", rate)));
        }
        LoadChecks.require(result, running, generator, bench);
        double achieved = sustained(result);
        Outcome outcome = describe(result);
        if (!result.saturated() && achieved < rate * LOWEST_ACHIEVED) {
            String problem = String.format("of %.0f requests a second it answered only %.0f", rate, achieved);
            return Outcome.rejected(result.intervalSeconds(), running.failure(problem));
        }
        outcome.context("offered_rate", rate)
                .context("system_cores", cores)
                .file("console", bench.relative("console.txt"));
        LoadedExperiments.histogram(result, bench, setting, outcome);
        return outcome;
    }

    static Outcome describe(LoadResult result) {
        Outcome outcome = Outcome.of(result.intervalSeconds())
                .value("achieved_rate", sustained(result))
                .context("lateness_p99_ms", result.lateness().getValueAtPercentile(99) / 1e6);
        LoadChecks.latency(result, outcome);
        return LoadChecks.judge(result, outcome);
    }

    /** The rate of answers, where those to the last requests may take as long as others did. */
    private static double sustained(LoadResult result) {
        double usual = result.serviceTime().getValueAtPercentile(50) / 1e9;
        return result.completed() / Math.max(result.intervalSeconds(), result.totalSeconds() - usual);
    }
}
