// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.wire.TcpView;

/** What is sent again, and in between, while losses are repaired without a timeout (RFC 6582, RFC 6675). */
final class RecoveryOutput {
    private final SegmentOutput output;
    private final TcpCounters counters;

    RecoveryOutput(SegmentOutput output, TcpCounters counters) {
        this.output = output;
        this.counters = counters;
    }

    /** Fast retransmit, and what NewReno sends for each partial acknowledgement: one segment from SND.UNA on. */
    boolean retransmitFirst(TcpConnection connection, long nowNanos) {
        int from = connection.sendUnacknowledged;
        int size = Math.min(connection.segmentBytes, Math.min(connection.sendQueue.length(), connection.flight()));
        if (connection.scoreboard != null) {
            size = connection.scoreboard.untilSacked(from, size);
        }
        boolean fin = size == 0 && connection.finQueued;
        if (size > 0 || fin) {
            int sent = output.segment(connection, from, size, fin ? TcpView.FIN | TcpView.ACK : TcpView.ACK, nowNanos);
            if (sent < 0) {
                return false;
            }
            if (connection.scoreboard != null) {
                connection.scoreboard.retransmitted(from, from + sent);
            }
            counters.retransmissions.increment();
            output.sent(connection, nowNanos);
        }
        connection.retransmitNow = false;
        return true;
    }

    /** Recovery with SACK: holes first, then new data, while the estimate of the network's load allows (RFC 6675, 5 C). */
    boolean send(TcpConnection connection, long nowNanos) {
        SackScoreboard scoreboard = connection.scoreboard;
        int segmentBytes = connection.segmentBytes;
        while (true) {
            int una = connection.sendUnacknowledged;
            int pipe = scoreboard.pipe(una, connection.sendMaximum, segmentBytes);
            int room = connection.congestion.windowBytes() - pipe;
            // The first segment goes whatever the estimate says (RFC 6675, 5 step 4.3).
            boolean first = connection.retransmitNow;
            if (room < segmentBytes && !first) {
                return true;
            }
            room = Math.max(room, segmentBytes);
            int sent;
            if (scoreboard.findHole(una, segmentBytes, !first)) {
                sent = retransmitHole(connection, room, nowNanos);
            } else {
                sent = sendNew(connection, room, nowNanos);
                if (sent == 0 && scoreboard.findHole(una, segmentBytes, false)) {
                    sent = retransmitHole(connection, room, nowNanos);
                }
            }
            if (sent < 0) {
                return false;
            }
            connection.retransmitNow = false;
            if (sent == 0) {
                boolean finDue = connection.finQueued && connection.sendNext - una == connection.sendQueue.length();
                return !finDue || output.sendFin(connection, nowNanos);
            }
        }
    }

    private int retransmitHole(TcpConnection connection, int room, long nowNanos) {
        SackScoreboard scoreboard = connection.scoreboard;
        int from = scoreboard.holeStart();
        int offset = from - connection.sendUnacknowledged;
        int size = Math.min(scoreboard.holeEnd() - from, connection.sendQueue.length() - offset);
        size = output.burst(connection, size, room);
        if (size <= 0) {
            return 0;
        }
        int sent = output.segment(connection, from, size, TcpView.ACK, nowNanos);
        if (sent > 0) {
            scoreboard.retransmitted(from, from + sent);
            counters.retransmissions.increment();
            output.sent(connection, nowNanos);
        }
        return sent;
    }

    /** New segments, as one frame, if there are any and the peer's window has room; 0 if not. */
    private int sendNew(TcpConnection connection, int room, long nowNanos) {
        int offset = connection.sendNext - connection.sendUnacknowledged;
        int unsent = connection.sendQueue.length() - offset;
        int size = output.burst(connection, Math.min(unsent, connection.sendWindow - offset), room);
        if (size <= 0 || size < connection.segmentBytes && size < unsent) {
            return 0;
        }
        int from = connection.sendNext;
        int sent = output.segment(connection, from, size, TcpView.ACK, nowNanos);
        if (sent > 0) {
            if (connection.scoreboard != null) {
                connection.scoreboard.log().sent(from, from + sent, false);
            }
            output.sentInOrder(connection, sent, nowNanos);
        }
        return sent;
    }

    /**
     * Nothing was heard for two round trips: sends a new segment, or the last one again, so that the answer tells what
     * arrived of what is on its way (RFC 8985, 7.3). At most one is on its way.
     */
    void probeTail(TcpConnection connection, long nowNanos) {
        connection.probing = true;
        int from = connection.sendNext;
        int sent = sendNew(connection, connection.segmentBytes, nowNanos);
        connection.probeAgain = sent == 0;
        if (sent == 0) {
            int length = Math.min(connection.sendQueue.length(), connection.flight());
            int size = Math.min(connection.segmentBytes, length);
            from = connection.sendUnacknowledged + length - size;
            int flags = TcpView.ACK | TcpView.PSH | (connection.flight() > length ? TcpView.FIN : 0);
            sent = output.segment(connection, from, size, flags, nowNanos);
            connection.stopTiming(nowNanos);
        }
        if (sent < 0) {
            connection.probing = false;
            return;
        }
        counters.tailProbes.increment();
        connection.probeStart = from;
        connection.probeEnd = connection.sendMaximum;
    }
}
