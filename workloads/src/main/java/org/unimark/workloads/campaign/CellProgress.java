// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.unimark.results.Record;
import org.unimark.workloads.cells.Cell;

/**
 * Shows the runs of single cells as parts of their campaign: how much of that is done, and how long the rest will take. That is
 * guessed at first, then scaled by what the cells that were made took; a cell is expected to take as long as the newest of its kind.
 */
public final class CellProgress implements Progress, AutoCloseable {
    private static final double SECOND_NANOS = 1e9;

    private final Progress shown;
    private final List<Cell> cells;
    private final Set<Cell> done = new HashSet<>();
    private final LongSupplier nanos;
    private final Map<Cell, Double> guesses = new HashMap<>();
    private final Map<String, Double> newest = new HashMap<>();
    private double guessedSeconds;
    private double takenSeconds;
    private Cell current;
    private long startNanos;

    /**
     * @param cells of the campaign
     * @param missing those of them that are not done
     * @param nanos a clock that only goes forward
     */
    public CellProgress(Progress shown, List<Cell> cells, List<Cell> missing, LongSupplier nanos) throws IOException {
        this.shown = shown;
        this.cells = List.copyOf(cells);
        this.nanos = nanos;
        done.addAll(cells);
        missing.forEach(done::remove);
        Estimates estimates = new Estimates();
        for (Cell cell : missing) {
            guesses.put(cell, estimates.seconds(Block.of(cell, unused -> CellPlan.measured(cell))));
        }
    }

    /** The runs that follow are of {@code cell}. */
    public void begin(Cell cell) {
        current = cell;
        startNanos = nanos.getAsLong();
        shown.notice(String.format(
                "Cell %d of %d: %s %s, repetition %d",
                done.size() + 1, cells.size(), cell.experiment(), cell.kind(), cell.repetition() + 1));
        show();
    }

    /** The cell that was begun is done. */
    public void done() {
        double seconds = secondsOfCurrent();
        guessedSeconds += guesses.get(current);
        takenSeconds += seconds;
        newest.put(kind(current), seconds);
        done.add(current);
        current = null;
        show();
    }

    private void show() {
        shown.repetition("campaign", done.size() + " of " + cells.size() + " cells", share(), secondsLeft());
    }

    private double share() {
        return (double) done.size() / cells.size();
    }

    private double secondsLeft() {
        double seconds = 0;
        for (Cell cell : cells) {
            if (cell.equals(current)) {
                seconds += Math.max(0, expected(cell) - secondsOfCurrent());
            } else if (!done.contains(cell)) {
                seconds += expected(cell);
            }
        }
        return seconds;
    }

    private double expected(Cell cell) {
        double scale = guessedSeconds > 0 ? takenSeconds / guessedSeconds : 1;
        return newest.getOrDefault(kind(cell), guesses.get(cell) * scale);
    }

    private double secondsOfCurrent() {
        return (nanos.getAsLong() - startNanos) / SECOND_NANOS;
    }

    private static String kind(Cell cell) {
        return cell.experiment() + "/" + cell.kind();
    }

    @Override
    public void stage(String what) {
        shown.stage(what);
    }

    @Override
    public void repetition(String experiment, String system, double shareOfCell, double secondsLeftOfCell) {
        shown.repetition(experiment, system, share(), secondsLeft());
    }

    @Override
    public void recorded(Record record) {
        shown.recorded(record);
    }

    @Override
    public void notice(String text) {
        shown.notice(text);
    }

    /** A run of one cell; the campaign goes on. */
    @Override
    public void end() {}

    /** No more cells are made. */
    @Override
    public void close() {
        shown.end();
    }
}
