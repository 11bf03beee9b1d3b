// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.Arrays;
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

    /** Which values are outliers; none among fewer than four, or where more than half of the values are equal. */
    public static boolean[] of(double[] values) {
        boolean[] outliers = new boolean[values.length];
        if (values.length < FEWEST) {
            return outliers;
        }
        double median = new Median().evaluate(values);
        double[] distances =
                Arrays.stream(values).map(value -> Math.abs(value - median)).toArray();
        double limit = FARTHEST * TO_SIGMA * new Median().evaluate(distances);
        for (int i = 0; i < values.length; i++) {
            outliers[i] = limit > 0 && distances[i] > limit;
        }
        return outliers;
    }

    public static int count(double[] values) {
        int count = 0;
        for (boolean outlier : of(values)) {
            count += outlier ? 1 : 0;
        }
        return count;
    }
}
