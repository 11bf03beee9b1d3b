// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Estimate;

/**
 * What a system that was measured twice on one node, under two names, says about the measurement: the ratio of a time or rate to
 * itself, paired by repetition. Its interval ought to contain 1.
 *
 * @param node that made both
 * @param experiment name
 * @param metric name
 * @param setting as in the table of results, often empty
 * @param system that was measured twice
 * @param ratio of the second to the first
 */
public record Control(int node, String experiment, String metric, String setting, String system, Estimate ratio) {
    /** Smaller differences matter to nobody, however certain they are: a rate that is given, for instance, varies by 10^-5. */
    private static final double SMALLEST_DIFFERENCE = 0.01;

    /** Whether there are repetitions enough to say anything: the range of fewer often lies beside 1 by chance. */
    public boolean isJudged() {
        return ratio.isInterval();
    }

    /** Whether the same thing was measured twice and was not the same. */
    public boolean isOff() {
        return isJudged() && (ratio.low() > 1 || ratio.high() < 1) && difference() > SMALLEST_DIFFERENCE;
    }

    /** How far the two are apart, as a share. */
    public double difference() {
        return Math.abs(ratio.median() - 1);
    }

    String quantity() {
        return setting.isEmpty() ? metric : metric + "[" + setting + "]";
    }

    /** For instance {@code requests_per_second on node 2: 0.8 times (0.79 to 0.81)}. */
    String text() {
        return quantity() + " on node " + node + ": " + Quantity.text(ratio.median()) + " times ("
                + Quantity.interval(ratio, "") + ")";
    }
}
