// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.analysis.Report;
import org.unimark.analysis.Summary;
import org.unimark.analysis.SyntheticRun;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;

class ReportTest {
    @TempDir
    Path directory;

    @Test
    void summaryHasOneEntryForEachExperimentMetricAndSystem() throws IOException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 7);
        JsonNode summary = new ObjectMapper().readTree(Summary.json(run.path()));
        JsonNode keel = summary.get("http-throughput/requests_per_second/keel");
        assertThat(keel.get("repetitions").asInt()).isEqualTo(5);
        assertThat(keel.get("unit").asText()).isEqualTo("requests/s");
        assertThat(keel.get("accelerator").asText()).isEqualTo("tcg");
        assertThat(keel.get("low").asDouble())
                .isLessThanOrEqualTo(keel.get("median").asDouble());
        assertThat(keel.get("high").asDouble())
                .isGreaterThanOrEqualTo(keel.get("median").asDouble());
        assertThat(summary.has("http-latency/p99_ms[rate=500]/guest-nginx")).isTrue();
        assertThat(summary.has("memory/minimum_mib/guest-nginx"))
                .as("an invalid repetition")
                .isFalse();
    }

    @Test
    void columnsOfATableHaveDifferentHeadings() throws IOException {
        Path pages = Path.of("src", "main", "resources", "org", "unimark", "analysis", "experiments");
        try (Stream<Path> files = Files.list(pages)) {
            assertThat(files).isNotEmpty().allSatisfy(file -> {
                ExperimentPage page = new ObjectMapper().readValue(file.toFile(), ExperimentPage.class);
                assertThat(page.metrics().values()).doesNotHaveDuplicates();
            });
        }
    }

    @Test
    void summaryIsTheSameEachTime() throws IOException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 7);
        assertThat(Summary.json(run.path())).isEqualTo(Summary.json(run.path()));
    }

    @Test
    void pageShowsEveryExperimentTheVerdictsAndWhatWasRejected() throws IOException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 7);
        String page = Files.readString(Report.write(run.path(), run.path()));
        for (String experiment : run.records().stream()
                .filter(Record::valid)
                .map(Record::experiment)
                .distinct()
                .toList()) {
            assertThat(page).contains("<h2 id=\"" + experiment + "\">");
        }
        assertThat(page).contains("stronger than published").contains("answered with the wrong body");
        assertThat(page).doesNotContain("href=\"http").doesNotContain("src=");
        assertThat(run.path().resolve("plots/http-throughput-requests_per_second.png"))
                .isNotEmptyFile();
    }

    /** The page has its plots with shorter coordinates, not with shorter numbers. */
    @Test
    void pageShowsTheNumbersOfItsPlotsAsTheyAre() throws IOException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 7);
        String page = Files.readString(Report.write(run.path(), run.path()));
        Pattern text = Pattern.compile(">[^<>]+</text>");
        int fractions = 0;
        try (Stream<Path> plots = Files.list(run.path().resolve("plots"))) {
            for (Path plot :
                    plots.filter(file -> file.toString().endsWith(".svg")).toList()) {
                for (MatchResult label :
                        text.matcher(Files.readString(plot)).results().toList()) {
                    assertThat(page.contains(label.group()))
                            .as("%s in %s", label.group(), plot.getFileName())
                            .isTrue();
                    fractions += label.group().matches(">\\d+\\.\\d\\d+.*") ? 1 : 0;
                }
            }
        }
        assertThat(fractions).isPositive();
    }

    /** A report beside its run, and one elsewhere: opened from the disk, what they link to is there. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "elsewhere/the report", "run/pages"})
    void everyRelativeLinkOfAReportExists(String where) throws IOException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 7);
        Path raw = Files.createDirectories(run.path().resolve("files/cell")).resolve("console 1.txt");
        Files.writeString(raw, "booted");
        Record first = run.records().get(0);
        run.append(new Record(
                first.experiment(),
                first.system(),
                99,
                999,
                first.start(),
                1,
                first.accelerator(),
                first.parameters(),
                first.values(),
                Map.of(),
                Map.of("console", "files/cell/console 1.txt"),
                null));
        Path page = Report.write(run.path(), Files.createDirectories(directory.resolve(where)));
        List<String> links = Pattern.compile("href=\"([^\"#]+)\"")
                .matcher(Files.readString(page))
                .results()
                .map(link -> link.group(1))
                .distinct()
                .toList();
        assertThat(links)
                .anyMatch(link -> link.endsWith("records.jsonl"))
                .anyMatch(link -> link.endsWith("run.json"))
                .anyMatch(link -> link.endsWith("console%201.txt"))
                .allSatisfy(link -> assertThat(Path.of(page.toRealPath().toUri().resolve(link)))
                        .exists());
    }

    @Test
    @Tag("machine")
    void pageRendersInABrowserWithoutErrors() throws IOException, InterruptedException {
        RunDirectory run = SyntheticRun.write(directory.resolve("run"), 7);
        Path page = Report.write(run.path(), run.path());
        Path picture = directory.resolve("report.png");
        Path log = directory.resolve("chromium.log");
        Process browser = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--enable-logging=stderr",
                        "--window-size=1100,1400",
                        "--screenshot=" + picture,
                        "--virtual-time-budget=2000",
                        page.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(browser.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            browser.destroyForcibly();
        }
        assertThat(picture).isNotEmptyFile();
        assertThat(Files.readString(log)).doesNotContain("CONSOLE");
    }
}
