// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.Collection;
import java.util.List;

/**
 * A median with its interval: a 95 % interval if there are repetitions enough for one, else their range.
 *
 * @param median of the samples (or ratio of medians)
 * @param low 2.5 % quantile of the bootstrap distribution
 * @param high 97.5 % quantile
 * @param samples repetitions behind it (for a ratio: of the smaller side)
 */
public record Estimate(double median, double low, double high, int samples) {
    /**
     * Of so many values the smallest and the largest enclose the true median with a probability of 1 - 2 * 0.5^6 = 97 %; of five
     * with 94 %, of two with 50 %. No interval of values can do better than their range.
     */
    public static final int FEWEST_FOR_INTERVAL = 6;

    /** Whether {@code low} and {@code high} enclose the true median with about the probability that 95 % promises. */
    public boolean isInterval() {
        return samples >= FEWEST_FOR_INTERVAL;
    }

    /** What {@code low} and {@code high} are where one word must do for estimates of these numbers of repetitions. */
    public static String called(Collection<Integer> repetitions) {
        List<Integer> few = repetitions.stream()
                .filter(count -> count > 1 && count < FEWEST_FOR_INTERVAL)
                .distinct()
                .sorted()
                .toList();
        boolean many = repetitions.stream().anyMatch(count -> count >= FEWEST_FOR_INTERVAL);
        if (few.isEmpty()) {
            return many ? "95 % interval" : "no interval, for there is one repetition";
        }
        int last = few.get(few.size() - 1);
        String range = "range of " + few.get(0) + (few.size() == 1 ? "" : " to " + last) + " repetitions";
        return many ? "95 % interval, or " + range : range;
    }
}
