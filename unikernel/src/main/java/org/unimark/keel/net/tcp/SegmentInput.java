// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.wire.TcpView;

/**
 * Segments that arrive at a connection. {@link #receiveExpected} is the fast path of established connections;
 * {@link #receive} is the whole of RFC 9293, 3.10.7.3 and 3.10.7.4, with RFC 5961 and RFC 7323, for everything else.
 */
final class SegmentInput {
    private static final int FLAGS = 12;
    private static final int OFFSET_UNIT_SHIFT = 10;
    /** No operation, no operation, timestamps, 10 (RFC 7323, appendix A). */
    private static final int ALIGNED_TIMESTAMPS = 0x0101080a;
    /** Timestamps older than this say nothing about order (RFC 7323, 5.5). */
    private static final long TIMESTAMP_AGE_NANOS = 24L * 24 * 3600 * 1_000_000_000L;

    private final TcpEngine engine;
    private final TcpCounters counters;
    private final AcknowledgmentInput acknowledgments;
    private final DataInput data;
    private final HandshakeInput handshakes;

    SegmentInput(
            TcpEngine engine,
            TcpCounters counters,
            AcknowledgmentInput acknowledgments,
            DataInput data,
            HandshakeInput handshakes) {
        this.engine = engine;
        this.counters = counters;
        this.acknowledgments = acknowledgments;
        this.data = data;
        this.handshakes = handshakes;
    }

    /** Tells the fast path what to expect: to be called whenever one of the conditions may have changed. */
    void updateExpectation(TcpConnection connection) {
        boolean ordinary = connection.state == TcpState.ESTABLISHED
                && connection.handler != null
                && !connection.receivePaused
                && !connection.persisting
                && connection.outOfOrder == null
                && connection.scoreboard == null
                && !connection.probing
                && connection.receiveQueue.isEmpty()
                && connection.congestion.isCalm();
        connection.expectedHeader = ordinary ? connection.headerBytes << OFFSET_UNIT_SHIFT | TcpView.ACK : 0;
    }

    /**
     * Header prediction: takes a segment that is next in order, acknowledges something plausible and carries no flag but
     * ACK and PSH. False: nothing was done, the segment needs {@link #receive}.
     */
    boolean receiveExpected(TcpConnection connection, Block block, int at, int length, long nowNanos) {
        Bytes bytes = block.bytes;
        int control = bytes.i32(at + FLAGS);
        if ((control >>> 16 & ~TcpView.PSH) != connection.expectedHeader
                || TcpView.sequence(bytes, at) != connection.receiveNext) {
            return false;
        }
        int acknowledged = TcpView.acknowledgment(bytes, at) - connection.sendUnacknowledged;
        int headerBytes = connection.headerBytes;
        int payload = length - headerBytes;
        // Neither the acknowledged part nor what is in flight can be negative: the difference tells both.
        if ((acknowledged | connection.flight() - acknowledged) < 0
                || (acknowledged | payload) == 0
                || payload > connection.advertisedRight - connection.receiveNext) {
            return false;
        }
        if (connection.timestamps && !takeExpectedTimestamp(connection, bytes, at, nowNanos)) {
            return false;
        }
        connection.lastReceivedNanos = nowNanos;
        int window = (control & 0xffff) << connection.sendWindowScale;
        connection.sendWindow = window;
        connection.windowSequence = connection.receiveNext;
        connection.windowAcknowledgment = connection.sendUnacknowledged + acknowledged;
        if (window > connection.maximumSendWindow) {
            connection.maximumSendWindow = window;
        }
        if (acknowledged != 0) {
            acknowledgments.acknowledgedInOrder(connection, acknowledged, nowNanos);
        }
        if (payload != 0) {
            int start = at + headerBytes;
            data.take(connection, block, start, start + payload);
            engine.markDirty(connection);
        } else if (connection.sendQueue.length() != 0 || connection.wantsWritable) {
            engine.markDirty(connection);
        }
        return true;
    }

    private static boolean takeExpectedTimestamp(TcpConnection connection, Bytes bytes, int at, long nowNanos) {
        if (bytes.i32(at + TcpView.MINIMUM_BYTES) != ALIGNED_TIMESTAMPS) {
            return false;
        }
        int timestamp = bytes.i32(at + TcpView.MINIMUM_BYTES + 4);
        if (timestamp - connection.timestampRecent < 0) {
            return false;
        }
        if (connection.lastAcknowledged == connection.receiveNext) {
            connection.timestampRecent = timestamp;
            connection.timestampRecentNanos = nowNanos;
        }
        return true;
    }

    /** Takes any segment for a connection that exists. */
    void receive(TcpConnection connection, Segment segment) {
        switch (connection.state) {
            case SYN_SENT -> handshakes.onSynSent(connection, segment);
            case TIME_WAIT -> onTimeWait(connection, segment);
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
                onSynchronized(connection, segment);
            case CLOSED, LISTEN -> throw new IllegalStateException("a connection in the table is closed");
        }
        if (connection.state != TcpState.CLOSED) {
            updateExpectation(connection);
        }
    }

    private void onSynchronized(TcpConnection connection, Segment segment) {
        if (isRepeatedSyn(connection, segment)) {
            connection.synPending = true;
            engine.markDirty(connection);
            return;
        }
        if (!checkTimestamp(connection, segment) || !checkSequence(connection, segment)) {
            return;
        }
        if (segment.has(TcpView.RST)) {
            onReset(connection, segment);
            return;
        }
        if (segment.has(TcpView.SYN) && !handshakes.isSimultaneous(connection, segment)) {
            counters.unexpectedSyn.increment();
            challenge(connection, segment.nowNanos);
            return;
        }
        if (!segment.has(TcpView.ACK)) {
            counters.withoutAcknowledgment.increment();
            return;
        }
        connection.lastReceivedNanos = segment.nowNanos;
        rememberTimestamp(connection, segment);
        segment.trimFront(connection.receiveNext);
        if (connection.state == TcpState.SYN_RECEIVED && !handshakes.onSynReceived(connection, segment)) {
            return;
        }
        if (!acknowledgments.receive(connection, segment) || connection.state == TcpState.CLOSED) {
            return;
        }
        data.receive(connection, segment);
    }

    /** The peer did not get our SYN with ACK: it asks again with the same SYN. */
    private static boolean isRepeatedSyn(TcpConnection connection, Segment segment) {
        return connection.state == TcpState.SYN_RECEIVED
                && (segment.flags & (TcpView.SYN | TcpView.ACK | TcpView.RST)) == TcpView.SYN
                && segment.sequence == connection.initialReceiveSequence;
    }

    /** PAWS (RFC 7323, 5.3); also drops what has lost its timestamp (3.2). */
    private boolean checkTimestamp(TcpConnection connection, Segment segment) {
        if (!connection.timestamps || segment.has(TcpView.RST)) {
            return true;
        }
        if (!segment.options.hasTimestamps) {
            counters.missingTimestamp.increment();
            return false;
        }
        boolean old = segment.options.timestampValue - connection.timestampRecent < 0
                && segment.nowNanos - connection.timestampRecentNanos < TIMESTAMP_AGE_NANOS;
        if (old) {
            counters.oldTimestamp.increment();
            answerUnacceptable(connection, segment);
        }
        return !old;
    }

    private static void rememberTimestamp(TcpConnection connection, Segment segment) {
        if (connection.timestamps && SequenceNumber.isAtOrBefore(segment.sequence, connection.lastAcknowledged)) {
            connection.timestampRecent = segment.options.timestampValue;
            connection.timestampRecentNanos = segment.nowNanos;
        }
    }

    /** RFC 9293, 3.4 table 6, a little wider: an acknowledgement right behind the window is news, too. */
    private boolean checkSequence(TcpConnection connection, Segment segment) {
        int next = connection.receiveNext;
        int right = connection.advertisedRight;
        int start = segment.sequence;
        int length = segment.sequenceLength();
        boolean acceptable;
        if (length == 0 || right == next && segment.payloadLength == 0) {
            acceptable = !SequenceNumber.isBefore(start, next) && SequenceNumber.isAtOrBefore(start, right);
        } else {
            int end = start + length;
            acceptable = SequenceNumber.isBefore(next, end) && SequenceNumber.isBefore(start, right)
                    || handshakes.isSimultaneous(connection, segment);
        }
        if (acceptable) {
            return true;
        }
        counters.outsideWindow.increment();
        if (!segment.has(TcpView.RST)) {
            answerUnacceptable(connection, segment);
            salvageAcknowledgment(connection, segment);
        }
        return false;
    }

    /** With a closed window the acknowledgements of refused data still count (RFC 9293, 3.10.7.4). */
    private void salvageAcknowledgment(TcpConnection connection, Segment segment) {
        boolean refused = connection.receiveWindow() == 0 && segment.sequence == connection.receiveNext;
        if (refused && segment.has(TcpView.ACK) && !segment.has(TcpView.SYN) && connection.isSynchronized()) {
            segment.payloadLength = 0;
            segment.flags &= ~TcpView.FIN;
            acknowledgments.receive(connection, segment);
        }
    }

    /** Tells where we stand: at once for data, seldom for bare acknowledgements, so that two ends cannot argue for ever. */
    private void answerUnacceptable(TcpConnection connection, Segment segment) {
        if (segment.payloadLength > 0 && !segment.has(TcpView.SYN)) {
            connection.acknowledgeNow = true;
            engine.markDirty(connection);
        } else {
            challenge(connection, segment.nowNanos);
        }
    }

    /** An acknowledgement that makes a peer that lost its state send a reset with the right number (RFC 5961, 3 and 4). */
    private void challenge(TcpConnection connection, long nowNanos) {
        engine.challenge(connection, nowNanos);
    }

    private void onReset(TcpConnection connection, Segment segment) {
        if (segment.sequence != connection.receiveNext) {
            counters.resetsIgnored.increment();
            challenge(connection, segment.nowNanos);
            return;
        }
        counters.resetsReceived.increment();
        engine.ends.terminate(connection, CloseReason.RESET);
    }

    private void onTimeWait(TcpConnection connection, Segment segment) {
        if (segment.has(TcpView.RST)) {
            // Not even an exact one ends the wait early (RFC 1337).
            counters.resetsIgnored.increment();
        } else if (mayReplace(connection, segment)) {
            counters.timeWaitReused.increment();
            int sendMaximum = connection.sendMaximum;
            engine.ends.endTimeWait(connection);
            handshakes.onListen(segment, sendMaximum);
        } else if (checkTimestamp(connection, segment)) {
            boolean finAgain = segment.has(TcpView.FIN);
            if (segment.sequenceLength() > 0 || segment.sequence != connection.receiveNext) {
                if (finAgain) {
                    engine.timeWait.restart(connection, segment.nowNanos);
                    connection.acknowledgeNow = true;
                    engine.markDirty(connection);
                } else {
                    challenge(connection, segment.nowNanos);
                }
            }
        }
    }

    /** A new connection between the same ports that cannot be taken for the old one (RFC 6191; RFC 9293, 3.10.7.4). */
    private static boolean mayReplace(TcpConnection connection, Segment segment) {
        if ((segment.flags & (TcpView.SYN | TcpView.ACK)) != TcpView.SYN) {
            return false;
        }
        if (connection.timestamps && segment.options.hasTimestamps) {
            int advance = segment.options.timestampValue - connection.timestampRecent;
            return advance > 0 || advance == 0 && SequenceNumber.isBefore(connection.receiveNext, segment.sequence);
        }
        return SequenceNumber.isBefore(connection.receiveNext, segment.sequence);
    }
}
