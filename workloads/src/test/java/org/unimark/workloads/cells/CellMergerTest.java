// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;

class CellMergerTest {
    @TempDir
    Path directory;

    private static Record saturated(Cell cell, String system) {
        return new Record(
                cell.experiment(),
                system,
                cell.repetition(),
                0,
                "2026-01-01T00:00:00Z",
                1,
                "tcg",
                Map.of(),
                Map.of("requests_per_second", 1000.0),
                Map.of("client_saturated", 1.0),
                Map.of(),
                null);
    }

    private static void fill(Path result, Cell cell, String system) throws IOException {
        Record record = saturated(cell, system);
        Caveats caveats = new Caveats();
        caveats.observe(record);
        List<String> notices = List.of("Two cores.", caveats.sentences().get(0));
        RunDirectory run = new RunDirectory(result);
        run.writeInfo(new RunInfo(
                RunInfo.FORMAT_VERSION,
                "cell",
                record.start(),
                "full",
                1,
                cell.commit(),
                false,
                "tcg",
                "",
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                notices));
        run.append(record);
    }

    @Test
    void whatCellsSayOfTheLoadGeneratorIsSaidOnce() throws Exception {
        List<Cell> cells = FakeWorker.cells(3);
        CellStore store = CellStore.create(directory.resolve("campaign"), cells);
        CellStore.store(store.done(), cells.get(0), result -> fill(result, cells.get(0), "keel"));
        CellStore.store(store.done(), cells.get(1), result -> fill(result, cells.get(1), "guest-same"));
        List<Path> merged = new CellMerger(store, List.of()).merge(directory.resolve("runs"), "merged");
        assertThat(merged).hasSize(1);
        RunDirectory run = new RunDirectory(merged.get(0));
        assertThat(run.records()).hasSize(2);
        assertThat(run.info().notices())
                .containsExactly(
                        "Two cores.",
                        "The load generator was at its limit for http-throughput of guest-same, http-throughput of keel:"
                                + " what it measured there is a lower bound.",
                        "1 of 3 cells are missing: the campaign is not complete.");
    }
}
