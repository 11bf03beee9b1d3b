// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/**
 * Congestion window of one connection: slow start, congestion avoidance, fast retransmit and fast recovery (RFC 5681, with
 * the byte counting of RFC 3465), NewReno's partial acknowledgements (RFC 6582). It decides how much may be in flight; who
 * sends what is the business of {@link SegmentOutput}.
 */
final class CongestionControl {
    /** Duplicate acknowledgements that mean loss (RFC 5681, 3.2). */
    static final int DUPLICATE_THRESHOLD = 3;

    private static final int MAXIMUM_WINDOW_BYTES = 1 << 30;

    private int windowBytes;
    private int slowStartThresholdBytes;
    private int acknowledgedBytes;
    private int duplicates;
    private boolean recovering;
    private boolean afterTimeout;

    /** Sequence number behind the data that was outstanding when loss was noticed. */
    private int recoveryPoint;

    /** A recovery point exists: duplicates below it are echoes of an old loss (RFC 6582, 4). */
    private boolean recoveredOnce;

    void reset(int initialWindowBytes) {
        windowBytes = initialWindowBytes;
        slowStartThresholdBytes = MAXIMUM_WINDOW_BYTES;
        acknowledgedBytes = 0;
        duplicates = 0;
        recovering = false;
        afterTimeout = false;
        recoveredOnce = false;
    }

    int windowBytes() {
        return windowBytes;
    }

    int slowStartThresholdBytes() {
        return slowStartThresholdBytes;
    }

    int duplicates() {
        return duplicates;
    }

    int recoveryPoint() {
        return recoveryPoint;
    }

    /** In fast recovery. */
    boolean isRecovering() {
        return recovering;
    }

    /** Sending again what was outstanding when the retransmission timer expired. */
    boolean isAfterTimeout() {
        return afterTimeout;
    }

    /** Nothing is suspected lost. */
    boolean isCalm() {
        return duplicates == 0 && !recovering && !afterTimeout;
    }

    /** New data was acknowledged outside recovery; {@code limited}: the window, not the application, held data back. */
    void acknowledged(int bytes, int segmentBytes, boolean limited) {
        duplicates = 0;
        recoveredOnce = false;
        if (limited) {
            grow(bytes, segmentBytes);
        }
    }

    private void grow(int bytes, int segmentBytes) {
        if (windowBytes < slowStartThresholdBytes) {
            // After a timeout an acknowledgement may tell of old data: L = 1 (RFC 3465, 2.3). Otherwise no limit, as in
            // Linux: a peer acknowledges a frame that the card was to cut as a whole, 44 segments at once.
            windowBytes += afterTimeout ? Math.min(bytes, segmentBytes) : bytes;
        } else {
            acknowledgedBytes += bytes;
            if (acknowledgedBytes >= windowBytes) {
                acknowledgedBytes -= windowBytes;
                windowBytes += segmentBytes;
            }
        }
        windowBytes = Math.min(windowBytes, MAXIMUM_WINDOW_BYTES);
    }

    /** Counts a duplicate acknowledgement and returns how many there are in a row. */
    int duplicate() {
        return ++duplicates;
    }

    /**
     * Whether loss noticed now, with {@code acknowledged} as the acknowledgement, is a new one. Without SACK, duplicates
     * right at the recovery point may be echoes of what was sent again needlessly (RFC 6582, 3.2 step 1).
     */
    boolean isNewLoss(int acknowledged, boolean selective) {
        int beyond = acknowledged - recoveryPoint;
        return !recoveredOnce || beyond > 0 || selective && beyond == 0;
    }

    /** Fast retransmit: halves the window and begins fast recovery. */
    void enterRecovery(int flightBytes, int sendMaximum, int segmentBytes, boolean selective) {
        slowStartThresholdBytes = Math.max(flightBytes / 2, 2 * segmentBytes);
        // Without SACK each duplicate stands for a segment that left the network (RFC 5681, 3.2 step 3).
        windowBytes = slowStartThresholdBytes + (selective ? 0 : DUPLICATE_THRESHOLD * segmentBytes);
        acknowledgedBytes = 0;
        recovering = true;
        afterTimeout = false;
        recoveredOnce = true;
        recoveryPoint = sendMaximum;
    }

    /** A loss was noticed when its repair had already arrived: the window shrinks as if there had been a recovery. */
    void repairedByProbe(int flightBytes, int segmentBytes) {
        if (isCalm()) {
            slowStartThresholdBytes = Math.max(flightBytes / 2, 2 * segmentBytes);
            windowBytes = Math.min(windowBytes, slowStartThresholdBytes);
            acknowledgedBytes = 0;
        }
    }

    /** NewReno, one more duplicate: one more segment left the network. */
    void inflate(int segmentBytes) {
        windowBytes = Math.min(windowBytes + segmentBytes, MAXIMUM_WINDOW_BYTES);
    }

    /** NewReno, an acknowledgement below the recovery point (RFC 6582, 3.2 step 3). */
    void partialAcknowledgment(int bytes, int segmentBytes) {
        windowBytes = Math.max(windowBytes - bytes, segmentBytes);
        if (bytes >= segmentBytes) {
            windowBytes += segmentBytes;
        }
    }

    /** Everything outstanding at the loss is acknowledged; the window must not release a burst (RFC 6582, 3.2 step 3). */
    void leaveRecovery(int flightBytes, int segmentBytes, boolean selective) {
        windowBytes = selective
                ? slowStartThresholdBytes
                : Math.min(slowStartThresholdBytes, Math.max(flightBytes, segmentBytes) + segmentBytes);
        recovering = false;
        duplicates = 0;
    }

    /** The retransmission timer expired (RFC 5681, 3.1; only the first expiry of a row lowers the threshold). */
    void timedOut(int flightBytes, int sendMaximum, int segmentBytes, boolean first) {
        if (first) {
            slowStartThresholdBytes = Math.max(flightBytes / 2, 2 * segmentBytes);
        }
        windowBytes = segmentBytes;
        acknowledgedBytes = 0;
        duplicates = 0;
        recovering = false;
        afterTimeout = true;
        recoveredOnce = true;
        recoveryPoint = sendMaximum;
    }

    /**
     * New data was acknowledged while what was outstanding at a timeout is sent again: slow start.
     *
     * @param complete all of it is acknowledged
     */
    void acknowledgedAfterTimeout(int bytes, int segmentBytes, boolean complete) {
        duplicates = 0;
        grow(bytes, segmentBytes);
        afterTimeout = !complete;
    }

    /** Nothing was sent for longer than the timeout: the window says nothing about the path any more (RFC 5681, 4.1). */
    void restartAfterIdle(int initialWindowBytes) {
        windowBytes = Math.min(windowBytes, initialWindowBytes);
    }

    /** The segment size changed with the path: keep at least a segment. */
    void segmentBytesChanged(int segmentBytes) {
        windowBytes = Math.max(windowBytes, segmentBytes);
        slowStartThresholdBytes = Math.max(slowStartThresholdBytes, 2 * segmentBytes);
    }
}
