// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.analysis.SyntheticRun;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;

class ComparisonTest {
    @TempDir
    Path directory;

    private RunDirectory run(String name, int repetitions, double rate, double instructions, long seed)
            throws IOException {
        RunDirectory run = RunDirectory.create(
                directory.resolve(name),
                new RunInfo(
                        RunInfo.FORMAT_VERSION,
                        name,
                        "",
                        "full",
                        1,
                        name,
                        false,
                        "tcg",
                        "",
                        Map.of("cores", "2"),
                        Map.of("qemu", name),
                        Map.of("page/keel/http.elf", name.repeat(20)),
                        java.util.List.of(),
                        java.util.List.of()));
        Random random = new Random(seed);
        for (int i = 0; i < repetitions; i++) {
            Map<String, Double> values = Map.of(
                    "requests_per_second", rate * (1 + 0.05 * random.nextGaussian()),
                    "instructions_per_request", instructions * (1 + 0.001 * random.nextGaussian()));
            run.append(new Record(
                    "http-throughput", "keel", i, i, "", 1, "tcg", Map.of(), values, Map.of(), Map.of(), null));
        }
        return run;
    }

    private static Change.Verdict verdict(Comparison comparison, String metric) {
        return comparison.changes().stream()
                .filter(change -> change.key().equals("http-throughput/" + metric + "/keel"))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    @Test
    void twoRunsOfTheSameAreNoise() throws IOException {
        int alarms = 0;
        for (int i = 0; i < 20; i++) {
            Comparison comparison =
                    Comparison.of(run("a" + i, 10, 1000, 3000, 2 * i), run("b" + i, 10, 1000, 3000, 2 * i + 1), 0.02);
            alarms += comparison.worse() ? 1 : 0;
        }
        assertThat(alarms)
                .as("false alarms in 20 comparisons, at a level of 5 %")
                .isLessThanOrEqualTo(3);
    }

    @Test
    void aSlowerSystemIsWorseAndAFasterOneBetter() throws IOException {
        Comparison slower = Comparison.of(run("a", 20, 1000, 3000, 1), run("b", 20, 850, 3000, 2), 0.02);
        assertThat(verdict(slower, "requests_per_second")).isEqualTo(Change.Verdict.WORSE);
        assertThat(verdict(slower, "instructions_per_request")).isEqualTo(Change.Verdict.NOISE);
        assertThat(slower.worse()).isTrue();
        Comparison faster =
                Comparison.of(new RunDirectory(directory.resolve("b")), new RunDirectory(directory.resolve("a")), 0.02);
        assertThat(verdict(faster, "requests_per_second")).isEqualTo(Change.Verdict.BETTER);
        assertThat(faster.worse()).isFalse();
    }

    @Test
    void twoCountsSufficeAndOfTwoTimesNothingIsSaid() throws IOException {
        Comparison comparison = Comparison.of(run("a", 2, 1000, 3000, 1), run("b", 2, 700, 3200, 2), 0.02);
        assertThat(verdict(comparison, "instructions_per_request")).isEqualTo(Change.Verdict.WORSE);
        assertThat(verdict(comparison, "requests_per_second")).isEqualTo(Change.Verdict.TOO_FEW);
        assertThat(comparison.undecided()).isOne();
        assertThat(comparison.worse()).as("counts").isTrue();
        assertThat(ComparisonPage.html(comparison))
                .contains("of 1 there are too few repetitions to tell")
                .contains("too-few-repetitions-to-tell")
                .contains("range of 2 repetitions")
                .contains("<small>large</small>");
    }

    /** Three on each side are too few, whatever they are: the least that the exact test can say is 2 of 20. */
    @Test
    void fourTimesOnEachSideAreTheFewestThatTell() throws IOException {
        Comparison three = Comparison.of(run("a", 3, 1000, 3000, 1), run("b", 3, 500, 3000, 2), 0.02);
        assertThat(verdict(three, "requests_per_second")).isEqualTo(Change.Verdict.TOO_FEW);
        Comparison four = Comparison.of(run("c", 4, 1000, 3000, 1), run("d", 4, 500, 3000, 2), 0.02);
        assertThat(verdict(four, "requests_per_second")).isEqualTo(Change.Verdict.LIKELY_WORSE);
    }

    @Test
    void saysWhatElseDiffers() throws IOException {
        Comparison comparison = Comparison.of(run("a", 2, 1000, 3000, 1), run("b", 2, 1000, 3000, 2), 0.02);
        assertThat(comparison.circumstances())
                .containsEntry("version of qemu", "a → b")
                .containsEntry("image page/keel/http.elf", "a".repeat(12) + " → " + "b".repeat(12))
                .doesNotContainKey("host: cores");
        assertThat(comparison.sameKindOfMachine()).isTrue();
        RunDirectory other = SyntheticRun.write(directory.resolve("synthetic"), 3);
        assertThat(Comparison.of(new RunDirectory(directory.resolve("a")), other, 0.02)
                        .onlyInOne())
                .contains("boot-latency/first_response_ms/keel");
    }
}
