// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.FileTrees;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.cells.CellStore;

/** A small campaign with real machines: planned, made, resumed and merged by the command that a person types. */
@Tag("boot")
@Tag("machine")
@Timeout(600)
class LongCampaignTest {
    private static final String SEED = "77";

    @TempDir
    Path directory;

    private Path campaign;

    /** Returns the run that it merged. */
    private RunDirectory execute(String results) throws Exception {
        List<String> command = List.of(
                Path.of("").toAbsolutePath().resolveSibling("unimark").toString(),
                "run",
                "boot-latency",
                "image-size",
                "--profile=smoke",
                "--systems=keel-microvm",
                "--accel=tcg",
                "--seed=" + SEED,
                "--no-install",
                "--quiet",
                "--campaign=" + campaign,
                "--results=" + directory.resolve(results));
        Path output = directory.resolve(results + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().put("UNIMARK_CLASSPATH", System.getProperty("java.class.path"));
        assertThat(builder.start().waitFor()).as(Files.readString(output)).isZero();
        try (Stream<Path> runs = Files.list(directory.resolve(results))) {
            return new RunDirectory(runs.findFirst().orElseThrow());
        }
    }

    @Test
    void resumesAndMerges() throws Exception {
        campaign = directory.resolve("campaign");
        RunDirectory first = execute("first");
        RunInfo info = first.info();
        assertThat(info.seed()).isEqualTo(Long.parseLong(SEED));
        assertThat(info.arguments())
                .startsWith("run", "boot-latency", "image-size")
                .contains("--seed=" + SEED);
        assertThat(first.records())
                .extracting(Record::experiment)
                .containsExactlyInAnyOrder("boot-latency", "boot-latency", "boot-latency", "image-size");
        assertThat(first.records())
                .extracting(Record::system)
                .as("the control of the timed cell")
                .containsOnlyOnce("keel-microvm-control");
        CellStore store = CellStore.open(campaign);
        assertThat(store.cells())
                .hasSize(3)
                .allSatisfy(cell -> assertThat(cell.dirty()).isEqualTo(info.dirty()));
        Map<Cell, Object> before = identities(store);
        Cell lost = store.cells().get(1);
        FileTrees.delete(store.result(lost));
        RunDirectory second = execute("second");
        Map<Cell, Object> after = identities(store);
        assertThat(after.remove(lost)).isNotNull().isNotEqualTo(before.remove(lost));
        assertThat(after).as("cells that were done are left alone").isEqualTo(before);
        assertThat(second.records()).hasSize(4);
        assertThat(second.info().images()).isEqualTo(info.images());
    }

    private static Map<Cell, Object> identities(CellStore store) throws IOException {
        Map<Cell, Object> identities = new HashMap<>();
        for (Cell cell : store.cells()) {
            Path info = store.result(cell).resolve("run.json");
            identities.put(cell, List.of(Files.getAttribute(info, "unix:ino"), Files.getLastModifiedTime(info)));
        }
        return identities;
    }
}
