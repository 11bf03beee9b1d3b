// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Values far from the others, by the median absolute deviation (Iglewicz and Hoaglin 1993). They are kept in every estimate and
 * only shown: a median and a bootstrap interval know how to live with them, and a reader should see them.
 */
public final class Outliers {
    private static final double FARTHEST = 3.5;
    private static final double TO_SIGMA = 1.4826;
    private static final int FEWEST = 4;

    private Outliers() {}

    /** The outliers in the order of {@code values}; none among fewer than four, or where more than half are equal. */
    public static List<Double> among(double[] values) {
        if (values.length < FEWEST) {
            return List.of();
        }
        double median = new Median().evaluate(values);
        double deviation = new Median()
                .evaluate(Arrays.stream(values)
                        .map(value -> Math.abs(value - median))
                        .toArray());
        double limit = FARTHEST * TO_SIGMA * deviation;
        return Arrays.stream(values)
                .filter(value -> limit > 0 && Math.abs(value - median) > limit)
                .boxed()
                .toList();
    }
}
