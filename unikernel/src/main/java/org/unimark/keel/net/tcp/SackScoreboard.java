// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.wire.TcpOptions;

/**
 * What the peer has told to hold above the cumulative acknowledgement, and what follows from it about losses (RFC 6675).
 * Ranges are disjoint, not adjacent and in order. Pooled: only connections with losses have one.
 */
final class SackScoreboard {
    /** Ranges kept; what does not fit is forgotten, which costs a needless retransmission at worst. */
    static final int MAXIMUM_RANGES = 32;

    private final int[] left = new int[MAXIMUM_RANGES];
    private final int[] right = new int[MAXIMUM_RANGES];
    private int ranges;
    private int sackedBytes;

    /** HighRxt: behind the highest byte sent again in this recovery. */
    private int retransmitted;

    /** What is not reported below this counts as lost: something sent much later has arrived. */
    private int lostBelow;

    private final RecoveryLog log = new RecoveryLog(this);
    private int holeStart;
    private int holeEnd;

    /** For the pool. */
    SackScoreboard next;

    void reset(int unacknowledged) {
        ranges = 0;
        sackedBytes = 0;
        retransmitted = unacknowledged;
        lostBelow = unacknowledged;
        log.clear();
    }

    /** Fast recovery begins: nothing was sent again in it so far. */
    void startRecovery(int unacknowledged) {
        retransmitted = unacknowledged;
        log.clear();
    }

    RecoveryLog log() {
        return log;
    }

    /** A probe arrived that was sent long after everything below {@code sequence}. */
    void probeArrived(int sequence) {
        lostBelow = SequenceNumber.later(lostBelow, sequence);
    }

    int ranges() {
        return ranges;
    }

    int rangeLeft(int index) {
        return left[index];
    }

    int rangeRight(int index) {
        return right[index];
    }

    int sackedBytes() {
        return sackedBytes;
    }

    /** Takes in the blocks of one segment and returns whether they said anything new. */
    boolean update(TcpOptions options, int unacknowledged, int sendMaximum) {
        int before = sackedBytes;
        for (int i = 0; i < options.sackBlocks; i++) {
            int from = SequenceNumber.later(options.sackLeft[i], unacknowledged);
            int to = options.sackRight[i];
            // A block below the acknowledgement reports a duplicate (RFC 2883); one above what was sent is a lie.
            if (SequenceNumber.isBefore(from, to) && SequenceNumber.isAtOrBefore(to, sendMaximum)) {
                add(from, to);
            }
        }
        return sackedBytes != before;
    }

    /** Adds {@code [from, to)}, joined with what it touches. */
    void add(int from, int to) {
        int first = 0;
        while (first < ranges && SequenceNumber.isBefore(right[first], from)) {
            first++;
        }
        int behind = first;
        int joinedFrom = from;
        int joinedTo = to;
        while (behind < ranges && SequenceNumber.isAtOrBefore(left[behind], to)) {
            joinedFrom = SequenceNumber.earlier(joinedFrom, left[behind]);
            joinedTo = SequenceNumber.later(joinedTo, right[behind]);
            sackedBytes -= right[behind] - left[behind];
            behind++;
        }
        if (behind == first && ranges == MAXIMUM_RANGES) {
            return;
        }
        move(behind, first + 1);
        left[first] = joinedFrom;
        right[first] = joinedTo;
        sackedBytes += joinedTo - joinedFrom;
    }

    /** Moves the ranges from index {@code from} on to index {@code to}. */
    private void move(int from, int to) {
        int count = ranges - from;
        if (to > from) {
            for (int i = count - 1; i >= 0; i--) {
                left[to + i] = left[from + i];
                right[to + i] = right[from + i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                left[to + i] = left[from + i];
                right[to + i] = right[from + i];
            }
        }
        ranges = to + count;
    }

    /** The cumulative acknowledgement moved to {@code unacknowledged}. */
    void acknowledge(int unacknowledged) {
        int gone = 0;
        while (gone < ranges && SequenceNumber.isAtOrBefore(right[gone], unacknowledged)) {
            sackedBytes -= right[gone] - left[gone];
            gone++;
        }
        if (gone > 0) {
            move(gone, 0);
        }
        if (ranges > 0 && SequenceNumber.isBefore(left[0], unacknowledged)) {
            sackedBytes -= unacknowledged - left[0];
            left[0] = unacknowledged;
        }
        retransmitted = SequenceNumber.later(retransmitted, unacknowledged);
        lostBelow = SequenceNumber.later(lostBelow, unacknowledged);
    }

    /** IsLost (RFC 6675, 4) for the hole in front of range {@code index}. */
    private boolean isLost(int index, int segmentBytes) {
        if (ranges - index >= CongestionControl.DUPLICATE_THRESHOLD
                || SequenceNumber.isAtOrBefore(left[index], lostBelow)) {
            return true;
        }
        int above = 0;
        for (int i = index; i < ranges; i++) {
            above += right[i] - left[i];
        }
        return above > (CongestionControl.DUPLICATE_THRESHOLD - 1) * segmentBytes;
    }

    /** Whether the first unacknowledged byte counts as lost. */
    boolean isFirstLost(int segmentBytes) {
        return ranges > 0 && isLost(0, segmentBytes);
    }

    /** SetPipe: an estimate of the bytes that are in the network now. */
    int pipe(int unacknowledged, int sendMaximum, int segmentBytes) {
        int pipe = 0;
        int from = unacknowledged;
        for (int i = 0; i <= ranges; i++) {
            int to = i < ranges ? left[i] : sendMaximum;
            if (i == ranges || !isLost(i, segmentBytes)) {
                pipe += to - from;
            }
            int again = SequenceNumber.earlier(to, retransmitted);
            if (SequenceNumber.isBefore(from, again)) {
                pipe += again - from;
            }
            if (i < ranges) {
                from = right[i];
            }
        }
        return pipe - log.lostBytes(unacknowledged);
    }

    /**
     * Finds the next bytes to send again: what was lost again, else (NextSeg rules 1 and 3) a part of a hole above what was
     * sent again already.
     *
     * @param onlyLost rule 1: the hole must count as lost
     * @return whether there is one, in {@link #holeStart} and {@link #holeEnd}
     */
    boolean findHole(int unacknowledged, int segmentBytes, boolean onlyLost) {
        if (log.findLost(unacknowledged)) {
            return true;
        }
        int from = unacknowledged;
        for (int i = 0; i < ranges; i++) {
            int start = SequenceNumber.later(from, retransmitted);
            if (SequenceNumber.isBefore(start, left[i])) {
                if (onlyLost && !isLost(i, segmentBytes)) {
                    return false;
                }
                holeStart = start;
                holeEnd = left[i];
                return true;
            }
            from = right[i];
        }
        return false;
    }

    int holeStart() {
        return holeStart;
    }

    int holeEnd() {
        return holeEnd;
    }

    /** These bytes are sent again. */
    void retransmitted(int from, int upTo) {
        if (SequenceNumber.isBefore(from, retransmitted)) {
            log.repaired(from, upTo);
        }
        log.sent(from, upTo, true);
        retransmitted = SequenceNumber.later(retransmitted, upTo);
    }

    /** How many bytes of [from, to) the peer does not report; negative if there are none in it. */
    int missing(int from, int to) {
        int bytes = to - from;
        for (int i = 0; i < ranges && SequenceNumber.isBefore(left[i], to); i++) {
            bytes -= Math.max(0, SequenceNumber.earlier(right[i], to) - SequenceNumber.later(left[i], from));
        }
        return bytes;
    }

    /** Finds the first bytes of [from, to) that the peer does not report. */
    boolean findMissing(int from, int to) {
        int start = skipSacked(from);
        if (!SequenceNumber.isBefore(start, to)) {
            return false;
        }
        holeStart = start;
        holeEnd = start + untilSacked(start, to - start);
        return true;
    }

    int retransmitted() {
        return retransmitted;
    }

    /** The first position at or behind {@code sequence} that the peer does not hold. */
    int skipSacked(int sequence) {
        for (int i = 0; i < ranges; i++) {
            if (SequenceNumber.isWithin(sequence, left[i], right[i] - left[i])) {
                return right[i];
            }
        }
        return sequence;
    }

    /** Bytes in front of {@code sequence} that the peer holds. */
    int sackedBefore(int sequence) {
        int bytes = 0;
        for (int i = 0; i < ranges && SequenceNumber.isBefore(left[i], sequence); i++) {
            bytes += SequenceNumber.earlier(right[i], sequence) - left[i];
        }
        return bytes;
    }

    /** Bytes from {@code sequence} on, at most {@code limit}, before the peer holds some again. */
    int untilSacked(int sequence, int limit) {
        for (int i = 0; i < ranges; i++) {
            if (SequenceNumber.isAtOrBefore(sequence, left[i])) {
                return Math.min(limit, left[i] - sequence);
            }
        }
        return limit;
    }
}
