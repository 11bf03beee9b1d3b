// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.claims;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;

/** All claims, and their judgement by a run. A new claim is one file and one line in {@code index.json}. */
public final class Ledger {
    /** One test with what the run says; {@code estimate} is null if the run has no data for it. */
    public record Outcome(Claim.Test test, Estimate estimate, Verdict verdict) {}

    /** A claim with all its tests. */
    public record Judgement(Claim claim, List<Outcome> outcomes) {
        /**
         * The verdict of the first test that has data. Without a published figure no test is the one that the claim means, so
         * that none is right where they contradict each other.
         */
        public Verdict verdict() {
            if (claim.notTestable() != null) {
                return Verdict.NOT_TESTABLE;
            }
            if (has(Verdict.SUPPORTED) && has(Verdict.REFUTED)) {
                return Verdict.MIXED;
            }
            return outcomes.stream()
                    .map(Outcome::verdict)
                    .filter(verdict -> verdict != Verdict.NOT_TESTED)
                    .findFirst()
                    .orElse(Verdict.NOT_TESTED);
        }

        private boolean has(Verdict verdict) {
            return outcomes.stream().anyMatch(outcome -> outcome.verdict() == verdict);
        }
    }

    /** The file that lists the others. */
    private record Index(int version, List<String> claims) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private Ledger() {}

    public static List<Claim> claims() {
        try {
            List<Claim> claims = new ArrayList<>();
            for (String name : read("index.json", Index.class).claims()) {
                claims.add(read(name + ".json", Claim.class));
            }
            return claims;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts up when a claim, its figure or its rule changes. */
    public static int version() {
        try {
            return read("index.json", Index.class).version();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String name, Class<T> type) throws IOException {
        try (InputStream in = Ledger.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("claims ledger has no " + name);
            }
            return JSON.readValue(in, type);
        }
    }

    public static List<Judgement> judge(ResultTable results) {
        return claims().stream()
                .map(claim -> new Judgement(
                        claim,
                        claim.tests().stream()
                                .map(test -> outcome(claim, test, results))
                                .toList()))
                .toList();
    }

    private static Outcome outcome(Claim claim, Claim.Test test, ResultTable results) {
        Outcome outcome = outcome(test, results);
        return claim.unquantified()
                ? new Outcome(test, outcome.estimate(), outcome.verdict().withoutFigure())
                : outcome;
    }

    private static Outcome outcome(Claim.Test test, ResultTable results) {
        double[] above = results.values(test.experiment(), test.metric(), test.numerator(), "");
        if (above.length == 0) {
            return new Outcome(test, null, Verdict.NOT_TESTED);
        }
        if (test.denominator() == null) {
            Estimate value = Bootstrap.median(above);
            return new Outcome(
                    test, value, isRepeated(test, above) ? Verdict.ofBound(value, test.high()) : Verdict.NOT_REPEATED);
        }
        double[] below = results.values(test.experiment(), test.metric(), test.denominator(), "");
        if (below.length == 0) {
            return new Outcome(test, null, Verdict.NOT_TESTED);
        }
        Estimate ratio = advantage(test.metric(), above, below);
        if (!isRepeated(test, above) || !isRepeated(test, below)) {
            return new Outcome(test, ratio, Verdict.NOT_REPEATED);
        }
        double low = test.low() == null ? 1 : test.low();
        double high = test.high() == null ? Double.POSITIVE_INFINITY : test.high();
        return new Outcome(test, ratio, Verdict.ofRatio(ratio, low, high));
    }

    /** A single time says nothing about how much times differ; a count of instructions or bytes does not differ. */
    private static boolean isRepeated(Claim.Test test, double[] values) {
        return values.length > 1 || Metrics.isExact(test.metric());
    }

    /** How many times better {@code subject} is than {@code other}: more than 1 favours the subject. */
    public static Estimate advantage(String metric, double[] subject, double[] other) {
        return Metrics.of(metric).higherIsBetter() ? Bootstrap.ratio(subject, other) : Bootstrap.ratio(other, subject);
    }
}
