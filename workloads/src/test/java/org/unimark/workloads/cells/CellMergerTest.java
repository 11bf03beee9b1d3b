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

    private static Record paced(Cell cell, String system) {
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
                Map.of("client_set_pace", 1.0),
                Map.of(),
                null);
    }

    private static void fill(Path result, Cell cell, String system) throws IOException {
        fill(result, cell, system, Map.of(), cell.commit(), false);
    }

    private static void fill(
            Path result, Cell cell, String system, Map<String, String> host, String commit, boolean dirty)
            throws IOException {
        Record record = paced(cell, system);
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
                commit,
                dirty,
                "tcg",
                "",
                host,
                Map.of(),
                Map.of(),
                List.of(),
                notices));
        run.append(record);
    }

    private CellStore store(int cells) throws IOException {
        return CellStore.create(directory.resolve("campaign"), FakeWorker.plan(), FakeWorker.cells(cells));
    }

    private List<Path> merge(CellStore store) throws IOException {
        return new CellMerger(store, List.of()).merge(directory.resolve("runs"), "merged");
    }

    private static List<Integer> repetitions(Path run) throws IOException {
        return new RunDirectory(run).records().stream().map(Record::repetition).toList();
    }

    /** Three nodes, two of them alike: five cells. */
    @Test
    void unlikeHostsAreNeverPooled() throws Exception {
        CellStore store = store(5);
        List<Map<String, String>> hosts = List.of(
                Map.of("processor", "old", "node", "a", "memory", "1"),
                Map.of("processor", "new", "node", "b", "memory", "1"),
                Map.of("processor", "old", "node", "c", "memory", "2"),
                Map.of("processor", "new", "node", "b", "memory", "1"),
                Map.of("processor", "old", "node", "a", "memory", "1"));
        for (Cell cell : store.cells()) {
            Map<String, String> host = hosts.get(cell.repetition());
            CellStore.store(store.done(), cell, result -> fill(result, cell, "keel", host, cell.commit(), false));
        }
        List<Path> merged = merge(store);
        assertThat(merged).hasSize(2);
        assertThat(repetitions(merged.get(0))).containsExactly(0, 2, 4);
        assertThat(repetitions(merged.get(1))).containsExactly(1, 3);
        RunDirectory old = new RunDirectory(merged.get(0));
        assertThat(old.info().host())
                .containsEntry("processor", "old")
                .containsEntry("node 1", "a")
                .containsEntry("node 2", "c")
                .doesNotContainKey("node 3");
        assertThat(old.records().stream().map(record -> record.context().get(Record.NODE)))
                .containsExactly(1.0, 2.0, 1.0);
        assertThat(new RunDirectory(merged.get(1)).info().host())
                .containsEntry("processor", "new")
                .containsEntry("node 1", "b")
                .doesNotContainKey("node 2");
        for (Path run : merged) {
            assertThat(new RunDirectory(run).info().notices())
                    .contains("This campaign ran on 2 unlike classes of hosts or versions, which are reported apart.");
        }
    }

    @Test
    void unlikeVersionsAreNeverPooled() throws Exception {
        CellStore store = store(3);
        for (Cell cell : store.cells()) {
            String commit = cell.repetition() == 1 ? "another" : cell.commit();
            boolean dirty = cell.repetition() == 2;
            CellStore.store(store.done(), cell, result -> fill(result, cell, "keel", Map.of(), commit, dirty));
        }
        List<Path> merged = merge(store);
        assertThat(merged).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(repetitions(merged.get(i))).containsExactly(i);
            RunInfo info = new RunDirectory(merged.get(i)).info();
            assertThat(info.commit()).isEqualTo(i == 1 ? "another" : "0123abcd");
            assertThat(info.dirty()).isEqualTo(i == 2);
        }
    }

    @Test
    void theSeedAndTheCommandAreThoseOfTheCampaign() throws Exception {
        CellStore store = store(1);
        CellStore.store(
                store.done(),
                store.cells().get(0),
                result -> fill(result, store.cells().get(0), "keel"));
        RunInfo info = new RunDirectory(merge(store).get(0)).info();
        assertThat(info.seed()).isEqualTo(7);
        assertThat(info.arguments()).containsExactly("reproduce", "--full");
    }

    @Test
    void whatCellsSayOfTheLoadGeneratorIsSaidOnce() throws Exception {
        CellStore store = store(3);
        List<Cell> cells = store.cells();
        CellStore.store(store.done(), cells.get(0), result -> fill(result, cells.get(0), "keel"));
        CellStore.store(store.done(), cells.get(1), result -> fill(result, cells.get(1), "guest-same"));
        List<Path> merged = merge(store);
        assertThat(merged).hasSize(1);
        RunDirectory run = new RunDirectory(merged.get(0));
        assertThat(run.records()).hasSize(2);
        assertThat(run.info().notices())
                .containsExactly(
                        "Two cores.",
                        "The load generator, and not the system, may have set the pace in some repetitions of http-throughput of"
                                + " guest-same, http-throughput of keel: they give no rate.",
                        "1 of 3 cells are missing: the campaign is not complete.");
    }
}
