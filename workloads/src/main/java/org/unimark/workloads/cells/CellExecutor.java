// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.io.IOException;

/** Brings the missing cells of a campaign to where they are made. */
public interface CellExecutor {
    /** Hears how it goes, from one thread at a time. */
    interface Observer {
        /** {@code done} of {@code all} cells are there. */
        void progress(int done, int all);

        /** Something that a person should know: a node that failed, a cell that is tried again. */
        void notice(String text);
    }

    /**
     * Returns when no cell is missing any more, or none of those that are can be made: the store tells. When its thread is
     * interrupted it ends what it started.
     */
    void run(CellStore store, Observer observer) throws IOException, InterruptedException;
}
