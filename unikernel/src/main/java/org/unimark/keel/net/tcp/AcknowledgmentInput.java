// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.wire.TcpView;

/** Acknowledgements and windows that arrive: releases what is done with, notices losses (RFC 5681, 6582, 6675, 7323). */
final class AcknowledgmentInput {
    private final TcpEngine engine;
    private final TcpCounters counters;
    private final long minimumTimeoutNanos;
    private final long maximumTimeoutNanos;

    AcknowledgmentInput(TcpEngine engine, TcpCounters counters, TcpParameters parameters) {
        this.engine = engine;
        this.counters = counters;
        minimumTimeoutNanos = parameters.minimumTimeoutNanos;
        maximumTimeoutNanos = parameters.maximumTimeoutNanos;
    }

    /** The fast path's part: {@code bytes} more are acknowledged, no loss is suspected, no FIN is on its way. */
    void acknowledgedInOrder(TcpConnection connection, int bytes, long nowNanos) {
        connection.sendQueue.acknowledge(bytes);
        connection.congestion.acknowledged(bytes, connection.segmentBytes, connection.congestionLimited);
        moveLeftEdge(connection, bytes, nowNanos);
    }

    private void moveLeftEdge(TcpConnection connection, int bytes, long nowNanos) {
        int unacknowledged = connection.sendUnacknowledged + bytes;
        connection.sendUnacknowledged = unacknowledged;
        if (SequenceNumber.isBefore(connection.sendNext, unacknowledged)) {
            connection.sendNext = unacknowledged;
        }
        if (connection.timing && SequenceNumber.isAtOrBefore(connection.timedSequence, unacknowledged)) {
            connection.timing = false;
            connection.roundTrip.sample(nowNanos - connection.timedAtNanos, minimumTimeoutNanos, maximumTimeoutNanos);
        }
        connection.timeouts = 0;
        if (connection.sendMaximum == unacknowledged) {
            connection.retransmitDeadline = TcpConnection.NEVER;
        } else {
            engine.timeouts.startRetransmission(connection, nowNanos);
        }
    }

    /** Takes in the acknowledgement of an acceptable segment; false if the segment must be dropped. */
    boolean receive(TcpConnection connection, Segment segment) {
        int unacknowledged = connection.sendUnacknowledged;
        int acknowledgment = segment.acknowledgment;
        boolean tooNew = SequenceNumber.isBefore(connection.sendMaximum, acknowledgment);
        // RFC 5961, 5.2: neither may data be injected with an acknowledgement from long ago.
        boolean tooOld =
                SequenceNumber.isBefore(acknowledgment, unacknowledged - Math.max(connection.maximumSendWindow, 1));
        if (tooNew || tooOld) {
            counters.badAcknowledgment.increment();
            engine.challenge(connection, segment.nowNanos);
            return false;
        }
        boolean news = takeSack(connection, segment);
        if (connection.probing) {
            takeProbeAnswer(connection, segment);
        }
        if (SequenceNumber.isBefore(unacknowledged, acknowledgment)) {
            advance(connection, segment, acknowledgment - unacknowledged);
        } else if (acknowledgment == unacknowledged) {
            noticeDuplicate(connection, segment, news);
        }
        if (connection.state != TcpState.CLOSED) {
            updateWindow(connection, segment);
        }
        return true;
    }

    /** Whether the segment reported anything new to be held by the peer. */
    private boolean takeSack(TcpConnection connection, Segment segment) {
        if (!connection.sackPermitted || segment.options.sackBlocks == 0 || connection.flight() == 0) {
            return false;
        }
        int unacknowledged = SequenceNumber.later(connection.sendUnacknowledged, segment.acknowledgment);
        SackScoreboard scoreboard = connection.scoreboard;
        if (scoreboard == null) {
            scoreboard = engine.takeScoreboard();
            if (scoreboard == null) {
                return false;
            }
            scoreboard.reset(unacknowledged);
            connection.scoreboard = scoreboard;
        }
        return scoreboard.update(segment.options, unacknowledged, connection.sendMaximum);
    }

    /** RFC 8985, 7.4: whether the probe told of a loss, repaired one, or was not needed. */
    private void takeProbeAnswer(TcpConnection connection, Segment segment) {
        int acknowledgment = segment.acknowledgment;
        int beyond = acknowledgment - connection.probeEnd;
        boolean reports = segment.options.sackBlocks > 0;
        SackScoreboard scoreboard = connection.scoreboard;
        if (beyond < 0) {
            if (reports
                    && scoreboard != null
                    && scoreboard.skipSacked(connection.probeStart) != connection.probeStart) {
                // It was sent long after all the rest: what did not arrive before it is lost.
                scoreboard.probeArrived(connection.probeStart);
                connection.probing = false;
            }
            return;
        }
        boolean twice = reports && SequenceNumber.isAtOrBefore(segment.options.sackRight[0], acknowledgment);
        boolean echo = beyond == 0 && acknowledgment == connection.sendUnacknowledged && segment.sequenceLength() == 0;
        if (!connection.probeAgain || twice || echo) {
            connection.probing = false;
        } else if (beyond > 0) {
            // Nobody has seen the bytes twice: the probe replaced lost ones.
            connection.probing = false;
            connection.congestion.repairedByProbe(connection.flight(), connection.segmentBytes);
        }
    }

    private void advance(TcpConnection connection, Segment segment, int bytes) {
        int queued = connection.sendQueue.length();
        int payload = Math.min(bytes, queued);
        boolean finAcknowledged = bytes > queued;
        if (payload > 0) {
            connection.sendQueue.acknowledge(payload);
        }
        connection.roundTrip.progressed();
        sampleEcho(connection, segment);
        moveLeftEdge(connection, bytes, segment.nowNanos);
        if (connection.scoreboard != null) {
            connection.scoreboard.acknowledge(connection.sendUnacknowledged);
            connection.scoreboard.log().update(connection.sendUnacknowledged);
        }
        boolean calm = connection.congestion.isCalm();
        advanceCongestion(connection, bytes);
        releaseIdleScoreboard(connection);
        if (!calm && connection.flight() > 0 && connection.congestion.isCalm()) {
            // Recovery is over: from here on the tail may be probed again.
            engine.timeouts.startRetransmission(connection, segment.nowNanos);
        }
        engine.markDirty(connection);
        if (finAcknowledged) {
            finAcknowledged(connection, segment.nowNanos);
        }
    }

    /**
     * A round trip from the echoed timestamp where the clock of a segment was given up (RFC 7323, 4.3). An echo from before
     * the loss was noticed is no measure: if only an acknowledgement was lost, it would be the wait for the timeout.
     */
    private void sampleEcho(TcpConnection connection, Segment segment) {
        int echo = segment.options.timestampEcho;
        if (connection.timing || !connection.timestamps || echo == 0) {
            return;
        }
        long ticks = connection.timestampAt(segment.nowNanos) - echo;
        if (ticks >= 0 && echo - connection.lossTimestamp >= 0) {
            connection.roundTrip.sample(
                    ticks << TcpSecrets.TIMESTAMP_TICK_SHIFT, minimumTimeoutNanos, maximumTimeoutNanos);
        }
    }

    private void advanceCongestion(TcpConnection connection, int bytes) {
        CongestionControl congestion = connection.congestion;
        int segmentBytes = connection.segmentBytes;
        boolean beyond = SequenceNumber.isAtOrBefore(congestion.recoveryPoint(), connection.sendUnacknowledged);
        boolean selective = connection.scoreboard != null;
        if (congestion.isRecovering()) {
            if (beyond) {
                congestion.leaveRecovery(connection.flight(), segmentBytes, selective);
            } else if (!selective) {
                congestion.partialAcknowledgment(bytes, segmentBytes);
                connection.retransmitNow = true;
            }
            return;
        }
        if (congestion.isAfterTimeout()) {
            congestion.acknowledgedAfterTimeout(bytes, segmentBytes, beyond);
            return;
        }
        congestion.acknowledged(bytes, segmentBytes, connection.congestionLimited);
    }

    private void releaseIdleScoreboard(TcpConnection connection) {
        if (connection.scoreboard != null && connection.scoreboard.ranges() == 0 && connection.congestion.isCalm()) {
            engine.releaseScoreboard(connection);
        }
    }

    private void finAcknowledged(TcpConnection connection, long nowNanos) {
        connection.finQueued = false;
        switch (connection.state) {
            case FIN_WAIT_1 -> {
                connection.state = TcpState.FIN_WAIT_2;
                engine.timeouts.startFinWait(connection, nowNanos);
            }
            case CLOSING -> engine.ends.enterTimeWait(connection, nowNanos);
            case LAST_ACK -> engine.ends.terminate(connection, CloseReason.FINISHED);
            case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_2, CLOSE_WAIT, TIME_WAIT ->
                throw new IllegalStateException("the acknowledgement of a FIN that was not sent");
        }
    }

    private void noticeDuplicate(TcpConnection connection, Segment segment, boolean news) {
        boolean duplicate = connection.sackPermitted
                ? news
                : segment.sequenceLength() == 0
                        && (segment.window << connection.sendWindowScale) == connection.sendWindow;
        if (!duplicate || connection.flight() == 0 || connection.persisting) {
            return;
        }
        CongestionControl congestion = connection.congestion;
        engine.markDirty(connection);
        if (congestion.isRecovering()) {
            if (connection.scoreboard == null) {
                congestion.inflate(connection.segmentBytes);
            } else {
                connection.scoreboard.log().update(connection.sendUnacknowledged);
            }
            return;
        }
        if (congestion.isAfterTimeout()) {
            return;
        }
        int duplicates = congestion.duplicate();
        boolean selective = connection.scoreboard != null;
        boolean lost = duplicates >= CongestionControl.DUPLICATE_THRESHOLD
                || selective && connection.scoreboard.isFirstLost(connection.segmentBytes);
        if (lost && congestion.isNewLoss(connection.sendUnacknowledged, selective)) {
            enterRecovery(connection, selective, segment.nowNanos);
        }
    }

    private void enterRecovery(TcpConnection connection, boolean selective, long nowNanos) {
        counters.fastRecoveries.increment();
        connection.congestion.enterRecovery(
                connection.flight(), connection.sendMaximum, connection.segmentBytes, selective);
        if (selective) {
            connection.scoreboard.startRecovery(connection.sendUnacknowledged);
        }
        connection.retransmitNow = true;
        connection.probing = false;
        connection.stopTiming(nowNanos);
    }

    /** RFC 9293, 3.10.7.4: the window of the newest segment counts. */
    private void updateWindow(TcpConnection connection, Segment segment) {
        boolean newer = SequenceNumber.isBefore(connection.windowSequence, segment.sequence)
                || connection.windowSequence == segment.sequence
                        && SequenceNumber.isAtOrBefore(connection.windowAcknowledgment, segment.acknowledgment);
        if (!newer || segment.has(TcpView.SYN)) {
            return;
        }
        int window = segment.window << connection.sendWindowScale;
        connection.windowSequence = segment.sequence;
        connection.windowAcknowledgment = segment.acknowledgment;
        connection.maximumSendWindow = Math.max(connection.maximumSendWindow, window);
        if (window != connection.sendWindow) {
            connection.sendWindow = window;
            engine.markDirty(connection);
        }
        if (connection.persisting && window > 0) {
            stopPersisting(connection, segment.nowNanos);
        }
    }

    /** The window opened: what was probed with is on its way like everything else. */
    private void stopPersisting(TcpConnection connection, long nowNanos) {
        connection.persisting = false;
        connection.probes = 0;
        connection.roundTrip.stopBackingOff();
        connection.retransmitDeadline = TcpConnection.NEVER;
        if (connection.flight() > 0) {
            engine.timeouts.startRetransmission(connection, nowNanos);
        }
        engine.markDirty(connection);
    }
}
