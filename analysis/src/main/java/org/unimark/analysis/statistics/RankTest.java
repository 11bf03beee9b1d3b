// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.util.CombinatoricsUtils;

/**
 * The test of Mann and Whitney whether one of two groups tends to larger values, with the effect size of Vargha and Delaney.
 * Exact for small groups, ties included; a normal approximation with correction for ties beyond.
 *
 * @param probability two-sided: that groups without a difference would look at least as different
 * @param effect A12: the probability that a value of the first group is larger than one of the second, ties half
 */
public record RankTest(double probability, double effect) {
    private static final int EXACT_UP_TO = 40;
    private static final double SMALL = 0.06;
    private static final double MEDIUM = 0.14;
    private static final double LARGE = 0.21;

    public static RankTest of(double[] first, double[] second) {
        if (first.length == 0 || second.length == 0) {
            throw new IllegalArgumentException("a comparison needs two groups with values");
        }
        int[] doubledRanks = doubledRanks(first, second);
        long sum = Arrays.stream(doubledRanks, 0, first.length).asLongStream().sum();
        double pairs = (double) first.length * second.length;
        double effect = (sum / 2.0 - first.length * (first.length + 1) / 2.0) / pairs;
        double probability = first.length + second.length <= EXACT_UP_TO
                ? exact(doubledRanks, first.length, sum)
                : approximate(doubledRanks, first.length, effect * pairs);
        return new RankTest(probability, effect);
    }

    /** What the exact test says of two groups of these sizes that lie wholly apart: whatever their values, no less. */
    public static double smallestProbability(int first, int second) {
        return 2 / CombinatoricsUtils.binomialCoefficientDouble(first + second, first);
    }

    /** The words of Vargha and Delaney (2000). */
    public String magnitude() {
        double distance = Math.abs(effect - 0.5);
        if (distance < SMALL) {
            return "negligible";
        }
        return distance < MEDIUM ? "small" : distance < LARGE ? "medium" : "large";
    }

    /** Ranks of all values times two, so that the ranks of ties are whole numbers; the first group comes first. */
    private static int[] doubledRanks(double[] first, double[] second) {
        double[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        int[] ranks = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            int low = 0;
            int high = sorted.length;
            for (double value : sorted) {
                low += value < all[i] ? 1 : 0;
                high -= value > all[i] ? 1 : 0;
            }
            ranks[i] = low + 1 + high;
        }
        return ranks;
    }

    /** Counts, for all ways to choose the first group among the values, how many have each sum of ranks. */
    private static double exact(int[] doubledRanks, int size, long observed) {
        int total = Arrays.stream(doubledRanks).sum();
        double[][] ways = new double[size + 1][total + 1];
        ways[0][0] = 1;
        for (int rank : doubledRanks) {
            for (int chosen = size; chosen > 0; chosen--) {
                for (int sum = total; sum >= rank; sum--) {
                    ways[chosen][sum] += ways[chosen - 1][sum - rank];
                }
            }
        }
        double centre = (double) total * size / doubledRanks.length;
        double distance = Math.abs(observed - centre);
        double extreme = 0;
        double all = 0;
        for (int sum = 0; sum <= total; sum++) {
            all += ways[size][sum];
            extreme += Math.abs(sum - centre) >= distance - 1e-9 ? ways[size][sum] : 0;
        }
        return extreme / all;
    }

    private static double approximate(int[] doubledRanks, int size, double statistic) {
        double n = doubledRanks.length;
        double pairs = size * (n - size);
        double ties = 0;
        int[] sorted = doubledRanks.clone();
        Arrays.sort(sorted);
        for (int start = 0; start < sorted.length; ) {
            int end = start;
            while (end < sorted.length && sorted[end] == sorted[start]) {
                end++;
            }
            double equal = end - start;
            ties += equal * equal * equal - equal;
            start = end;
        }
        double variance = pairs / 12 * (n + 1 - ties / (n * (n - 1)));
        if (variance <= 0) {
            return 1;
        }
        double z = Math.max(0, Math.abs(statistic - pairs / 2) - 0.5) / Math.sqrt(variance);
        return 2 * (1 - new NormalDistribution().cumulativeProbability(z));
    }
}
