// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.results.Record;

/** All A/A controls of a run: how far apart two measurements of the same thing are, node by node. */
public final class Controls {
    /** Ends the name under which a system is measured a second time. */
    private static final String SUFFIX = "-control";

    /** Of intervals that promise 95 %, so many exclude the truth by chance. */
    private static final double CHANCE = 0.05;

    private final List<Control> controls = new ArrayList<>();
    private final TreeSet<Integer> nodesWithout = new TreeSet<>();

    public Controls(ResultTable results) {
        for (String experiment : results.experiments()) {
            for (String metric : results.metrics(experiment)) {
                if (Metrics.isTime(metric)) {
                    compare(results, experiment, metric);
                }
            }
        }
        results.records().stream().map(Record::node).forEach(nodesWithout::add);
        controls.forEach(control -> nodesWithout.remove(control.node()));
    }

    private void compare(ResultTable results, String experiment, String metric) {
        for (String again : results.systems(experiment, metric)) {
            if (!again.endsWith(SUFFIX)) {
                continue;
            }
            String system = again.substring(0, again.length() - SUFFIX.length());
            for (String setting : results.settings(experiment, metric)) {
                var first = results.byNode(experiment, metric, system, setting);
                results.byNode(experiment, metric, again, setting).forEach((node, second) -> {
                    double[] ratios = paired(second, first.getOrDefault(node, new TreeMap<>()));
                    if (ratios.length > 0) {
                        controls.add(new Control(node, experiment, metric, setting, system, Bootstrap.median(ratios)));
                    }
                });
            }
        }
    }

    /** Both of a pair belong to the same repetition, and so to the same stretch of time. */
    private static double[] paired(SortedMap<Integer, Double> above, SortedMap<Integer, Double> below) {
        return above.keySet().stream()
                .filter(repetition -> below.getOrDefault(repetition, 0.0) != 0)
                .mapToDouble(repetition -> above.get(repetition) / below.get(repetition))
                .toArray();
    }

    /** All of them, by experiment. */
    public List<Control> all() {
        return List.copyOf(controls);
    }

    private List<Control> off(String experiment) {
        return controls.stream()
                .filter(control -> control.experiment().equals(experiment) && control.isOff())
                .sorted(Comparator.comparingDouble(Control::difference).reversed())
                .toList();
    }

    private static String percent(List<Control> off) {
        return Math.round(100 * off.get(0).difference()) + " %";
    }

    /** For the reader of an experiment's numbers; empty if its controls are in order. */
    public Optional<String> notice(String experiment) {
        List<Control> off = off(experiment);
        return off.isEmpty()
                ? Optional.empty()
                : Optional.of("Two measurements of the same thing differed here by up to " + percent(off)
                        + ": differences of this experiment that are smaller are no findings. "
                        + off.stream().map(Control::text).collect(Collectors.joining("; ")) + ".");
    }

    /** For the reader of the whole run. */
    public List<String> notices() {
        List<String> notices = new ArrayList<>();
        String apart = controls.stream()
                .map(Control::experiment)
                .distinct()
                .filter(experiment -> !off(experiment).isEmpty())
                .map(experiment -> experiment + " (up to " + percent(off(experiment)) + " on "
                        + off(experiment).stream()
                                .map(control -> "node " + control.node())
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + ")")
                .collect(Collectors.joining(", "));
        if (!apart.isEmpty()) {
            notices.add("Two measurements of the same thing differed for " + apart
                    + ": smaller differences of these experiments are no findings. " + sentence());
        }
        if (!controls.isEmpty() && !nodesWithout.isEmpty()) {
            notices.add("No system was measured twice on "
                    + nodesWithout.stream().map(node -> "node " + node).collect(Collectors.joining(", "))
                    + ": how far apart two measurements of the same thing are there is not known.");
        }
        return notices;
    }

    /** How many controls are off, and how many would be by chance. */
    public String sentence() {
        long judged = controls.stream().filter(Control::isJudged).count();
        long off = controls.stream().filter(Control::isOff).count();
        if (controls.isEmpty()) {
            return "No system was measured twice in this run.";
        }
        if (judged == 0) {
            return "None of the " + controls.size()
                    + " comparisons of a system with itself has the six repetitions that a judgement needs.";
        }
        return "Of " + judged + " comparisons of a system with itself that have six repetitions or more, " + off
                + (off == 1 ? " excludes 1 and differs" : " exclude 1 and differ") + " by more than 1 %, where about "
                + Math.round(CHANCE * judged) + " would exclude 1 by chance.";
    }
}
