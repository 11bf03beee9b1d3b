// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

/** Who waits for how much of a log to be durable, in the order of asking. */
final class SyncQueue {
    private static final int INITIAL_SIZE = 256;

    private RecordLog.Outcome[] outcomes = new RecordLog.Outcome[INITIAL_SIZE];
    private long[] mainTargets = new long[INITIAL_SIZE];
    private long[] nextTargets = new long[INITIAL_SIZE];
    private int head;
    private int count;

    int count() {
        return count;
    }

    void add(RecordLog.Outcome outcome, long mainTarget, long nextTarget) {
        if (count == outcomes.length) {
            grow();
        }
        int at = (head + count++) & (outcomes.length - 1);
        outcomes[at] = outcome;
        mainTargets[at] = mainTarget;
        nextTargets[at] = nextTarget;
    }

    /** As many as ever waited at once; not again after that. */
    private void grow() {
        int size = outcomes.length;
        RecordLog.Outcome[] moreOutcomes = new RecordLog.Outcome[2 * size];
        long[] moreMain = new long[2 * size];
        long[] moreNext = new long[2 * size];
        for (int i = 0; i < count; i++) {
            int at = (head + i) & (size - 1);
            moreOutcomes[i] = outcomes[at];
            moreMain[i] = mainTargets[at];
            moreNext[i] = nextTargets[at];
        }
        outcomes = moreOutcomes;
        mainTargets = moreMain;
        nextTargets = moreNext;
        head = 0;
    }

    /** Whether the first in line may go, given so many durable batches of both logs. */
    boolean isFirstDone(long mainDurable, long nextDurable) {
        return count > 0 && mainTargets[head] <= mainDurable && nextTargets[head] <= nextDurable;
    }

    RecordLog.Outcome removeFirst() {
        RecordLog.Outcome outcome = outcomes[head];
        outcomes[head] = null;
        head = (head + 1) & (outcomes.length - 1);
        count--;
        return outcome;
    }

    /** The new log has become the log: who waits, waits for that now. */
    void promote() {
        for (int i = 0; i < count; i++) {
            int at = (head + i) & (outcomes.length - 1);
            mainTargets[at] = nextTargets[at];
            nextTargets[at] = 0;
        }
    }

    /** There is no new log any more. */
    void forgetNext() {
        for (int i = 0; i < count; i++) {
            nextTargets[(head + i) & (outcomes.length - 1)] = 0;
        }
    }
}
