// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Percentile bootstrap (Efron 1979) over repetitions: the repetition is the unit that is resampled, never the request.
 * The seed is fixed, so that a report is reproduced to the digit from the same records.
 */
public final class Bootstrap {
    public static final int RESAMPLES = 10_000;
    public static final long SEED = 20_260_101L;

    private static final double LOW_QUANTILE = 0.025;

    private Bootstrap() {}

    /** Median of {@code samples} and its interval; with one sample the interval is that sample. */
    public static Estimate median(double[] samples) {
        requireSamples(samples);
        double[] resampled = distribution(samples, Bootstrap::medianOf);
        return estimate(medianOf(samples), resampled, samples.length);
    }

    /** Median of {@code numerator} over median of {@code denominator}; the two are resampled independently. */
    public static Estimate ratio(double[] numerator, double[] denominator) {
        requireSamples(numerator);
        requireSamples(denominator);
        double[] above = distribution(numerator, Bootstrap::medianOf);
        // A second stream: the same draws for both sides would correlate them.
        double[] below = distribution(denominator, Bootstrap::medianOf, SEED + 1);
        double[] ratios = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            ratios[i] = above[i] / below[i];
        }
        return estimate(
                medianOf(numerator) / medianOf(denominator), ratios, Math.min(numerator.length, denominator.length));
    }

    private static double[] distribution(double[] samples, ToDoubleFunction<double[]> statistic) {
        return distribution(samples, statistic, SEED);
    }

    private static double[] distribution(double[] samples, ToDoubleFunction<double[]> statistic, long seed) {
        RandomGenerator random = new Well19937c(seed);
        double[] values = new double[RESAMPLES];
        double[] draw = new double[samples.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < draw.length; j++) {
                draw[j] = samples[random.nextInt(samples.length)];
            }
            values[i] = statistic.applyAsDouble(draw);
        }
        return values;
    }

    private static Estimate estimate(double median, double[] distribution, int samples) {
        Arrays.sort(distribution);
        int low = (int) Math.floor(LOW_QUANTILE * (RESAMPLES - 1));
        return new Estimate(median, distribution[low], distribution[RESAMPLES - 1 - low], samples);
    }

    private static double medianOf(double[] samples) {
        return new Median().evaluate(samples);
    }

    private static void requireSamples(double[] samples) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
    }
}
