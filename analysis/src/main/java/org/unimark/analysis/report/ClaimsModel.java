// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.claims.Ledger;
import org.unimark.analysis.claims.Verdict;
import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Estimate;

/** The report's section on claims: each with its verdict, what its other tests say, and what the verdict rests on. */
final class ClaimsModel {
    private ClaimsModel() {}

    static List<Map<String, Object>> of(List<Ledger.Judgement> judgements) {
        return judgements.stream().map(ClaimsModel::claim).toList();
    }

    /** What the intervals of all tests are called. */
    static String intervals(List<Ledger.Judgement> judgements) {
        List<Integer> repetitions = new ArrayList<>();
        judgements.forEach(judgement -> judgement
                .tested()
                .forEach(outcome -> repetitions.add(outcome.estimate().samples())));
        return Estimate.called(repetitions);
    }

    private static Map<String, Object> claim(Ledger.Judgement judgement) {
        Map<String, Object> claim = new LinkedHashMap<>();
        claim.put("id", judgement.claim().id());
        claim.put("claim", judgement.claim().claim());
        claim.put("published", judgement.claim().published());
        claim.put("source", judgement.claim().source());
        claim.put("setup", judgement.claim().setup());
        claim.put("rule", judgement.claim().rule());
        claim.put("notTestable", judgement.claim().notTestable());
        claim.put("anchor", judgement.claim().id().replace(' ', '-'));
        claim.put(
                "measured",
                judgement
                        .first()
                        .map(first -> (String) outcome(first).get("value"))
                        .orElse("–"));
        claim.put("verdict", judgement.verdict().text());
        claim.put("verdictClass", verdictClass(judgement.verdict()));
        claim.put("caveat", judgement.caveat());
        claim.put("hasCaveat", !judgement.caveat().isEmpty());
        claim.put("agreement", judgement.agreement());
        claim.put("hasAgreement", !judgement.agreement().isEmpty());
        claim.put(
                "others", judgement.others().stream().map(ClaimsModel::outcome).toList());
        claim.put("hasOthers", !judgement.others().isEmpty());
        claim.put(
                "outcomes",
                judgement.outcomes().stream().map(ClaimsModel::outcome).toList());
        return claim;
    }

    private static String verdictClass(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, Object> outcome(Ledger.Outcome outcome) {
        String unit = outcome.test().denominator() == null
                ? Metrics.of(outcome.test().metric()).unit()
                : "";
        String value = "no data";
        if (outcome.hasData()) {
            Estimate estimate = outcome.estimate();
            String median = outcome.test().denominator() != null
                    ? Quantity.text(estimate.median()) + "×"
                    : Quantity.text(estimate.median(), unit);
            value = median + " (" + Quantity.interval(estimate, unit) + ")";
        }
        return Map.of(
                "label", outcome.test().label(),
                "value", value,
                "verdict", outcome.verdict().text(),
                "verdictClass", verdictClass(outcome.verdict()),
                "caveat", outcome.caveat(),
                "hasCaveat", !outcome.caveat().isEmpty(),
                "experiment", outcome.test().experiment());
    }
}
