// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

/** Who waits for how much of a log to be durable, in the order of asking. */
final class SyncQueue {
    private final RecordLog.Outcome[] outcomes = new RecordLog.Outcome[RecordLog.MAXIMUM_SYNCS];
    private final long[] mainTargets = new long[RecordLog.MAXIMUM_SYNCS];
    private final long[] nextTargets = new long[RecordLog.MAXIMUM_SYNCS];
    private int head;
    private int count;

    int count() {
        return count;
    }

    void add(RecordLog.Outcome outcome, long mainTarget, long nextTarget) {
        if (count == outcomes.length) {
            throw new IllegalStateException("too many syncs of a log wait");
        }
        int at = (head + count++) & (outcomes.length - 1);
        outcomes[at] = outcome;
        mainTargets[at] = mainTarget;
        nextTargets[at] = nextTarget;
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
