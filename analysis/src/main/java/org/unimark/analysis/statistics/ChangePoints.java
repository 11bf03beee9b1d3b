// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the mean of a series changes: optimal partitioning (Jackson et al. 2005) for normally distributed noise. It finds what PELT
 * (Killick, Fearnhead and Eckley 2012) finds; series of a few hundred values need no pruning. The noise is estimated from the differences of neighbours, which a shift of the mean hardly
 * touches; the penalty is that of Yao's criterion with a margin, so that white noise is rarely cut.
 */
public final class ChangePoints {
    private static final int SHORTEST_SEGMENT = 3;
    private static final double PENALTY_FACTOR = 4;
    /** Of the median absolute difference of neighbours, to the standard deviation of one value. */
    private static final double TO_SIGMA = 1.4826 / Math.sqrt(2);
    /** Below this share of the mean a difference is not of interest, however little noise there is. */
    private static final double SMALLEST_SIGMA = 0.005;

    private final double[] sums;
    private final double[] squares;
    private final double variance;

    private ChangePoints(double[] series) {
        sums = new double[series.length + 1];
        squares = new double[series.length + 1];
        for (int i = 0; i < series.length; i++) {
            sums[i + 1] = sums[i] + series[i];
            squares[i + 1] = squares[i] + series[i] * series[i];
        }
        double sigma = Math.max(noise(series), SMALLEST_SIGMA * Math.abs(mean(0, series.length)));
        variance = Math.max(sigma * sigma, Double.MIN_NORMAL);
    }

    /** First indices of all segments, the first of which starts at 0; an empty series has none. */
    public static List<Integer> starts(double[] series) {
        if (series.length == 0) {
            return List.of();
        }
        return new ChangePoints(series).partition(series.length);
    }

    /** Standard deviation of one value around a mean that changes rarely. */
    static double noise(double[] series) {
        if (series.length < 2) {
            return 0;
        }
        double[] differences = new double[series.length - 1];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = Math.abs(series[i + 1] - series[i]);
        }
        Arrays.sort(differences);
        return differences[differences.length / 2] * TO_SIGMA;
    }

    private List<Integer> partition(int length) {
        double penalty = PENALTY_FACTOR * Math.log(Math.max(2, length));
        double[] best = new double[length + 1];
        int[] previous = new int[length + 1];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        best[0] = -penalty;
        for (int end = 1; end <= length; end++) {
            for (int start = 0; start <= end - Math.min(SHORTEST_SEGMENT, length); start++) {
                double cost = best[start] + cost(start, end) + penalty;
                if (cost < best[end]) {
                    best[end] = cost;
                    previous[end] = start;
                }
            }
        }
        List<Integer> starts = new ArrayList<>();
        for (int end = length; end > 0; end = previous[end]) {
            starts.add(0, previous[end]);
        }
        return starts;
    }

    private double mean(int start, int end) {
        return (sums[end] - sums[start]) / (end - start);
    }

    private double cost(int start, int end) {
        double sum = sums[end] - sums[start];
        return (squares[end] - squares[start] - sum * sum / (end - start)) / variance;
    }
}
