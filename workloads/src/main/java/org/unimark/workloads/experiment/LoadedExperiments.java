// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** What experiments under load have in common. */
final class LoadedExperiments {
    /** Of the values of a distribution, which are kept to a thousandth. */
    private static final int DIGITS = 3;

    private LoadedExperiments() {}

    /** Time of one repetition beyond the start of the system. */
    static double seconds(Effort effort) {
        return (effort.warmUp().toMillis() + effort.measured().toMillis()) / 1e3;
    }

    /**
     * Repetitions that are timed, and others whose instructions are counted, in each of which several settings follow one
     * another in the same system.
     *
     * @param moreSeconds what a repetition takes beside them
     */
    static List<Kind> timedAndCounted(Subject subject, Effort effort, int settings, double moreSeconds) {
        double seconds = settings * seconds(effort) + moreSeconds;
        return List.of(
                new Kind(Kind.TIMED, subject, InstructionCounter.Mode.OFF, effort.otherRepetitions(), seconds),
                new Kind(
                        Kind.COUNTED,
                        subject,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        seconds + settings));
    }

    /** Measures one setting as its kind says, and adds the values, whose names begin with the setting's, to the others'. */
    static void measure(String setting, LoadPlan plan, Kind kind, Running running, Bench bench, Outcome all)
            throws Rejected, IOException, InterruptedException {
        measure(setting, plan, LoadPhase.closed(bench.effort().measured()), kind, running, bench, all);
    }

    /** Likewise, with a phase of another length. */
    static void measure(
            String setting, LoadPlan plan, LoadPhase phase, Kind kind, Running running, Bench bench, Outcome all)
            throws Rejected, IOException, InterruptedException {
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            warmUp(generator, running, bench);
            all.add(
                    setting + "_",
                    kind.counting() == InstructionCounter.Mode.OFF
                            ? SteadyLoad.measure(generator, phase, running, bench, setting)
                            : Counting.perRequest(generator, phase, running, bench));
        }
    }

    /** Load before a measurement, which opens the connections; its answers are verified like all others. */
    static void warmUp(LoadGenerator generator, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        LoadChecks.require(generator.run(LoadPhase.closed(bench.effort().warmUp())), running, generator, bench);
    }

    /** Keeps the whole distribution, in HdrHistogram's log format with nanoseconds. */
    static void histogram(LoadResult result, Bench bench, String setting, Outcome outcome) throws IOException {
        histogram(result.latency(), result.intervalSeconds(), bench, setting, outcome);
    }

    /** The same of single times. */
    static void histogram(long[] nanos, double seconds, Bench bench, String setting, Outcome outcome)
            throws IOException {
        Histogram times = new Histogram(DIGITS);
        for (long time : nanos) {
            times.recordValue(time);
        }
        histogram(times, seconds, bench, setting, outcome);
    }

    private static void histogram(Histogram latency, double seconds, Bench bench, String setting, Outcome outcome)
            throws IOException {
        String suffix = setting + ".hlog";
        Path file = bench.file(suffix);
        Files.createDirectories(file.getParent());
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputLogFormatVersion();
            log.outputLegend();
            latency.setStartTimeStamp(0);
            latency.setEndTimeStamp((long) (seconds * 1e3));
            latency.setTag("latency");
            log.outputIntervalHistogram(latency);
            if (out.checkError()) {
                throw new IOException("cannot write " + file);
            }
        }
        outcome.file("histogram", bench.relative(suffix));
    }
}
