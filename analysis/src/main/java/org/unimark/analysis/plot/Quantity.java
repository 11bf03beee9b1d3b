// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.plot;

import java.util.Locale;
import org.unimark.analysis.statistics.Estimate;

/** Numbers for people: three significant digits, thousands apart. */
public final class Quantity {
    private Quantity() {}

    /** For axes: {@code 12,000} becomes {@code 12k}. */
    static String compact(double value) {
        double magnitude = Math.abs(value);
        if (magnitude >= 1e9) {
            return trim(value / 1e9) + "G";
        }
        if (magnitude >= 1e6) {
            return trim(value / 1e6) + "M";
        }
        return magnitude >= 1e3 ? trim(value / 1e3) + "k" : trim(value);
    }

    private static String trim(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    /** For tables and labels: {@code 12,345}, {@code 123}, {@code 12.3}, {@code 1.23}, {@code 0.0123}; {@code 3} if it is a count. */
    public static String text(double value) {
        double magnitude = Math.abs(value);
        if (magnitude == 0) {
            return "0";
        }
        if (magnitude >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (magnitude >= 10) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        if (magnitude >= 1) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
        return String.format(Locale.ROOT, "%.3g", value);
    }

    /** With the unit; bytes become KiB and MiB, large milliseconds seconds. */
    public static String text(double value, String unit) {
        if (unit.equals("bytes")) {
            return value >= 1 << 20 ? text(value / (1 << 20)) + " MiB" : text(value / 1024) + " KiB";
        }
        return unit.isEmpty() ? text(value) : text(value) + " " + unit;
    }

    /** The interval of an estimate, said to be a range where it is no more than that, or that there is none. */
    public static String interval(Estimate estimate, String unit) {
        if (estimate.samples() < 2) {
            return "one repetition";
        }
        return text(estimate.low(), unit) + " to " + text(estimate.high(), unit)
                + (estimate.isInterval() ? "" : ", range of " + estimate.samples());
    }
}
