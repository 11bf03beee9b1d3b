// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unimark.results.Record;
import org.unimark.workloads.cells.Cell;

class CellProgressTest {
    /** What a person sees last. */
    private static final class Shown implements Progress {
        private final List<String> notices = new ArrayList<>();
        private double share = -1;
        private double secondsLeft = -1;
        private int ends;

        @Override
        public void stage(String what) {}

        @Override
        public void repetition(String experiment, String system, double share, double secondsLeft) {
            this.share = share;
            this.secondsLeft = secondsLeft;
        }

        @Override
        public void recorded(Record record) {}

        @Override
        public void notice(String text) {
            notices.add(text);
        }

        @Override
        public void end() {
            ends++;
        }
    }

    private final Shown shown = new Shown();
    private final List<Cell> cells = List.of(
            cell("image-size", "size", 0),
            cell("memory", "search", 0),
            cell("memory", "search", 1),
            cell("memory", "search", 2));
    private long seconds;

    private static Cell cell(String experiment, String kind, int repetition) {
        return new Cell(
                Cell.FORMAT_VERSION, "abc", false, 1, "full", experiment, kind, repetition, "tcg", List.of("keel"));
    }

    private CellProgress progress(List<Cell> missing) throws IOException {
        return new CellProgress(shown, cells, missing, () -> seconds * 1_000_000_000);
    }

    private void make(CellProgress progress, Cell cell, long took) {
        progress.begin(cell);
        progress.repetition(cell.experiment(), "keel", 0.5, 3);
        progress.end();
        seconds += took;
        progress.done();
    }

    private static double guess(Cell cell) throws IOException {
        return new Estimates().seconds(Block.of(cell, unused -> CellPlan.measured(cell)));
    }

    @Test
    void showsTheWholeCampaignAndNotTheCell() throws IOException {
        double size = guess(cells.get(0));
        double search = guess(cells.get(1));
        CellProgress progress = progress(cells);
        progress.begin(cells.get(0));
        progress.repetition("image-size", "keel", 0.5, 0);
        assertThat(shown.share).isZero();
        assertThat(shown.secondsLeft).isCloseTo(size + 3 * search, within(1e-9));
        seconds += 1;
        progress.repetition("image-size", "keel", 0.5, 0);
        assertThat(shown.secondsLeft).as("a second later").isCloseTo(size + 3 * search - 1, within(1e-9));
        seconds += 3;
        progress.done();
        assertThat(shown.share).isEqualTo(0.25);
        assertThat(shown.secondsLeft)
                .as("scaled by what the first cell took: 4 seconds")
                .isCloseTo(3 * search * 4 / size, within(1e-9));
    }

    @Test
    void aCellTakesWhatTheLastOfItsKindTook() throws IOException {
        CellProgress progress = progress(cells);
        make(progress, cells.get(0), 4);
        make(progress, cells.get(1), 100);
        assertThat(shown.share).isEqualTo(0.5);
        assertThat(shown.secondsLeft).isCloseTo(200, within(1e-9));
        progress.begin(cells.get(2));
        seconds += 150;
        progress.repetition("memory", "keel", 0.5, 0);
        assertThat(shown.secondsLeft).as("one is late, one follows").isCloseTo(100, within(1e-9));
        progress.done();
        make(progress, cells.get(3), 1);
        assertThat(shown.share).isEqualTo(1);
        assertThat(shown.secondsLeft).isZero();
    }

    @Test
    void countsWhatWasDoneBefore() throws IOException {
        CellProgress progress = progress(cells.subList(2, 4));
        progress.begin(cells.get(2));
        assertThat(shown.share).as("before its run says anything").isEqualTo(0.5);
        assertThat(shown.notices).containsExactly("Cell 3 of 4: memory search, repetition 2");
        assertThat(shown.secondsLeft).isCloseTo(2 * guess(cells.get(2)), within(1e-9));
    }

    @Test
    void oneBarLastsForAllCells() throws IOException {
        try (CellProgress progress = progress(cells)) {
            make(progress, cells.get(0), 1);
            make(progress, cells.get(1), 1);
            assertThat(shown.ends).isZero();
        }
        assertThat(shown.ends).isEqualTo(1);
    }
}
