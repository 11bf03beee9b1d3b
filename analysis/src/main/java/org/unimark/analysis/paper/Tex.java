// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.paper;

import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Estimate;

/** Texts as TeX wants them. */
final class Tex {
    private Tex() {}

    /** The median, and the interval if there is more than one repetition behind it. */
    static String interval(Estimate estimate, String unit) {
        return Quantity.text(estimate.median(), unit)
                + (estimate.samples() < 2
                        ? ""
                        : " (" + Quantity.text(estimate.low(), unit) + " to " + Quantity.text(estimate.high(), unit)
                                + ")");
    }

    static String escaped(String text) {
        return text.replaceAll("([&%$#_{}])", "\\\\$1")
                .replace("~", "\\textasciitilde{}")
                .replace("×", "$\\times$")
                .replace("–", "--")
                .replace("→", "$\\to$");
    }
}
