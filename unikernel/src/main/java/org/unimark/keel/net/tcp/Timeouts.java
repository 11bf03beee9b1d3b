// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.socket.CloseReason;

/** What happens when a deadline of a connection passes: retransmission, probes, delayed acknowledgement, giving up. */
final class Timeouts {
    /** RFC 6298 (5.7): the timeout after a handshake whose SYN was lost. */
    private static final long AFTER_LOST_SYN_NANOS = 3_000_000_000L;
    /** Expiries in a row after which large segments are suspected to vanish in a path of smaller MTU (RFC 4821, 7.7). */
    private static final int BLACK_HOLE_TIMEOUTS = 3;

    private final TcpEngine engine;
    private final TcpParameters parameters;
    private final TcpCounters counters;

    Timeouts(TcpEngine engine, TcpParameters parameters, TcpCounters counters) {
        this.engine = engine;
        this.parameters = parameters;
        this.counters = counters;
    }

    /** Starts the retransmission timer afresh; the wheel is touched only if it would wake too late. */
    void startRetransmission(TcpConnection connection, long nowNanos) {
        long deadline = nowNanos + connection.roundTrip.timeoutNanos(parameters.maximumTimeoutNanos);
        connection.probeArmed = false;
        // Of a single segment the acknowledgement may be delayed; a probe would save nothing (RFC 8985, 7.2).
        if (connection.flight() > connection.segmentBytes && mayProbe(connection)) {
            deadline = armProbe(connection, nowNanos, deadline);
        }
        connection.retransmitDeadline = deadline;
        connection.wakeAt(deadline);
    }

    private long armProbe(TcpConnection connection, long nowNanos, long timeoutDeadline) {
        long wait = connection.roundTrip.probeNanos(parameters.minimumProbeNanos);
        if (wait >= timeoutDeadline - nowNanos) {
            return timeoutDeadline;
        }
        connection.armedNanos = nowNanos;
        connection.probeArmed = true;
        return nowNanos + wait;
    }

    private static boolean mayProbe(TcpConnection connection) {
        return connection.sackPermitted
                && connection.scoreboard == null
                && connection.timeouts == 0
                && !connection.probing
                && !connection.persisting
                && connection.congestion.isCalm();
    }

    /** Whether more was sent than when the timer was started, so that now a probe may help. */
    boolean isProbeDue(TcpConnection connection) {
        return !connection.probeArmed && connection.flight() > connection.segmentBytes && mayProbe(connection);
    }

    private void probeOrWait(TcpConnection connection, long nowNanos) {
        connection.probeArmed = false;
        long since = connection.armedNanos;
        if (mayProbe(connection)) {
            engine.output.probeTail(connection, nowNanos);
            engine.input.updateExpectation(connection);
            since = nowNanos;
        }
        connection.retransmitDeadline = since + connection.roundTrip.timeoutNanos(parameters.maximumTimeoutNanos);
    }

    void expired(TcpConnection connection, long nowNanos) {
        if (connection.acknowledgeDeadline <= nowNanos) {
            connection.acknowledgeDeadline = TcpConnection.NEVER;
            connection.acknowledgeNow = true;
            engine.markDirty(connection);
        }
        if (connection.retransmitDeadline <= nowNanos) {
            connection.retransmitDeadline = TcpConnection.NEVER;
            retransmit(connection, nowNanos);
        }
        if (connection.lifeDeadline <= nowNanos) {
            connection.lifeDeadline = TcpConnection.NEVER;
            live(connection, nowNanos);
        }
        if (connection.state != TcpState.CLOSED) {
            long next = Math.min(connection.retransmitDeadline, connection.acknowledgeDeadline);
            next = Math.min(next, connection.lifeDeadline);
            if (next != TcpConnection.NEVER) {
                connection.wakeAt(next);
            }
        }
    }

    private void retransmit(TcpConnection connection, long nowNanos) {
        switch (connection.state) {
            case SYN_SENT, SYN_RECEIVED -> retransmitSyn(connection);
            case ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, CLOSING, LAST_ACK -> {
                if (connection.persisting) {
                    probeWindow(connection, nowNanos);
                } else if (connection.flight() > 0 && connection.probeArmed) {
                    probeOrWait(connection, nowNanos);
                } else if (connection.flight() > 0) {
                    goBack(connection, nowNanos);
                }
            }
            case CLOSED, LISTEN, FIN_WAIT_2, TIME_WAIT -> {}
        }
    }

    private void retransmitSyn(TcpConnection connection) {
        boolean active = connection.state == TcpState.SYN_SENT;
        int limit = active ? parameters.synRetransmissions : parameters.synAcknowledgmentRetransmissions;
        if (connection.synRetransmissions == limit) {
            (connection.listener == null ? counters.timedOut : counters.halfOpenExpired).increment();
            engine.ends.terminate(connection, CloseReason.TIMED_OUT);
            return;
        }
        connection.synRetransmissions++;
        connection.roundTrip.backOff();
        connection.synPending = true;
        counters.retransmissions.increment();
        engine.markDirty(connection);
    }

    /** The handshake is over; a lost SYN makes for a slow start of the data (RFC 6298, 5.7; RFC 5681, 3.1). */
    void established(TcpConnection connection, long nowNanos) {
        boolean synLost = connection.synRetransmissions > 0;
        connection.roundTrip.stopBackingOff();
        if (synLost) {
            connection.roundTrip.startHigher(AFTER_LOST_SYN_NANOS);
        } else if (connection.lastSentNanos != 0) {
            connection.roundTrip.sample(
                    nowNanos - connection.lastSentNanos,
                    parameters.minimumTimeoutNanos,
                    parameters.maximumTimeoutNanos);
        }
        int segmentBytes = connection.segmentBytes;
        connection.congestion.reset(synLost ? segmentBytes : engine.initialWindow(segmentBytes));
        connection.retransmitDeadline = TcpConnection.NEVER;
    }

    private void goBack(TcpConnection connection, long nowNanos) {
        boolean first = connection.timeouts == 0;
        if (first) {
            connection.troubleSinceNanos = nowNanos;
        } else if (nowNanos - connection.troubleSinceNanos >= parameters.userTimeoutNanos) {
            giveUp(connection, CloseReason.TIMED_OUT);
            return;
        }
        counters.timeouts.increment();
        connection.timeouts++;
        connection.roundTrip.backOff();
        if (connection.timeouts == BLACK_HOLE_TIMEOUTS) {
            engine.paths.suspectBlackHole(connection);
        }
        connection.congestion.timedOut(connection.flight(), connection.sendMaximum, connection.segmentBytes, first);
        // The peer may have thrown away what it reported (RFC 2018, 8); its next report comes with the next answer.
        engine.releaseScoreboard(connection);
        connection.stopTiming(nowNanos);
        connection.retransmitNow = false;
        connection.probing = false;
        connection.sendNext = connection.sendUnacknowledged;
        engine.input.updateExpectation(connection);
        engine.markDirty(connection);
    }

    private void probeWindow(TcpConnection connection, long nowNanos) {
        if (connection.probes == 0) {
            connection.troubleSinceNanos = nowNanos;
        }
        connection.probes++;
        if (nowNanos - Math.max(connection.lastReceivedNanos, connection.troubleSinceNanos)
                >= parameters.userTimeoutNanos) {
            giveUp(connection, CloseReason.TIMED_OUT);
            return;
        }
        boolean impatient = connection.discarding || engine.isMemoryShort();
        if (impatient && nowNanos - connection.troubleSinceNanos >= parameters.zeroWindowPatienceNanos) {
            counters.zeroWindowAborted.increment();
            giveUp(connection, CloseReason.NO_MEMORY);
            return;
        }
        engine.output.probe(connection, nowNanos);
        connection.roundTrip.backOff();
        startRetransmission(connection, nowNanos);
    }

    /** Ends a connection whose peer is gone; if it is not, the reset tells it. */
    private void giveUp(TcpConnection connection, CloseReason reason) {
        counters.timedOut.increment();
        engine.writer.reset(connection);
        engine.ends.terminate(connection, reason);
    }

    private void live(TcpConnection connection, long nowNanos) {
        if (connection.state == TcpState.FIN_WAIT_2) {
            counters.timedOut.increment();
            engine.ends.terminate(connection, CloseReason.TIMED_OUT);
        } else if (connection.keepAliveNanos > 0) {
            keepAlive(connection, nowNanos);
        }
    }

    private void keepAlive(TcpConnection connection, long nowNanos) {
        long quietNanos = nowNanos - connection.lastReceivedNanos;
        if (quietNanos < connection.keepAliveNanos || connection.flight() > 0) {
            // While something is on its way the retransmission timer finds out about the peer.
            connection.keepAliveProbes = 0;
            connection.lifeDeadline = nowNanos + Math.max(connection.keepAliveNanos - quietNanos, 1_000_000_000L);
            return;
        }
        if (connection.keepAliveProbes == parameters.keepAliveProbes) {
            giveUp(connection, CloseReason.TIMED_OUT);
            return;
        }
        connection.keepAliveProbes++;
        engine.output.keepAlive(connection, nowNanos);
        connection.lifeDeadline = nowNanos + Math.min(parameters.keepAliveIntervalNanos, connection.keepAliveNanos);
    }

    /** Begins to watch an idle peer, if that is wanted and not yet done. */
    void startKeepAlive(TcpConnection connection, long nowNanos) {
        if (connection.lifeDeadline == TcpConnection.NEVER) {
            connection.lifeDeadline = nowNanos + connection.keepAliveNanos;
            connection.wakeAt(connection.lifeDeadline);
        }
    }

    /** Our FIN is acknowledged: do not wait for the peer's for ever. */
    void startFinWait(TcpConnection connection, long nowNanos) {
        connection.lifeDeadline = nowNanos + parameters.finWaitNanos;
        connection.wakeAt(connection.lifeDeadline);
    }
}
