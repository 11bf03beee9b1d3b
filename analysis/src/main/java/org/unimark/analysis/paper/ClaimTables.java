// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.paper;

import java.util.List;
import java.util.stream.Collectors;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Systems;
import org.unimark.analysis.claims.Claim;
import org.unimark.analysis.claims.Ledger;
import org.unimark.analysis.claims.Verdict;
import org.unimark.analysis.statistics.Estimate;

/** What the claims ledger says of a run, as rows of TeX tables. */
final class ClaimTables {
    private static final String END_OF_ROW = " \\\\[2pt]";

    private final List<Ledger.Judgement> judgements;

    ClaimTables(ResultTable results) {
        judgements = Ledger.judge(results);
    }

    /** A row a claim, with the first test that has data. */
    String claims() {
        return judgements.stream().map(ClaimTables::row).collect(Collectors.joining("\n"));
    }

    /** A row for each test of the claim that the run has data for; null if there is no such claim. */
    String outcomes(String id) {
        Ledger.Judgement judgement = find(id);
        return judgement == null
                ? null
                : judgement.outcomes().stream()
                        .filter(outcome -> outcome.estimate() != null)
                        .map(outcome -> Tex.escaped(id) + " & " + row(outcome))
                        .collect(Collectors.joining("\n"));
    }

    /** The verdict in words, with how many tests say so if not all do; null if there is no such claim. */
    String verdict(String id) {
        Ledger.Judgement judgement = find(id);
        return judgement == null ? null : Tex.escaped(judgement.verdict().text() + agreement(judgement));
    }

    /** What the intervals of all tests are called. */
    String intervals() {
        return Estimate.called(judgements.stream()
                .flatMap(judgement -> judgement.tested().stream())
                .map(outcome -> outcome.estimate().samples())
                .toList());
    }

    /** How many of all tests the run has data for. */
    String tested() {
        return count(outcome -> outcome.verdict() != Verdict.NOT_TESTED) + " of " + count(outcome -> true);
    }

    /** Experiments that the ledger asks for and the run does not have. */
    String untested() {
        String names = judgements.stream()
                .flatMap(judgement -> judgement.outcomes().stream())
                .filter(outcome -> outcome.verdict() == Verdict.NOT_TESTED)
                .map(outcome -> outcome.test().experiment())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private long count(java.util.function.Predicate<Ledger.Outcome> predicate) {
        return judgements.stream()
                .flatMap(judgement -> judgement.outcomes().stream())
                .filter(predicate)
                .count();
    }

    private Ledger.Judgement find(String id) {
        return judgements.stream()
                .filter(judgement -> judgement.claim().id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private static String row(Ledger.Judgement judgement) {
        String measured = judgement
                .first()
                .map(outcome -> measured(outcome) + against(outcome.test()))
                .orElse("--");
        return Tex.escaped(judgement.claim().id()) + " & "
                + Tex.escaped(judgement.claim().claim()) + " & "
                + Tex.escaped(judgement.claim().published()) + " & " + measured + " & "
                + Tex.escaped(judgement.verdict().text() + agreement(judgement) + beside(judgement.caveat()))
                + END_OF_ROW;
    }

    /** How many tests say the same, if some do not. */
    private static String agreement(Ledger.Judgement judgement) {
        return judgement.verdict() == Verdict.MIXED || judgement.others().isEmpty()
                ? ""
                : " (" + judgement.agreeing() + " of " + judgement.tested().size() + " tests)";
    }

    private static String beside(String caveat) {
        return caveat.isEmpty() ? "" : ", " + caveat;
    }

    private static String row(Ledger.Outcome outcome) {
        return Tex.escaped(outcome.test().label()) + " & " + measured(outcome) + " & "
                + Tex.escaped(outcome.verdict().text() + beside(outcome.caveat())) + END_OF_ROW;
    }

    private static String measured(Ledger.Outcome outcome) {
        boolean ratio = outcome.test().denominator() != null;
        String unit = ratio ? "" : Metrics.of(outcome.test().metric()).unit();
        return Tex.escaped(Tex.interval(outcome.estimate(), unit));
    }

    private static String against(Claim.Test test) {
        return test.denominator() == null ? "" : Tex.escaped(" against " + Systems.label(test.denominator()));
    }
}
