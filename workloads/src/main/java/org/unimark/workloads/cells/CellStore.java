// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.unimark.builder.FileTrees;

/**
 * A campaign on disk, append-only:
 *
 * <pre>
 * campaign.json    what was asked for, with the command and the seed
 * cells.jsonl      all specifications, one a line, in the order in which they are to be made; more may be added
 * done/HASH/       results of a cell, complete: it appears by one rename
 * .gitignore       all of it: a campaign within the suite's work tree does not make that differ from its commit
 * </pre>
 */
public final class CellStore {
    private static final String PLAN = "campaign.json";
    private static final String CELLS = "cells.jsonl";
    private static final String DONE = "done";

    private final Path directory;
    private final CampaignPlan plan;
    private final List<Cell> cells;

    private CellStore(Path directory, CampaignPlan plan, List<Cell> cells) {
        this.directory = directory;
        this.plan = plan;
        this.cells = List.copyOf(cells);
    }

    /** Writes the plan down; a campaign that exists must have the same cells, and is resumed. */
    public static CellStore create(Path directory, CampaignPlan plan, List<Cell> cells) throws IOException {
        if (exists(directory)) {
            CellStore existing = open(directory);
            if (!existing.cells.equals(cells)) {
                throw new IOException(directory + " is a campaign with other cells; choose another directory");
            }
            return existing;
        }
        Files.createDirectories(directory.resolve(DONE));
        Files.writeString(directory.resolve(".gitignore"), "*\n");
        Files.writeString(directory.resolve(PLAN), plan.toJson());
        // Last: where there are cells, there is all of a campaign.
        return write(directory, plan, cells);
    }

    private static CellStore write(Path directory, CampaignPlan plan, List<Cell> cells) throws IOException {
        StringBuilder text = new StringBuilder();
        cells.forEach(cell -> text.append(cell.toJson()).append('\n'));
        Path temporary = Files.createTempFile(directory, ".cells", null);
        Files.writeString(temporary, text);
        Files.move(temporary, directory.resolve(CELLS), StandardCopyOption.ATOMIC_MOVE);
        return new CellStore(directory, plan, cells);
    }

    /** The same campaign with more cells, which are made after all others. */
    public CellStore extendedBy(List<Cell> more) throws IOException {
        List<Cell> all = new ArrayList<>(cells);
        all.addAll(more);
        return write(directory, plan, all);
    }

    /** Whether there is a campaign. */
    public static boolean exists(Path directory) {
        return Files.exists(directory.resolve(CELLS));
    }

    /** A campaign that {@link #create} made. */
    public static CellStore open(Path directory) throws IOException {
        Path plan = directory.resolve(PLAN);
        if (!Files.exists(plan)) {
            throw new IOException(
                    directory + " has no " + PLAN + ": it is no campaign, or one of an older version of the"
                            + " suite, which can be finished with that version only; give --campaign another directory");
        }
        List<Cell> cells = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(CELLS), StandardCharsets.UTF_8)) {
            cells.add(Cell.parse(line));
        }
        return new CellStore(directory, CampaignPlan.parse(Files.readString(plan)), cells);
    }

    public Path directory() {
        return directory;
    }

    public CampaignPlan plan() {
        return plan;
    }

    /** Where the results of cells go. */
    public Path done() {
        return directory.resolve(DONE);
    }

    public List<Cell> cells() {
        return cells;
    }

    public boolean isDone(Cell cell) {
        return Files.isDirectory(result(cell));
    }

    /** Results of a cell that is done. */
    public Path result(Cell cell) {
        return done().resolve(cell.hash());
    }

    /** In the order of the plan. */
    public List<Cell> missing() {
        return cells.stream().filter(cell -> !isDone(cell)).toList();
    }

    /** Fills a directory with the results of a cell. */
    public interface Filler {
        void fill(Path directory) throws IOException, InterruptedException;
    }

    /**
     * Makes the results of {@code cell} appear in {@code done} by one rename. Where two workers made the same cell, the first
     * one counts.
     */
    public static void store(Path done, Cell cell, Filler filler) throws IOException, InterruptedException {
        Files.createDirectories(done);
        Path temporary = Files.createTempDirectory(done, ".making-");
        try {
            filler.fill(temporary);
            Path target = done.resolve(cell.hash());
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException unsupported) {
                throw unsupported;
            } catch (FileSystemException taken) {
                if (!Files.isDirectory(target)) {
                    throw taken;
                }
            }
        } finally {
            FileTrees.delete(temporary);
        }
    }
}
