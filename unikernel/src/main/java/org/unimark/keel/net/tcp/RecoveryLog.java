// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/**
 * What one recovery has sent, in the order of time. When something arrived that was sent later, what was sent again before
 * it and did not arrive is lost once more (RFC 8985, 6.2 with a reordering window of zero, which is what it has in
 * recovery; order takes the place of its times). Without this, only the retransmission timer would notice.
 */
final class RecoveryLog {
    /** Frames noted; of older ones only the retransmission timer knows. */
    private static final int CAPACITY = 64;

    private final SackScoreboard scoreboard;
    private final int[] from = new int[CAPACITY];
    private final int[] to = new int[CAPACITY];
    /** New data proves what arrived, but RFC 6675 looks after its own losses. */
    private final boolean[] again = new boolean[CAPACITY];

    private final boolean[] lost = new boolean[CAPACITY];
    private int count;
    private int lostRecords;

    RecoveryLog(SackScoreboard scoreboard) {
        this.scoreboard = scoreboard;
    }

    void clear() {
        count = 0;
        lostRecords = 0;
    }

    void sent(int first, int behind, boolean isAgain) {
        if (count == CAPACITY) {
            remove(0);
        }
        from[count] = first;
        to[count] = behind;
        again[count] = isAgain;
        lost[count] = false;
        count++;
    }

    private void remove(int index) {
        lostRecords -= lost[index] ? 1 : 0;
        count--;
        for (int i = index; i < count; i++) {
            from[i] = from[i + 1];
            to[i] = to[i + 1];
            again[i] = again[i + 1];
            lost[i] = lost[i + 1];
        }
    }

    /** Takes in what the scoreboard has learned. */
    void update(int unacknowledged) {
        boolean laterArrived = false;
        for (int i = count - 1; i >= 0; i--) {
            int missing = scoreboard.missing(SequenceNumber.later(from[i], unacknowledged), to[i]);
            boolean arrived = missing != to[i] - from[i];
            if (missing <= 0) {
                remove(i);
            } else if (laterArrived && again[i] && !lost[i]) {
                lost[i] = true;
                lostRecords++;
            }
            laterArrived |= arrived;
        }
    }

    /** Bytes that were sent again and lost again. */
    int lostBytes(int unacknowledged) {
        int bytes = 0;
        for (int i = 0; lostRecords > 0 && i < count; i++) {
            if (lost[i]) {
                bytes += Math.max(0, scoreboard.missing(SequenceNumber.later(from[i], unacknowledged), to[i]));
            }
        }
        return bytes;
    }

    /** Finds bytes that were lost again, for {@link SackScoreboard#holeStart} and {@link SackScoreboard#holeEnd}. */
    boolean findLost(int unacknowledged) {
        for (int i = 0; lostRecords > 0 && i < count; i++) {
            if (lost[i] && scoreboard.findMissing(SequenceNumber.later(from[i], unacknowledged), to[i])) {
                return true;
            }
        }
        return false;
    }

    /** What was found lost is sent now, up to {@code behind}: it is no longer the old record's. */
    void repaired(int first, int behind) {
        for (int i = 0; i < count; i++) {
            if (lost[i] && SequenceNumber.isWithin(first, from[i], to[i] - from[i])) {
                from[i] = SequenceNumber.earlier(behind, to[i]);
                if (from[i] == to[i]) {
                    remove(i);
                }
                return;
            }
        }
    }
}
