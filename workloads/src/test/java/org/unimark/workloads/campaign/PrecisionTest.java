// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.results.Record;
import org.unimark.workloads.experiment.Experiments;
import org.unimark.workloads.experiment.Kind;

class PrecisionTest {
    private static final Kind TIMED =
            new Kind(Kind.TIMED, org.unimark.workloads.experiment.Site.PAGE, InstructionCounter.Mode.OFF, 5, 1);
    private static final Block BLOCK = new Block(Experiments.named("http-throughput"), TIMED, 4, List.of("a", "b"));

    private static Record record(String system, double value, String problem) {
        Map<String, Double> values = problem == null ? Map.of("requests_per_second", value) : Map.of();
        return new Record("http-throughput", system, 0, 0, "", 1, "tcg", Map.of(), values, Map.of(), Map.of(), problem);
    }

    private static Precision observing(Profile profile, double... values) {
        Precision precision = Precision.of(profile);
        for (double value : values) {
            precision.observe(record("a", value, null), TIMED);
            precision.observe(record("b", 1000, null), TIMED);
            precision.observe(record("b", 5, "broken"), TIMED);
        }
        return precision;
    }

    @Test
    void asksForMoreWhileOneSystemIsTooWideAndTheCapAllows() {
        Precision wide = observing(Profile.QUICK, 700, 1000, 1300, 800, 1250);
        assertThat(wide.wantsMore(BLOCK, 5)).isTrue();
        assertThat(wide.wantsMore(BLOCK, 15)).as("the cap").isFalse();
        assertThat(wide.notice(List.of(BLOCK))).contains("http-throughput (±30 %)");
    }

    @Test
    void isContentWithNarrowIntervals() {
        Precision narrow = observing(Profile.QUICK, 990, 1000, 1010, 1005, 995);
        assertThat(narrow.wantsMore(BLOCK, 5)).isFalse();
        assertThat(narrow.notice(List.of(BLOCK))).isNull();
        assertThat(observing(Profile.FULL, 940, 1000, 1060, 1050, 950).wantsMore(BLOCK, 5))
                .as("the full profile wants more")
                .isTrue();
        assertThat(observing(Profile.SMOKE, 500, 1500).wantsMore(BLOCK, 1)).isFalse();
    }
}
