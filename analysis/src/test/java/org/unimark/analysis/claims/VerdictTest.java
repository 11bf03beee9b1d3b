// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.results.Record;

class VerdictTest {
    @ParameterizedTest
    @CsvSource({
        "3.0, 3.5, STRONGER",
        "1.8, 2.0, REPRODUCED",
        "1.2, 1.8, REPRODUCED",
        "2.5, 9.0, REPRODUCED",
        "1.1, 1.5, WEAKER",
        "0.9, 1.5, UNDECIDED",
        "0.9, 2.0, UNDECIDED",
        "0.5, 0.9, REFUTED"
    })
    void ratiosAreJudgedAgainstThePublishedRange(double low, double high, Verdict expected) {
        assertThat(Verdict.ofRatio(new Estimate((low + high) / 2, low, high, 5), 1.7, 2.8))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 5, REPRODUCED", "8, 12, UNDECIDED", "11, 12, REFUTED"})
    void absoluteValuesAreJudgedAgainstTheBound(double low, double high, Verdict expected) {
        assertThat(Verdict.ofBound(new Estimate((low + high) / 2, low, high, 5), 10))
                .isEqualTo(expected);
    }

    @Test
    void everyClaimIsCompleteAndNamesItsSource() {
        assertThat(Ledger.claims()).isNotEmpty().allSatisfy(claim -> {
            assertThat(claim.claim()).isNotBlank();
            assertThat(claim.published()).isNotBlank();
            assertThat(claim.source()).isNotBlank();
            assertThat(claim.tests()).allSatisfy(test -> {
                assertThat(test.numerator()).isNotBlank();
                assertThat(test.denominator() != null || test.high() != null)
                        .as("an absolute test needs a bound")
                        .isTrue();
            });
        });
    }

    /** A verdict must not sound as if a figure had been measured again that nobody ever published. */
    @Test
    void aClaimWithoutAPublishedFigureIsSupportedAtMost() {
        assertThat(Ledger.claims()).allSatisfy(claim -> {
            assertThat(claim.unquantified()).isEqualTo(claim.published().startsWith("not quantified"));
            if (claim.unquantified()) {
                assertThat(claim.rule()).doesNotContain(": reproduced").contains("supported");
            }
        });
        assertThat(Verdict.REPRODUCED.withoutFigure()).isEqualTo(Verdict.SUPPORTED);
        assertThat(Verdict.REFUTED.withoutFigure()).isEqualTo(Verdict.REFUTED);
    }

    @ParameterizedTest
    @CsvSource({
        "density, host_memory_mib, guest-same",
        "density, host_memory_mib, docker-same",
        "three-tiers, hit_all_instructions, guest-same",
        "three-tiers, miss_all_instructions, guest-same",
        "three-tiers, store_hop_instructions, guest-same",
        "three-tiers, requests_per_second, guest-same"
    })
    void manySmallServicesAreJudgedByMemoryAndByTiers(String experiment, String metric, String other) {
        boolean rate = metric.equals("requests_per_second");
        assertThat(services(experiment, metric, other, rate ? 10 : 0.1)).isEqualTo(Verdict.SUPPORTED);
        assertThat(services(experiment, metric, other, rate ? 0.1 : 10)).isEqualTo(Verdict.REFUTED);
        assertThat(services(experiment, metric, other, 1)).isEqualTo(Verdict.UNDECIDED);
    }

    /** Less than a guest's memory and more than a container's is no support for a claim that does not say against whom. */
    @Test
    void comparisonsThatContradictEachOtherAreNoSupport() {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            records.add(record("density", "keel", i, "host_memory_mib", 45 + i));
            records.add(record("density", "guest-same", i, "host_memory_mib", 250 + i));
            records.add(record("density", "docker-same", i, "host_memory_mib", 0.4));
        }
        assertThat(services(records)).isEqualTo(Verdict.MIXED);
        records.removeIf(record -> record.system().equals("docker-same"));
        assertThat(services(records)).isEqualTo(Verdict.SUPPORTED);
        records.removeIf(record -> record.repetition() > 0);
        assertThat(services(records)).as("memory of the host differs").isEqualTo(Verdict.NOT_REPEATED);
    }

    /** What C9 says if Keel's values are {@code factor} times those of the other, and there is nothing else. */
    private static Verdict services(String experiment, String metric, String other, double factor) {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            records.add(record(experiment, "keel", i, metric, factor * (100 + i)));
            records.add(record(experiment, other, i, metric, 100 + i));
        }
        return services(records);
    }

    private static Verdict services(List<Record> records) {
        return judgement("C9", records).verdict();
    }

    @Test
    void timesThatWereTakenOnceGiveNoVerdictButCountsDo() {
        assertThat(verdict("requests_per_second", 1)).isEqualTo(Verdict.NOT_REPEATED);
        assertThat(verdict("requests_per_second", 2)).isEqualTo(Verdict.STRONGER);
        assertThat(verdict("instructions_per_request", 1)).isEqualTo(Verdict.STRONGER);
    }

    @Test
    void aVerdictOnTwoTimesSaysSo() {
        assertThat(outcome("requests_per_second", 2).caveat()).isEqualTo("rests on 2 repetitions");
        assertThat(outcome("requests_per_second", 3).caveat()).isEmpty();
        assertThat(outcome("instructions_per_request", 2).caveat()).isEmpty();
    }

    /** Present code is 100 times as much, executed code 10 times: the published range is from 20 to 30. */
    @Test
    void whatOtherTestsSayIsNotHiddenByTheFirst() {
        List<Record> records = new ArrayList<>();
        records.add(record("code-size", "keel", 0, "machine_code_bytes", 1_000));
        records.add(record("code-size", "guest-nginx", 0, "machine_code_bytes", 100_000));
        records.add(record("code-size", "keel", 1, "executed_code_bytes", 1_000));
        records.add(record("code-size", "guest-nginx", 1, "executed_code_bytes", 10_000));
        records.add(record("image-size", "keel", 0, "deployed_bytes", 1_000));
        records.add(record("image-size", "guest-nginx", 0, "deployed_bytes", 10_000));
        Ledger.Judgement size = judgement("C3", records);
        assertThat(size.verdict()).isEqualTo(Verdict.STRONGER);
        assertThat(size.agreement())
                .isEqualTo("1 of 4 tests say so; others: 1 weaker than published, 1 supported, 1 reproduced");
        assertThat(size.others()).hasSize(3);
    }

    /** A verdict that speaks of a publication needs one: ranges of our own are none. */
    @Test
    void aComparisonThatNobodyPublishedIsSupportedAtMost() {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            records.add(record("boot-latency", "keel", i, "first_response_ms", 100));
            records.add(record("boot-latency", "guest-same", i, "first_response_ms", 3_000));
        }
        assertThat(judgement("C2", records).tested().get(1).verdict()).isEqualTo(Verdict.SUPPORTED);
        assertThat(Ledger.claims())
                .flatExtracting(Claim::tests)
                .filteredOn(test -> test.denominator() != null && test.unquantified())
                .isNotEmpty()
                .allSatisfy(test -> {
                    assertThat(test.low()).isNull();
                    assertThat(test.high()).isNull();
                });
        assertThat(Ledger.claims())
                .filteredOn(claim -> !claim.unquantified())
                .allSatisfy(claim -> assertThat(claim.tests())
                        .allSatisfy(test -> assertThat(
                                        test.denominator() == null || test.unquantified() || test.low() != null)
                                .as(test.label() + " has a published range")
                                .isTrue()));
    }

    private static Ledger.Judgement judgement(String id, List<Record> records) {
        return Ledger.judge(new ResultTable(records)).stream()
                .filter(judgement -> judgement.claim().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** What the ledger says of ten times the value of nginx, or a tenth of it where less is better. */
    private static Verdict verdict(String metric, int repetitions) {
        return outcome(metric, repetitions).verdict();
    }

    private static Ledger.Outcome outcome(String metric, int repetitions) {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            boolean rate = metric.equals("requests_per_second");
            records.add(record("http-throughput", "keel", i, metric, rate ? 1000 : 100));
            records.add(record("http-throughput", "guest-nginx", i, metric, rate ? 100 : 1000));
        }
        return Ledger.judge(new ResultTable(records)).stream()
                .flatMap(judgement -> judgement.outcomes().stream())
                .filter(outcome ->
                        outcome.estimate() != null && outcome.test().metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    private static Record record(String experiment, String system, int repetition, String metric, double value) {
        return new Record(
                experiment,
                system,
                repetition,
                repetition,
                "",
                1,
                "tcg",
                Map.of(),
                Map.of(metric, value),
                Map.of(),
                Map.of(),
                null);
    }
}
