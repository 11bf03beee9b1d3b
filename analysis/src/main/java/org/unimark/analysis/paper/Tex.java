// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.paper;

import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Estimate;

/** Texts as TeX wants them. */
final class Tex {
    private Tex() {}

    /**
     * The median, and the interval if there is more than one repetition behind it. The interval has no unit of its own, unless it
     * is one that depends on the number.
     */
    static String interval(Estimate estimate, String unit) {
        String median = Quantity.text(estimate.median(), unit);
        return estimate.samples() < 2
                ? median
                : median + " (" + Quantity.interval(estimate, unit.equals("bytes") ? unit : "") + ")";
    }

    static String escaped(String text) {
        return text.replaceAll("([&%$#_{}])", "\\\\$1")
                .replace("~", "\\textasciitilde{}")
                .replace("×", "$\\times$")
                .replace("–", "--")
                .replace("→", "$\\to$");
    }
}
