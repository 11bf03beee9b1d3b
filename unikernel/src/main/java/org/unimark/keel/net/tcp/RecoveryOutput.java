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
                connection.scoreboard.retransmitted(from + sent);
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
            if (connection.congestion.windowBytes() - pipe < segmentBytes) {
                return true;
            }
            int sent;
            if (scoreboard.findHole(una, segmentBytes, true)) {
                sent = retransmitHole(connection, nowNanos);
            } else {
                sent = sendNewInRecovery(connection, nowNanos);
                if (sent == 0 && scoreboard.findHole(una, segmentBytes, false)) {
                    sent = retransmitHole(connection, nowNanos);
                }
            }
            if (sent < 0) {
                return false;
            }
            if (sent == 0) {
                boolean finDue = connection.finQueued && connection.sendNext - una == connection.sendQueue.length();
                return !finDue || output.sendFin(connection, nowNanos);
            }
        }
    }

    private int retransmitHole(TcpConnection connection, long nowNanos) {
        SackScoreboard scoreboard = connection.scoreboard;
        int from = scoreboard.holeStart();
        int offset = from - connection.sendUnacknowledged;
        int size = Math.min(connection.segmentBytes, scoreboard.holeEnd() - from);
        size = Math.min(size, connection.sendQueue.length() - offset);
        if (size <= 0) {
            return 0;
        }
        int sent = output.segment(connection, from, size, TcpView.ACK, nowNanos);
        if (sent > 0) {
            scoreboard.retransmitted(from + sent);
            counters.retransmissions.increment();
            output.sent(connection, nowNanos);
        }
        return sent;
    }

    /** One new segment if there is one and the peer's window has room; 0 if not. */
    private int sendNewInRecovery(TcpConnection connection, long nowNanos) {
        int offset = connection.sendNext - connection.sendUnacknowledged;
        int unsent = connection.sendQueue.length() - offset;
        int size = Math.min(Math.min(unsent, connection.segmentBytes), connection.sendWindow - offset);
        if (size <= 0 || size < connection.segmentBytes && size < unsent) {
            return 0;
        }
        int sent = output.segment(connection, connection.sendNext, size, TcpView.ACK, nowNanos);
        if (sent > 0) {
            output.sentInOrder(connection, sent, nowNanos);
        }
        return sent;
    }
}
