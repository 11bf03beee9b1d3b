// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unimark.analysis.ResultTable;
import org.unimark.results.Record;

class CostModelTest {
    private static Record record(String system, double instructions, double crossings) {
        Map<String, Double> values = Map.of(
                "instructions_per_request",
                instructions,
                "string_iterations_per_request",
                0.0,
                "register_accesses_per_request",
                crossings,
                "interrupts_per_request",
                0.0);
        return new Record(
                "hypervisor-cost",
                system,
                0,
                0,
                "2026-01-01T00:00:00Z",
                1,
                "tcg",
                Map.of(),
                values,
                Map.of(),
                Map.of(),
                null);
    }

    @Test
    void givesTheRateBackThatItWasFittedTo() {
        CostModel model =
                new CostModel(new ResultTable(List.of(record("guest-nginx", 36_000, 2), record("keel", 3_600, 2))));
        CostModel.Prediction fitted = model.predict("guest-nginx", "").orElseThrow();
        assertThat(fitted.middle()).isCloseTo(104_455, within(1.0));
        CostModel.Prediction keel = model.predict("keel", "").orElseThrow();
        assertThat(keel.middle())
                .as("a tenth of the instructions, as many exits")
                .isBetween(300_000.0, 1_044_550.0);
        assertThat(keel.hypervisorShare()).isGreaterThan(fitted.hypervisorShare());
        assertThat(model.notes()).singleElement().asString().contains("nginx").contains("cycles an instruction");
    }

    @Test
    void predictsNothingWithoutAPublishedRateToFit() {
        CostModel model = new CostModel(new ResultTable(List.of(record("keel", 3_600, 2))));
        assertThat(model.predict("keel", "")).isEmpty();
        assertThat(model.notes()).isEmpty();
    }
}
