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
        CellStore store = CellStore.create(directory, FakeWorker.plan(), cells);
        assertThat(store.missing()).isEqualTo(cells);
        CellStore.store(store.done(), cells.get(1), result -> Files.writeString(result.resolve("value"), "1"));
        CellStore again = CellStore.create(directory, FakeWorker.plan(), cells);
        assertThat(again.missing()).containsExactly(cells.get(0), cells.get(2));
        assertThat(again.result(cells.get(1)).resolve("value")).hasContent("1");
    }

    @Test
    void keepsWhatWasAskedFor() throws Exception {
        CellStore.create(directory, FakeWorker.plan("keel"), FakeWorker.cells(2))
                .extendedBy(FakeWorker.cells(1));
        assertThat(CellStore.open(directory).plan()).isEqualTo(FakeWorker.plan("keel"));
        assertThat(directory.resolve(".gitignore")).hasContent("*");
    }

    @Test
    void saysWhatToDoAboutACampaignOfAnOlderVersion() throws Exception {
        CellStore.create(directory, FakeWorker.plan(), FakeWorker.cells(2));
        Files.delete(directory.resolve("campaign.json"));
        assertThatThrownBy(() -> CellStore.open(directory))
                .hasMessageContaining("has no campaign.json")
                .hasMessageContaining("give --campaign another directory");
    }

    @Test
    void otherVersionsAreNamed() {
        String plan = FakeWorker.plan().toJson().replace("\"formatVersion\" : 1", "\"formatVersion\" : 9, \"new\" : 0");
        assertThatThrownBy(() -> CampaignPlan.parse(plan)).hasMessageContaining("not of version 9");
        String cell =
                FakeWorker.cells(1).get(0).toJson().replace("\"formatVersion\":2", "\"formatVersion\":9,\"new\":0");
        assertThatThrownBy(() -> Cell.parse(cell)).hasMessageContaining("not of version 9");
    }

    @Test
    void tellsWhatAnotherCommandWantsOtherwise() {
        CampaignPlan planned = FakeWorker.plan("keel", "guest-same");
        assertThat(planned.differences(FakeWorker.plan("guest-same", "keel"))).isEmpty();
        CampaignPlan asked = new CampaignPlan(
                CampaignPlan.FORMAT_VERSION,
                "another",
                true,
                "quick",
                List.of("image-size"),
                List.of(),
                "kvm",
                8,
                List.of("run"));
        assertThat(planned.differences(asked))
                .containsExactly(
                        "profile full, not quick",
                        "experiments http-throughput,image-size, not image-size",
                        "--systems keel,guest-same, not all",
                        "--accel tcg, not kvm",
                        "--seed 7, not 8");
    }

    @Test
    void refusesAnotherPlanInTheSamePlace() throws Exception {
        CellStore.create(directory, FakeWorker.plan(), FakeWorker.cells(3));
        assertThatThrownBy(() -> CellStore.create(directory, FakeWorker.plan(), FakeWorker.cells(4)))
                .hasMessageContaining("other cells");
    }

    @Test
    void moreCellsComeAfterThosePlanned() throws Exception {
        List<Cell> cells = FakeWorker.cells(5);
        CellStore store = CellStore.create(directory, FakeWorker.plan(), cells.subList(0, 3));
        CellStore.store(store.done(), cells.get(0), result -> Files.writeString(result.resolve("value"), "1"));
        store.extendedBy(cells.subList(3, 5));
        assertThat(CellStore.open(directory).cells()).isEqualTo(cells);
        assertThat(CellStore.open(directory).missing()).isEqualTo(cells.subList(1, 5));
    }

    @Test
    void anInterruptedCellLeavesNothing() throws Exception {
        CellStore store = CellStore.create(directory, FakeWorker.plan(), FakeWorker.cells(1));
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
        CellStore store = CellStore.create(directory, FakeWorker.plan(), FakeWorker.cells(1));
        Cell cell = store.cells().get(0);
        CellStore.store(store.done(), cell, result -> Files.writeString(result.resolve("value"), "first"));
        CellStore.store(store.done(), cell, result -> Files.writeString(result.resolve("value"), "second"));
        assertThat(store.result(cell).resolve("value")).hasContent("first");
    }
}
