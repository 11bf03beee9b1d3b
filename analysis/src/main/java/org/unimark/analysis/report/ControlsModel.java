// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unimark.analysis.Control;
import org.unimark.analysis.Controls;
import org.unimark.analysis.Headline;
import org.unimark.analysis.plot.Quantity;

/** The report's section on controls: main quantities and what is off in a table, all others folded. */
final class ControlsModel {
    private ControlsModel() {}

    static Map<String, Object> of(Controls controls) {
        List<Control> main = controls.all().stream()
                .filter(control -> control.isOff() || isMain(control))
                .toList();
        List<Control> others = controls.all().stream()
                .filter(control -> !main.contains(control))
                .toList();
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("sentence", controls.sentence());
        model.put("hasControls", !controls.all().isEmpty());
        model.put("main", main.stream().map(ControlsModel::row).toList());
        model.put("others", others.stream().map(ControlsModel::row).toList());
        model.put("count", Integer.toString(others.size()));
        return model;
    }

    private static boolean isMain(Control control) {
        return control.metric().equals(Headline.metric(control.experiment()));
    }

    private static Map<String, String> row(Control control) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("experiment", control.experiment());
        row.put("quantity", control.metric() + (control.setting().isEmpty() ? "" : ", " + control.setting()));
        row.put("node", Integer.toString(control.node()));
        row.put("ratio", Quantity.text(control.ratio().median()));
        row.put("interval", Quantity.interval(control.ratio(), ""));
        row.put("difference", Double.toString(control.difference()));
        row.put("judgement", judgement(control));
        row.put("class", control.isOff() ? "refuted" : control.isJudged() ? "reproduced" : "undecided");
        return row;
    }

    private static String judgement(Control control) {
        if (!control.isJudged()) {
            return "too few repetitions to tell";
        }
        return control.isOff() ? "not the same" : "the same";
    }
}
