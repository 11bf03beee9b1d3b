// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.micro;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Times all parts in forked JVMs. */
public final class MicroRun {
    private static final TimeValue ITERATION = TimeValue.milliseconds(500);
    private static final int WARM_UPS = 3;
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private MicroRun() {}

    /**
     * What JMH says about one part.
     *
     * @param nanoseconds a run, mean of all iterations
     * @param error half the width of JMH's 99.9 % interval, in nanoseconds
     * @param allocatedBytes on the Java heap, a run
     */
    public record Timing(double nanoseconds, double error, double allocatedBytes) {}

    /**
     * Runs JMH.
     *
     * @param forks JVMs, one after another, for each part
     * @param iterations of half a second, measured in each of them
     * @param output in JMH's JSON format
     * @param progress where JMH tells what it does, with the time left
     * @return timings by name of the part
     */
    public static Map<String, Timing> time(int forks, int iterations, Path output, PrintStream progress)
            throws RunnerException {
        Options options = new OptionsBuilder()
                .include(PartBenchmarks.class.getName())
                .forks(forks)
                .warmupIterations(WARM_UPS)
                .warmupTime(ITERATION)
                .measurementIterations(iterations)
                .measurementTime(ITERATION)
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                .resultFormat(ResultFormatType.JSON)
                .result(output.toString())
                .build();
        OutputFormat format = OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL);
        Map<String, Timing> timings = new TreeMap<>();
        for (RunResult result : new Runner(options, format).run()) {
            Result<?> primary = result.getPrimaryResult();
            Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
            timings.put(
                    primary.getLabel(),
                    new Timing(
                            primary.getScore(),
                            primary.getScoreError(),
                            allocation == null ? Double.NaN : allocation.getScore()));
        }
        return timings;
    }
}
