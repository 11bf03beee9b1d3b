// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.claims;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.analysis.statistics.Samples;

/** All claims, and their judgement by a run. A new claim is one file and one line in {@code index.json}. */
public final class Ledger {
    /** Fewer repetitions of a time than these, and its verdict is given with their number. */
    private static final int FEWEST_TIMES = 3;

    /** One test with what the run says; {@code estimate} is null if the run has no data for it. */
    public record Outcome(Claim.Test test, Estimate estimate, Verdict verdict) {
        public boolean hasData() {
            return estimate != null;
        }

        /** What to know about the verdict; empty if nothing. */
        public String caveat() {
            return hasData()
                            && verdict != Verdict.NOT_REPEATED
                            && estimate.samples() < FEWEST_TIMES
                            && Metrics.isTime(test.metric())
                    ? "rests on " + estimate.samples() + " repetitions"
                    : "";
        }
    }

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
            if (claim.unquantified() && has(Verdict.SUPPORTED) && has(Verdict.REFUTED)) {
                return Verdict.MIXED;
            }
            return first().map(Outcome::verdict).orElse(Verdict.NOT_TESTED);
        }

        private boolean has(Verdict verdict) {
            return outcomes.stream().anyMatch(outcome -> outcome.verdict() == verdict);
        }

        /** The first test that has data. */
        public Optional<Outcome> first() {
            return tested().stream().findFirst();
        }

        /** The tests that have data. */
        public List<Outcome> tested() {
            return outcomes.stream().filter(Outcome::hasData).toList();
        }

        /** Tests with data that say something else than the verdict. */
        public List<Outcome> others() {
            return tested().stream()
                    .filter(outcome -> outcome.verdict() != verdict())
                    .toList();
        }

        /** How many tests with data say what the verdict says. */
        public int agreeing() {
            return tested().size() - others().size();
        }

        /** How far the tests with data agree, in words; empty if there is one at most. */
        public String agreement() {
            if (tested().size() < 2) {
                return "";
            }
            Map<String, Integer> counts = new LinkedHashMap<>();
            others().forEach(outcome -> counts.merge(outcome.verdict().inBrief(), 1, Integer::sum));
            String others = counts.entrySet().stream()
                    .map(entry -> entry.getValue() + " " + entry.getKey())
                    .collect(Collectors.joining(", "));
            String agreeing = agreeing() + " of " + tested().size() + " tests say so";
            if (verdict() == Verdict.MIXED) {
                return tested().size() + " tests: " + others;
            }
            return others.isEmpty() ? agreeing : agreeing + "; others: " + others;
        }

        /** What to know about the verdict; empty if nothing. */
        public String caveat() {
            return verdict() == Verdict.MIXED
                    ? ""
                    : first().map(Outcome::caveat).orElse("");
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
        return claim.unquantified() || test.unquantified()
                ? new Outcome(test, outcome.estimate(), outcome.verdict().withoutFigure())
                : outcome;
    }

    private static Outcome outcome(Claim.Test test, ResultTable results) {
        Samples above = results.samples(test.experiment(), test.metric(), test.numerator(), "");
        if (above.count() == 0) {
            return new Outcome(test, null, Verdict.NOT_TESTED);
        }
        if (test.denominator() == null) {
            Estimate value = Bootstrap.median(above);
            return new Outcome(
                    test, value, isRepeated(test, above) ? Verdict.ofBound(value, test.high()) : Verdict.NOT_REPEATED);
        }
        Samples below = results.samples(test.experiment(), test.metric(), test.denominator(), "");
        if (below.count() == 0) {
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
    private static boolean isRepeated(Claim.Test test, Samples samples) {
        return samples.count() > 1 || Metrics.isExact(test.metric());
    }

    /** How many times better {@code subject} is than {@code other}: more than 1 favours the subject. */
    public static Estimate advantage(String metric, Samples subject, Samples other) {
        return Metrics.of(metric).higherIsBetter() ? Bootstrap.ratio(subject, other) : Bootstrap.ratio(other, subject);
    }
}
