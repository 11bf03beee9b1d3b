// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.process.Command;
import org.unimark.workloads.cells.Cell;

/**
 * The suite's work tree: which version it is.
 *
 * @param directory of the work tree
 * @param commit that is checked out, or {@link #UNKNOWN}
 * @param changes that the tree has beyond the commit, a line of {@code git status} each
 */
public record WorkTree(Path directory, String commit, List<String> changes) {
    /** Outside of a work tree, or without git. */
    public static final String UNKNOWN = "unknown";

    private static final int GIT_TIMEOUT_SECONDS = 20;
    private static final int CHANGES_SHOWN = 3;

    public WorkTree {
        changes = List.copyOf(changes);
    }

    /** As git describes {@code directory}. */
    public static WorkTree of(Path directory) throws InterruptedException {
        String commit = git(directory, "rev-parse", "HEAD");
        String status = git(directory, "status", "--porcelain");
        List<String> changes = status == null
                ? List.of("git does not know it")
                : status.lines().map(String::strip).toList();
        return new WorkTree(directory, commit == null ? UNKNOWN : commit.strip(), changes);
    }

    /** Whether it differs from its commit, or may do so. */
    public boolean isDirty() {
        return !changes.isEmpty();
    }

    /**
     * Why this tree must not make {@code cell}, with what to do about it, or null if it may: results of unlike versions would
     * stand side by side.
     */
    public String objection(Cell cell) {
        if (!commit.equals(cell.commit())) {
            return "this cell is of commit " + cell.commit() + ", and the work tree " + directory + " is at " + commit
                    + ": check out the cell's commit there, or plan a campaign of this one (--campaign with another"
                    + " directory)";
        }
        if (isDirty() && !cell.dirty()) {
            String more = changes.size() > CHANGES_SHOWN ? ", ..." : "";
            return "the work tree " + directory + " has changes that this campaign was planned without ("
                    + String.join(", ", changes.subList(0, Math.min(CHANGES_SHOWN, changes.size()))) + more
                    + "): take them back or keep them elsewhere, or plan a campaign with them (--campaign with another"
                    + " directory), whose results say so";
        }
        return null;
    }

    /** What git says, or null if it says nothing. */
    private static String git(Path home, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "safe.directory=*", "-C", home.toString()));
        command.addAll(List.of(arguments));
        try {
            Command.Result result = Command.attempt(null, GIT_TIMEOUT_SECONDS, command);
            return result.succeeded() ? result.output() : null;
        } catch (IOException e) {
            return null;
        }
    }
}
