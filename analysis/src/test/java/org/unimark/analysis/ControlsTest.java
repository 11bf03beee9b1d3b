// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;

class ControlsTest {
    private static final String EXPERIMENT = "http-throughput";

    @TempDir
    Path directory;

    /** On node 1 the second measurement is like the first, on node 2 it is {@code factor} times as fast. */
    private static List<Record> records(int repetitions, double factor, long seed) {
        Random random = new Random(seed);
        List<Record> records = new ArrayList<>();
        for (int node = 1; node <= 2; node++) {
            for (int i = 0; i < repetitions; i++) {
                // What slows a repetition down slows both down: without pairs it would hide any difference.
                double speed = 1000.0 * node * (1 + 0.2 * random.nextGaussian());
                records.add(record("keel", node, i, speed * (1 + 0.01 * random.nextGaussian())));
                double again = speed * (node == 2 ? factor : 1) * (1 + 0.01 * random.nextGaussian());
                records.add(record("keel-control", node, i, again));
            }
        }
        return records;
    }

    private static Record record(String system, int node, int repetition, double rate) {
        return new Record(
                EXPERIMENT,
                system,
                repetition,
                repetition,
                "",
                1,
                "tcg",
                Map.of(),
                Map.of("requests_per_second", rate, "instructions_per_request", 3000.0),
                Map.of(Record.NODE, (double) node),
                Map.of(),
                null);
    }

    @Test
    void aNodeWhoseSecondMeasurementIsOffIsNamedAndTheOtherIsNot() {
        Controls controls = new Controls(new ResultTable(records(8, 0.8, 1)));
        assertThat(controls.all()).as("times alone").hasSize(2);
        assertThat(controls.all().get(0).isOff()).isFalse();
        assertThat(controls.all().get(1).isOff()).isTrue();
        assertThat(controls.all().get(1).ratio().median()).isBetween(0.78, 0.82);
        assertThat(controls.notice(EXPERIMENT))
                .hasValueSatisfying(notice -> assertThat(notice)
                        .contains("by up to 20 %")
                        .contains("requests_per_second on node 2")
                        .doesNotContain("node 1"));
        assertThat(controls.notices())
                .singleElement()
                .asString()
                .contains("http-throughput (up to 20 % on node 2)")
                .contains("Of 2 comparisons");
    }

    @Test
    void equalMeasurementsAreNotNamed() {
        int off = 0;
        for (int seed = 0; seed < 20; seed++) {
            Controls controls = new Controls(new ResultTable(records(8, 1, seed)));
            off += controls.notices().size();
        }
        assertThat(off).as("false alarms in 40 controls").isLessThanOrEqualTo(3);
    }

    @Test
    void withFewRepetitionsNothingIsSaid() {
        Controls controls = new Controls(new ResultTable(records(5, 0.8, 1)));
        assertThat(controls.notice(EXPERIMENT)).isEmpty();
        assertThat(controls.notices()).isEmpty();
        assertThat(controls.sentence()).contains("None of the 2");
    }

    @Test
    void aNodeWithoutAControlIsNamed() {
        List<Record> records = records(8, 1, 3);
        records.removeIf(record -> record.node() == 2 && record.system().equals("keel-control"));
        assertThat(new Controls(new ResultTable(records)).notices())
                .anyMatch(notice -> notice.startsWith("No system was measured twice on node 2"));
        assertThat(new Controls(new ResultTable(List.of())).sentence()).contains("No system was measured twice");
    }

    @Test
    void theReportShowsThemAtItsTopAndWithTheExperiment() throws IOException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 7);
        String before = Files.readString(Report.write(run.path(), run.path()));
        assertThat(before).contains("No system was measured twice in this run").doesNotContain("class=\"notice\"");
        for (Record record : records(8, 0.8, 1)) {
            run.append(record);
        }
        String page = Files.readString(Report.write(run.path(), run.path()));
        assertThat(page)
                .contains("<li>Two measurements of the same thing differed for http-throughput")
                .contains("<p class=\"notice\">Two measurements of the same thing differed here by up to 20 %")
                .contains("not the same");
    }
}
