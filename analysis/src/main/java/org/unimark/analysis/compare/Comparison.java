// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.claims.Ledger;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.analysis.statistics.Holm;
import org.unimark.analysis.statistics.RankTest;
import org.unimark.analysis.statistics.Samples;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;

/**
 * Two runs side by side.
 *
 * @param first name of the run that is compared with
 * @param second name of the newer run
 * @param circumstances that differ: name to "before → after"; empty if the two are alike
 * @param changes of all quantities that both have, in the order of the summary
 * @param onlyInOne quantities that one of them lacks
 */
public record Comparison(
        String first, String second, Map<String, String> circumstances, List<Change> changes, List<String> onlyInOne) {
    /** Smaller differences are of no interest, however certain. */
    public static final double DEFAULT_THRESHOLD = 0.02;

    private static final double LEVEL = 0.05;
    private static final int DIGEST_CHARACTERS = 12;

    private record Quantity(String experiment, String metric, String setting, String system) {
        String key() {
            return experiment + "/" + metric + (setting.isEmpty() ? "" : "[" + setting + "]") + "/" + system;
        }

        double[] values(ResultTable results) {
            return results.values(experiment, metric, system, setting);
        }
    }

    public static Comparison of(RunDirectory first, RunDirectory second, double threshold) throws IOException {
        ResultTable before = new ResultTable(first.records());
        ResultTable after = new ResultTable(second.records());
        List<Quantity> both = new ArrayList<>();
        List<String> lonely = new ArrayList<>();
        Map<String, Quantity> all = quantities(before);
        all.putAll(quantities(after));
        for (Quantity quantity : all.values()) {
            if (quantity.values(before).length > 0 && quantity.values(after).length > 0) {
                both.add(quantity);
            } else {
                lonely.add(quantity.key());
            }
        }
        return new Comparison(
                first.info().id(),
                second.info().id(),
                circumstances(first.info(), second.info()),
                changes(both, before, after, threshold),
                lonely);
    }

    private static Map<String, Quantity> quantities(ResultTable results) {
        Map<String, Quantity> quantities = new TreeMap<>();
        for (String experiment : results.experiments()) {
            for (String metric : results.metrics(experiment)) {
                for (String setting : results.settings(experiment, metric)) {
                    for (String system : results.systems(experiment, metric)) {
                        Quantity quantity = new Quantity(experiment, metric, setting, system);
                        if (quantity.values(results).length > 0) {
                            quantities.put(quantity.key(), quantity);
                        }
                    }
                }
            }
        }
        return quantities;
    }

    private static List<Change> changes(
            List<Quantity> quantities, ResultTable before, ResultTable after, double threshold) {
        List<RankTest> tests = new ArrayList<>();
        for (Quantity quantity : quantities) {
            double[] one = quantity.values(after);
            double[] other = quantity.values(before);
            boolean more = Metrics.of(quantity.metric()).higherIsBetter();
            tests.add(more ? RankTest.of(one, other) : RankTest.of(other, one));
        }
        double[] adjusted =
                Holm.adjust(tests.stream().mapToDouble(RankTest::probability).toArray());
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < quantities.size(); i++) {
            Quantity quantity = quantities.get(i);
            double[] one = quantity.values(after);
            double[] other = quantity.values(before);
            // Nodes of the same number in two runs need not be the same machines.
            Estimate ratio = Ledger.advantage(quantity.metric(), Samples.of(one), Samples.of(other));
            RankTest test = tests.get(i);
            boolean exact = Metrics.isExact(quantity.metric());
            boolean certain = exact ? apart(one, other) : adjusted[i] < LEVEL;
            boolean likely = certain || test.probability() < LEVEL;
            boolean tooFew = !exact && RankTest.smallestProbability(one.length, other.length) >= LEVEL;
            changes.add(new Change(
                    quantity.key(),
                    Metrics.of(quantity.metric()).unit(),
                    Bootstrap.median(other).median(),
                    Bootstrap.median(one).median(),
                    ratio,
                    test.probability(),
                    adjusted[i],
                    test.effect(),
                    test.magnitude(),
                    tooFew ? Change.Verdict.TOO_FEW : verdict(ratio, certain, likely, threshold)));
        }
        return changes;
    }

    /** Counts hardly vary, so that few of them suffice: all of one run lie on the same side of all of the other. */
    private static boolean apart(double[] one, double[] other) {
        double lowest = Arrays.stream(one).min().orElseThrow();
        double highest = Arrays.stream(one).max().orElseThrow();
        return lowest > Arrays.stream(other).max().orElseThrow()
                || highest < Arrays.stream(other).min().orElseThrow();
    }

    private static Change.Verdict verdict(Estimate ratio, boolean certain, boolean likely, double threshold) {
        boolean better = ratio.low() > 1 && ratio.median() > 1 + threshold;
        boolean worse = ratio.high() < 1 && ratio.median() < 1 / (1 + threshold);
        if (better && likely) {
            return certain ? Change.Verdict.BETTER : Change.Verdict.LIKELY_BETTER;
        }
        if (worse && likely) {
            return certain ? Change.Verdict.WORSE : Change.Verdict.LIKELY_WORSE;
        }
        return Change.Verdict.NOISE;
    }

    private static Map<String, String> circumstances(RunInfo first, RunInfo second) {
        Map<String, String> differences = new TreeMap<>();
        differ(differences, "accelerator", first.accelerator(), second.accelerator());
        differ(differences, "commit", commit(first), commit(second));
        differ(differences, "profile", first.profile(), second.profile());
        differ(differences, "host: ", first.host(), second.host());
        differ(differences, "version of ", first.versions(), second.versions());
        Map<String, String> before = shortened(first.images());
        differ(differences, "image ", before, shortened(second.images()));
        return differences;
    }

    private static String commit(RunInfo info) {
        return info.commit() + (info.dirty() ? " with changes" : "");
    }

    private static Map<String, String> shortened(Map<String, String> digests) {
        Map<String, String> images = new TreeMap<>();
        digests.forEach((name, digest) ->
                images.put(name, digest.substring(0, Math.min(DIGEST_CHARACTERS, digest.length()))));
        return images;
    }

    private static void differ(
            Map<String, String> differences, String prefix, Map<String, String> first, Map<String, String> second) {
        TreeSet<String> names = new TreeSet<>(first.keySet());
        names.addAll(second.keySet());
        // It is measured anew in each run.
        names.remove("load generator capacity");
        names.forEach(name -> differ(differences, prefix + name, first.get(name), second.get(name)));
    }

    private static void differ(Map<String, String> differences, String name, String first, String second) {
        if (!Objects.equals(first, second)) {
            differences.put(
                    name,
                    Objects.requireNonNullElse(first, "absent") + " → " + Objects.requireNonNullElse(second, "absent"));
        }
    }

    /** Whether times of the two may be compared at all: the same accelerator on the same kind of processor. */
    public boolean sameKindOfMachine() {
        return !circumstances.containsKey("accelerator")
                && !circumstances.containsKey("host: processor")
                && !circumstances.containsKey("host: cores");
    }

    /** Of how many quantities one cannot tell, because the rank test could not say so whatever their values. */
    public long undecided() {
        return changes.stream()
                .filter(change -> change.verdict() == Change.Verdict.TOO_FEW)
                .count();
    }

    /** What the intervals of the ratios are called. */
    public String intervals() {
        return Estimate.called(
                changes.stream().map(change -> change.ratio().samples()).toList());
    }

    public boolean worse() {
        return changes.stream().anyMatch(change -> change.verdict() == Change.Verdict.WORSE);
    }
}
