// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.compare;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.report.Pages;

/** A comparison as one page. */
public final class ComparisonPage {
    /** The strip of an interval shows ratios from 1/2 to 2; what lies beyond sticks to its ends. */
    private static final double STRIP_DOUBLINGS = 1;

    private ComparisonPage() {}

    public static String html(Comparison comparison) throws IOException {
        long different = comparison.changes().stream().filter(Change::differs).count();
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("first", comparison.first());
        model.put("second", comparison.second());
        model.put("sameKind", comparison.sameKindOfMachine());
        model.put(
                "summary",
                different + " of " + comparison.changes().size() + " quantities differ by more than noise"
                        + (comparison.undecided() == 0
                                ? "."
                                : "; of " + comparison.undecided() + " there are too few repetitions to tell."));
        model.put("intervals", comparison.intervals());
        model.put(
                "changes",
                comparison.changes().stream().map(ComparisonPage::row).toList());
        List<Map<String, String>> circumstances = comparison.circumstances().entrySet().stream()
                .map(entry -> Map.of("name", entry.getKey(), "value", entry.getValue()))
                .toList();
        model.put("circumstances", circumstances);
        model.put("lonely", comparison.onlyInOne());
        model.put("hasLonely", !comparison.onlyInOne().isEmpty());
        return Pages.fill("compare.html", model);
    }

    private static Map<String, Object> row(Change change) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", change.key());
        row.put("before", Quantity.text(change.before(), change.unit()));
        row.put("beforeSort", Double.toString(change.before()));
        row.put("after", Quantity.text(change.after(), change.unit()));
        row.put("afterSort", Double.toString(change.after()));
        row.put("ratio", Quantity.text(change.ratio().median()));
        row.put("ratioSort", Double.toString(change.ratio().median()));
        row.put(
                "interval",
                Quantity.text(change.ratio().low()) + " – "
                        + Quantity.text(change.ratio().high()));
        double left = percent(change.ratio().low());
        row.put("left", number(left));
        row.put("width", number(percent(change.ratio().high()) - left));
        row.put("at", number(percent(change.ratio().median())));
        row.put("effect", number(change.effect()));
        row.put("magnitude", change.magnitude());
        row.put("probability", String.format(Locale.ROOT, "%.3g", change.adjusted()));
        row.put("rank", Integer.toString(change.verdict().ordinal()));
        row.put("verdict", change.verdict().text());
        row.put("verdictClass", change.verdict().text().replace(' ', '-'));
        return row;
    }

    private static double percent(double ratio) {
        double doublings = Math.log(Math.max(ratio, Double.MIN_NORMAL)) / Math.log(2);
        return 50 + 50 * Math.max(-1, Math.min(1, doublings / STRIP_DOUBLINGS));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
