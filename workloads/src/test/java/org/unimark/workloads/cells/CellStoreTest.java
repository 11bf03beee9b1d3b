// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellStoreTest {
    @TempDir
    Path directory;

    @Test
    void aCellIsNamedByItsContent() throws IOException {
        Cell cell = FakeWorker.cells(1).get(0);
        assertThat(Cell.parse(cell.toJson())).isEqualTo(cell);
        assertThat(cell.hash()).hasSize(24).isEqualTo(Cell.parse(cell.toJson()).hash());
        assertThat(FakeWorker.cells(100).stream().map(Cell::hash).distinct()).hasSize(100);
    }

    @Test
    void resumesAtTheFirstMissingCell() throws Exception {
        List<Cell> cells = FakeWorker.cells(3);
        CellStore store = CellStore.create(directory, cells);
        assertThat(store.missing()).isEqualTo(cells);
        CellStore.store(store.done(), cells.get(1), result -> Files.writeString(result.resolve("value"), "1"));
        CellStore again = CellStore.create(directory, cells);
        assertThat(again.missing()).containsExactly(cells.get(0), cells.get(2));
        assertThat(again.result(cells.get(1)).resolve("value")).hasContent("1");
    }

    @Test
    void refusesAnotherPlanInTheSamePlace() throws Exception {
        CellStore.create(directory, FakeWorker.cells(3));
        assertThatThrownBy(() -> CellStore.create(directory, FakeWorker.cells(4)))
                .hasMessageContaining("other cells");
    }

    @Test
    void moreCellsComeAfterThosePlanned() throws Exception {
        List<Cell> cells = FakeWorker.cells(5);
        CellStore store = CellStore.create(directory, cells.subList(0, 3));
        CellStore.store(store.done(), cells.get(0), result -> Files.writeString(result.resolve("value"), "1"));
        store.extendedBy(cells.subList(3, 5));
        assertThat(CellStore.open(directory).cells()).isEqualTo(cells);
        assertThat(CellStore.open(directory).missing()).isEqualTo(cells.subList(1, 5));
    }

    @Test
    void anInterruptedCellLeavesNothing() throws Exception {
        CellStore store = CellStore.create(directory, FakeWorker.cells(1));
        assertThatThrownBy(() -> CellStore.store(store.done(), store.cells().get(0), result -> {
                    Files.writeString(result.resolve("half"), "1");
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(store.missing()).hasSize(1);
        try (Stream<Path> left = Files.list(store.done())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theFirstOfTwoWorkersCounts() throws Exception {
        CellStore store = CellStore.create(directory, FakeWorker.cells(1));
        Cell cell = store.cells().get(0);
        CellStore.store(store.done(), cell, result -> Files.writeString(result.resolve("value"), "first"));
        CellStore.store(store.done(), cell, result -> Files.writeString(result.resolve("value"), "second"));
        assertThat(store.result(cell).resolve("value")).hasContent("first");
    }
}
