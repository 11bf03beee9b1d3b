// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.claims;

import org.unimark.analysis.statistics.Estimate;

/** What a run says about a claim. */
public enum Verdict {
    STRONGER("stronger than published"),
    REPRODUCED("reproduced"),
    SUPPORTED("supported; no comparable figure is published"),
    MIXED("supported for some comparisons, refuted for others"),
    WEAKER("weaker than published"),
    UNDECIDED("undecided: the interval contains no difference"),
    REFUTED("refuted"),
    NOT_REPEATED("no verdict: measured only once"),
    NOT_TESTED("not tested in this run"),
    NOT_TESTABLE("not testable here");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Without what explains it, where several are counted. */
    String inBrief() {
        return text.replaceFirst("[:;].*", "");
    }

    /**
     * The rule for ratios: above the published range is stronger, overlapping it is reproduced, below it but above 1 is
     * weaker; an interval that contains 1 decides nothing unless it also reaches the range; wholly below 1 refutes.
     */
    public static Verdict ofRatio(Estimate ratio, double low, double high) {
        if (ratio.low() > high) {
            return STRONGER;
        }
        if (ratio.high() < 1) {
            return REFUTED;
        }
        if (ratio.low() <= 1) {
            return UNDECIDED;
        }
        return ratio.high() >= low ? REPRODUCED : WEAKER;
    }

    /** The rule for absolute values, the smaller the better: wholly below the bound reproduces, wholly above refutes. */
    public static Verdict ofBound(Estimate value, double bound) {
        if (value.high() <= bound) {
            return REPRODUCED;
        }
        return value.low() > bound ? REFUTED : UNDECIDED;
    }

    /** The same without a published figure, where a run can only say that it goes the claimed way. */
    Verdict withoutFigure() {
        return this == REPRODUCED ? SUPPORTED : this;
    }
}
