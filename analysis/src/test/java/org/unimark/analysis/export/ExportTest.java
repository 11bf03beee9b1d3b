// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.SyntheticRun;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;

class ExportTest {
    @TempDir
    Path directory;

    @Test
    void everyValueHasARow() throws IOException {
        List<Record> records = SyntheticRun.write(directory.resolve("run"), 1).records();
        List<String> lines = Export.csv("run", records).lines().toList();
        long values =
                records.stream().mapToLong(record -> record.values().size()).sum();
        long problems = records.stream().filter(record -> !record.valid()).count();
        assertThat(lines).hasSize((int) (1 + values + problems));
        assertThat(lines.get(0)).startsWith("run,experiment,system,repetition");
        assertThat(lines).allMatch(line -> line.split(",", -1).length == 13);
        assertThat(lines.get(lines.size() - 1)).endsWith(",problem,,,,answered with the wrong body");
    }

    @Test
    void quotesWhatNeedsIt() {
        Record record = new Record(
                "e", "s", 0, 0, "", 1, "tcg", Map.of(), Map.of(), Map.of(), Map.of(), "it said \"no\", twice");
        assertThat(Export.csv("r", List.of(record))).contains(",\"it said \"\"no\"\", twice\"\r\n");
    }

    @Test
    void hasTheShapeOfJmh() throws IOException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 1);
        JsonNode all = new ObjectMapper().readTree(Export.jmh(new ResultTable(run.records())));
        JsonNode one = null;
        for (JsonNode each : all) {
            if (each.at("/benchmark").asText().equals("org.unimark.http-latency.p99_ms")
                    && each.at("/params/system").asText().equals("keel")
                    && each.at("/params/rate").asText().equals("500")) {
                one = each;
            }
        }
        assertThat(one).isNotNull();
        assertThat(one.at("/primaryMetric/rawData")).hasSize(5);
        assertThat(one.at("/primaryMetric/scoreUnit").asText()).isEqualTo("ms");
        assertThat(one.at("/mode").asText()).isEqualTo("avgt");
        double low = one.at("/primaryMetric/scoreConfidence/0").asDouble();
        assertThat(one.at("/primaryMetric/score").asDouble()).isGreaterThanOrEqualTo(low);
    }
}
