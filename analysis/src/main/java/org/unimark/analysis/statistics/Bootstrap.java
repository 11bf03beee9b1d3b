// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Percentile bootstrap (Efron 1979) over repetitions: the repetition is the unit that is resampled, never the request, and
 * within its node, so that nodes of different speed do not pass for noise. The seed is fixed, so that a report is reproduced to
 * the digit from the same records.
 */
public final class Bootstrap {
    public static final int RESAMPLES = 10_000;
    public static final long SEED = 20_260_101L;

    private static final double LOW_QUANTILE = 0.025;

    private Bootstrap() {}

    /** Median of {@code samples} and its interval; with one sample the interval is that sample. */
    public static Estimate median(double[] samples) {
        return median(Samples.of(samples));
    }

    /** Median of all samples; each node is resampled within itself. */
    public static Estimate median(Samples samples) {
        requireSamples(samples);
        return estimate(medianOf(samples.values()), distribution(samples, SEED), samples.count());
    }

    /** Median of {@code numerator} over median of {@code denominator}; the two are resampled independently. */
    public static Estimate ratio(double[] numerator, double[] denominator) {
        return ratio(Samples.of(numerator), Samples.of(denominator));
    }

    /**
     * Of one node, the ratio of medians. Of several, the geometric mean of the nodes' ratios, each with the weight of its
     * repetitions: a node that made only one of the two says nothing about it. If no node made both, medians over all nodes are
     * all that there is.
     */
    public static Estimate ratio(Samples numerator, Samples denominator) {
        requireSamples(numerator);
        requireSamples(denominator);
        Set<Integer> shared = numerator.nodesSharedWith(denominator);
        if (shared.isEmpty()) {
            return ratioOfMedians(numerator, denominator);
        }
        if (shared.size() == 1) {
            int node = shared.iterator().next();
            return ratioOfMedians(Samples.of(numerator.of(node)), Samples.of(denominator.of(node)));
        }
        return ratioByNode(numerator, denominator, shared);
    }

    private static Estimate ratioOfMedians(Samples numerator, Samples denominator) {
        double[] above = distribution(numerator, SEED);
        // A second stream: the same draws for both sides would correlate them.
        double[] below = distribution(denominator, SEED + 1);
        double[] ratios = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            ratios[i] = above[i] / below[i];
        }
        return estimate(
                medianOf(numerator.values()) / medianOf(denominator.values()),
                ratios,
                Math.min(numerator.count(), denominator.count()));
    }

    private static Estimate ratioByNode(Samples numerator, Samples denominator, Set<Integer> nodes) {
        double[] logarithms = new double[RESAMPLES];
        List<Double> alone = new ArrayList<>();
        double sum = 0;
        int pairs = 0;
        long seed = SEED;
        for (int node : nodes) {
            double[] above = numerator.of(node);
            double[] below = denominator.of(node);
            int weight = Math.min(above.length, below.length);
            double logarithm = Math.log(medianOf(above) / medianOf(below));
            sum += weight * logarithm;
            pairs += weight;
            if (weight == 1) {
                alone.add(logarithm);
                continue;
            }
            double[] drawnAbove = distribution(Samples.of(above), seed++);
            double[] drawnBelow = distribution(Samples.of(below), seed++);
            for (int i = 0; i < RESAMPLES; i++) {
                logarithms[i] += weight * Math.log(drawnAbove[i] / drawnBelow[i]);
            }
        }
        addDrawsAmong(alone, logarithms, seed);
        for (int i = 0; i < RESAMPLES; i++) {
            logarithms[i] = Math.exp(logarithms[i] / pairs);
        }
        return estimate(Math.exp(sum / pairs), logarithms, pairs);
    }

    /** Nodes with a single pair have no spread of their own: their ratios are resampled among each other. */
    private static void addDrawsAmong(List<Double> alone, double[] logarithms, long seed) {
        RandomGenerator random = new Well19937c(seed);
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < alone.size(); j++) {
                logarithms[i] += alone.get(random.nextInt(alone.size()));
            }
        }
    }

    private static double[] distribution(Samples samples, long seed) {
        RandomGenerator random = new Well19937c(seed);
        List<double[]> strata = samples.strata();
        double[] medians = new double[RESAMPLES];
        double[] draw = new double[samples.count()];
        for (int i = 0; i < RESAMPLES; i++) {
            int drawn = 0;
            for (double[] stratum : strata) {
                for (int j = 0; j < stratum.length; j++) {
                    draw[drawn++] = stratum[random.nextInt(stratum.length)];
                }
            }
            medians[i] = medianOf(draw);
        }
        return medians;
    }

    private static Estimate estimate(double median, double[] distribution, int samples) {
        Arrays.sort(distribution);
        int low = (int) Math.floor(LOW_QUANTILE * (RESAMPLES - 1));
        return new Estimate(median, distribution[low], distribution[RESAMPLES - 1 - low], samples);
    }

    private static double medianOf(double[] samples) {
        return new Median().evaluate(samples);
    }

    private static void requireSamples(Samples samples) {
        if (samples.count() == 0) {
            throw new IllegalArgumentException("no samples");
        }
    }
}
