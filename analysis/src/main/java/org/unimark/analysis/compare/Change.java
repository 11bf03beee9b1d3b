// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.compare;

import org.unimark.analysis.statistics.Estimate;

/**
 * One quantity of one system in two runs.
 *
 * @param key as in the summary: {@code experiment/metric[setting]/system}
 * @param unit of both medians
 * @param before median of the first run
 * @param after median of the second
 * @param ratio turned so that more than 1 is better, with its interval
 * @param probability of the rank test, not corrected
 * @param adjusted the same, corrected by Holm for all quantities compared
 * @param effect Vargha and Delaney's A12: the probability that a value of the second run is the better one
 * @param magnitude the effect in a word: negligible, small, medium or large
 * @param verdict what to think of it
 */
public record Change(
        String key,
        String unit,
        double before,
        double after,
        Estimate ratio,
        double probability,
        double adjusted,
        double effect,
        String magnitude,
        Verdict verdict) {
    /** Whether there is more to it than noise, as far as one can tell. */
    public boolean differs() {
        return verdict != Verdict.NOISE && verdict != Verdict.TOO_FEW;
    }

    /** From best to worst. */
    public enum Verdict {
        BETTER("better"),
        LIKELY_BETTER("probably better"),
        NOISE("noise"),
        TOO_FEW("too few repetitions to tell"),
        LIKELY_WORSE("probably worse"),
        WORSE("worse");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
