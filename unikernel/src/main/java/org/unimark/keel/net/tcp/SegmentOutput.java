// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.wire.TcpOptions;
import org.unimark.keel.net.wire.TcpView;

/** Decides what a connection may send and sends it (RFC 9293, 3.8; RFC 5681; RFC 6675). */
final class SegmentOutput {
    /** Header without options. */
    static final int PLAIN_HEADER_BYTES = TcpView.MINIMUM_BYTES;
    /** Header with timestamps. */
    static final int TIMESTAMPS_HEADER_BYTES = TcpView.MINIMUM_BYTES + TcpOptions.TIMESTAMPS_BYTES;
    /** SACK blocks fit besides timestamps. */
    private static final int MAXIMUM_SACK_BLOCKS = 3;
    /** New segments that the first two duplicate acknowledgements release (RFC 3042). */
    private static final int LIMITED_TRANSMIT_SEGMENTS = 2;

    private static final int MAXIMUM_WIRE_WINDOW = 65_535;

    private final TcpEngine engine;
    private final SegmentSink sink;
    private final SegmentWriter writer;
    private final TcpCounters counters;
    private final RecoveryOutput recovery;
    private final boolean segmentationOffload;
    private final int receiveWindowBytes;

    SegmentOutput(TcpEngine engine, SegmentSink sink, SegmentWriter writer, TcpCounters counters, int windowBytes) {
        this.engine = engine;
        this.sink = sink;
        this.writer = writer;
        this.counters = counters;
        recovery = new RecoveryOutput(this, counters);
        this.receiveWindowBytes = windowBytes;
        int wanted = NetworkDevice.TRANSMIT_SEGMENTATION | NetworkDevice.TRANSMIT_CHECKSUM;
        segmentationOffload = (sink.offloads() & wanted) == wanted;
    }

    /** Sends everything that may go; false if the queue below is full. */
    boolean send(TcpConnection connection, long nowNanos) {
        boolean selective = connection.congestion.isRecovering() && connection.scoreboard != null;
        if (connection.retransmitNow && !selective && !recovery.retransmitFirst(connection, nowNanos)) {
            return false;
        }
        boolean done = selective ? recovery.send(connection, nowNanos) : sendInOrder(connection, nowNanos);
        return done && acknowledge(connection, nowNanos);
    }

    /** Sends an acknowledgement if one is due, or sees to it that it will be (RFC 9293, 3.8.6.3). */
    private boolean acknowledge(TcpConnection connection, long nowNanos) {
        int pending = connection.receiveNext - connection.lastAcknowledged;
        if (connection.acknowledgeNow || pending >= 2 * connection.segmentBytes) {
            return segment(connection, acceptableSequence(connection), 0, TcpView.ACK, nowNanos) >= 0;
        }
        if (pending > 0 && connection.acknowledgeDeadline == TcpConnection.NEVER) {
            connection.acknowledgeDeadline = nowNanos + engine.delayedAcknowledgmentNanos;
            connection.wakeAt(connection.acknowledgeDeadline);
        }
        return true;
    }

    /** SND.NXT, but not beyond the peer's window, where a probe may have moved it: the peer would drop the segment. */
    private static int acceptableSequence(TcpConnection connection) {
        int windowEnd = connection.sendUnacknowledged + connection.sendWindow;
        return SequenceNumber.earlier(connection.sendMaximum, windowEnd);
    }

    /** The ordinary case, and go-back after a timeout: sends from SND.NXT on as far as both windows allow. */
    private boolean sendInOrder(TcpConnection connection, long nowNanos) {
        int length = connection.sendQueue.length();
        int offset = connection.sendNext - connection.sendUnacknowledged;
        if (offset >= length) {
            connection.congestionLimited = false;
            return !connection.finQueued || offset > length || sendFin(connection, nowNanos);
        }
        if (offset == 0 && connection.sendNext == connection.sendMaximum) {
            restartAfterIdle(connection, nowNanos);
        }
        connection.congestionLimited = false;
        while (offset < length) {
            int congestionWindow = congestionWindow(connection);
            int size = nextSize(connection, offset, length, Math.min(connection.sendWindow, congestionWindow));
            if (size <= 0) {
                // Held back by the network rather than by the peer: acknowledgements may open the window further.
                connection.congestionLimited = congestionWindow <= connection.sendWindow
                        && offset + connection.segmentBytes > congestionWindow;
                break;
            }
            boolean last = offset + size == length;
            boolean fin = last && connection.finQueued;
            int flags = TcpView.ACK | (last ? TcpView.PSH : 0) | (fin ? TcpView.FIN : 0);
            int sent = segment(connection, connection.sendNext, size, flags, nowNanos);
            if (sent < 0) {
                return false;
            }
            sentInOrder(connection, fin && sent == size ? sent + 1 : sent, nowNanos);
            offset = skipSacked(connection);
        }
        if (offset < length && connection.sendNext == connection.sendUnacknowledged) {
            persist(connection, nowNanos);
        } else if (offset == length && connection.finQueued) {
            return sendFin(connection, nowNanos);
        }
        return true;
    }

    private static int congestionWindow(TcpConnection connection) {
        int window = connection.congestion.windowBytes();
        int duplicates = connection.congestion.duplicates();
        if (duplicates > 0 && !connection.congestion.isRecovering()) {
            window += Math.min(duplicates, LIMITED_TRANSMIT_SEGMENTS) * connection.segmentBytes;
        }
        // What the peer holds already has left the network.
        return connection.scoreboard == null
                ? window
                : window + connection.scoreboard.sackedBefore(connection.sendNext);
    }

    private void restartAfterIdle(TcpConnection connection, long nowNanos) {
        if (nowNanos - connection.lastSentNanos > connection.roundTrip.timeoutNanos(engine.maximumTimeoutNanos)) {
            connection.congestion.restartAfterIdle(engine.initialWindow(connection.segmentBytes));
        }
    }

    /** How many bytes to send from {@code offset} on; 0: none now (silly window avoidance and Nagle, RFC 9293, 3.8.6.2). */
    private int nextSize(TcpConnection connection, int offset, int length, int window) {
        int segmentBytes = connection.segmentBytes;
        int unsent = length - offset;
        int size = Math.min(unsent, window - offset);
        boolean again = connection.sendNext != connection.sendMaximum;
        if (again) {
            return resendSize(connection, size);
        }
        if (size < segmentBytes) {
            if (size == unsent) {
                boolean waits = !connection.noDelay && offset > 0 && !connection.finQueued;
                return waits ? 0 : size;
            }
            return size * 2L >= connection.maximumSendWindow ? size : 0;
        }
        if (!segmentationOffload) {
            return segmentBytes;
        }
        if (size > connection.maximumFrame) {
            return connection.maximumFrame;
        }
        return size == unsent && connection.noDelay ? size : size - size % segmentBytes;
    }

    /** How much of {@code size} bytes goes into one frame, of which the window has room for {@code room}, a segment or more. */
    int burst(TcpConnection connection, int size, int room) {
        int most = Math.min(size, room);
        if (most <= connection.segmentBytes || !segmentationOffload) {
            return Math.min(most, connection.segmentBytes);
        }
        int whole = Math.min(most, connection.maximumFrame);
        return whole == size ? whole : whole - whole % connection.segmentBytes;
    }

    private int resendSize(TcpConnection connection, int size) {
        int most = size < connection.segmentBytes ? size : burst(connection, size, size);
        SackScoreboard scoreboard = connection.scoreboard;
        return scoreboard == null ? most : scoreboard.untilSacked(connection.sendNext, most);
    }

    void probeTail(TcpConnection connection, long nowNanos) {
        recovery.probeTail(connection, nowNanos);
    }

    void sentInOrder(TcpConnection connection, int sent, long nowNanos) {
        int from = connection.sendNext;
        connection.sendNext = from + sent;
        if (SequenceNumber.isBefore(connection.sendMaximum, connection.sendNext)) {
            boolean fresh = from == connection.sendMaximum;
            connection.sendMaximum = connection.sendNext;
            if (fresh && !connection.timing) {
                connection.timing = true;
                connection.timedSequence = connection.sendNext;
                connection.timedAtNanos = nowNanos;
            }
        } else {
            counters.retransmissions.increment();
        }
        sent(connection, nowNanos);
    }

    /** Something that needs an acknowledgement left: the retransmission timer runs (RFC 6298, 5.1). */
    void sent(TcpConnection connection, long nowNanos) {
        connection.lastSentNanos = nowNanos;
        if (connection.retransmitDeadline == TcpConnection.NEVER
                || connection.persisting
                || engine.timeouts.isProbeDue(connection)) {
            connection.persisting = false;
            engine.timeouts.startRetransmission(connection, nowNanos);
        }
    }

    /** While old data is sent again, leaves out what the peer holds; returns the new offset of SND.NXT. */
    private static int skipSacked(TcpConnection connection) {
        if (connection.scoreboard != null && SequenceNumber.isBefore(connection.sendNext, connection.sendMaximum)) {
            connection.sendNext = connection.scoreboard.skipSacked(connection.sendNext);
        }
        return connection.sendNext - connection.sendUnacknowledged;
    }

    /** Nothing is on its way and nothing may be sent: ask for the window from time to time (RFC 9293, 3.8.6.1). */
    private void persist(TcpConnection connection, long nowNanos) {
        if (!connection.persisting) {
            connection.persisting = true;
            connection.probes = 0;
            connection.retransmitDeadline = TcpConnection.NEVER;
            engine.input.updateExpectation(connection);
        }
        if (connection.retransmitDeadline == TcpConnection.NEVER) {
            engine.timeouts.startRetransmission(connection, nowNanos);
        }
    }

    boolean sendFin(TcpConnection connection, long nowNanos) {
        if (segment(connection, connection.sendNext, 0, TcpView.FIN | TcpView.ACK, nowNanos) < 0) {
            return false;
        }
        connection.sendNext++;
        connection.sendMaximum = SequenceNumber.later(connection.sendMaximum, connection.sendNext);
        sent(connection, nowNanos);
        return true;
    }

    /** Sends what fits into a small window, or one byte beyond a closed one, so that the answer tells the window. */
    void probe(TcpConnection connection, long nowNanos) {
        int most = Math.min(connection.segmentBytes, connection.sendQueue.length());
        int size = Math.min(Math.max(connection.sendWindow, 1), most);
        int sent = segment(connection, connection.sendUnacknowledged, size, TcpView.ACK, nowNanos);
        if (sent > 0) {
            counters.zeroWindowProbes.increment();
            connection.sendMaximum = SequenceNumber.later(connection.sendMaximum, connection.sendUnacknowledged + sent);
            connection.stopTiming(nowNanos);
        }
    }

    /** An old sequence number provokes an acknowledgement (RFC 9293, 3.8.4). */
    void keepAlive(TcpConnection connection, long nowNanos) {
        segment(connection, connection.sendUnacknowledged - 1, 0, TcpView.ACK, nowNanos);
        counters.keepAliveProbes.increment();
    }

    /** Sends one frame; returns its payload in bytes, less than asked for if it has too many pieces; -1: queue full. */
    int segment(TcpConnection connection, int sequence, int size, int flags, long nowNanos) {
        TransmitFrame frame = sink.takeFrame();
        if (frame == null) {
            counters.queueFull.increment();
            return -1;
        }
        int at = SegmentWriter.headerAt(frame);
        int headerBytes = connection.headerBytes;
        int most = size;
        if (connection.outOfOrder != null && connection.sackPermitted) {
            headerBytes += putSack(connection, frame.head, at + headerBytes);
            most = Math.min(size, connection.maximumSegment - headerBytes);
        }
        int payload = 0;
        if (most > 0) {
            payload = connection.sendQueue.addTo(frame, sequence - connection.sendUnacknowledged, most);
            if (payload > connection.segmentBytes) {
                frame.segmentBytes = connection.segmentBytes;
            }
        }
        int cut = payload < size ? flags & ~(TcpView.FIN | TcpView.PSH) : flags;
        int window = advertise(connection);
        TcpView.put(frame.head, at, connection.sendPorts, sequence, connection.receiveNext, cut, window, headerBytes);
        if (connection.timestamps) {
            int ticks = connection.timestampAt(nowNanos);
            TcpOptions.putTimestamps(frame.head, at + TcpView.MINIMUM_BYTES, ticks, connection.timestampRecent);
        }
        if (!writer.send(
                frame, headerBytes, connection.pseudoHeader, connection.localAddress, connection.remoteAddress)) {
            return -1;
        }
        acknowledged(connection);
        return payload;
    }

    /** The segment that left carried the newest acknowledgement. */
    private static void acknowledged(TcpConnection connection) {
        connection.lastAcknowledged = connection.receiveNext;
        connection.acknowledgeNow = false;
        connection.acknowledgeDeadline = TcpConnection.NEVER;
    }

    private static int putSack(TcpConnection connection, Bytes head, int at) {
        OutOfOrderQueue queue = connection.outOfOrder;
        int most = connection.timestamps ? MAXIMUM_SACK_BLOCKS : MAXIMUM_SACK_BLOCKS + 1;
        int blocks = 0;
        int position = at + 4;
        while (blocks < most && queue.findRange(blocks)) {
            position = TcpOptions.putSackBlock(head, position, queue.rangeLeft(), queue.rangeRight());
            blocks++;
        }
        if (blocks == 0) {
            return 0;
        }
        TcpOptions.putSackHead(head, at, blocks);
        return position - at;
    }

    /** Moves the right edge of the receive window if that is worth while and returns the window as on the wire. */
    private int advertise(TcpConnection connection) {
        int held = connection.receiveQueue.length();
        int right = connection.receiveNext + Math.max(0, receiveWindowBytes - held);
        int gain = right - connection.advertisedRight;
        if (gain > 0 && (held == 0 || gain >= Math.min(receiveWindowBytes / 2, connection.segmentBytes))) {
            connection.advertisedRight = right;
        }
        int scale = connection.receiveWindowScale;
        int window = connection.advertisedRight - connection.receiveNext;
        // Rounded up: rounding down would take back what was promised.
        int wire = Math.min(window + (1 << scale) - 1 >> scale, MAXIMUM_WIRE_WINDOW);
        connection.advertisedRight =
                SequenceNumber.later(connection.advertisedRight, connection.receiveNext + (wire << scale));
        return wire;
    }

    /** Whether the application has consumed enough that the peer should hear of the larger window. */
    boolean isWindowUpdateDue(TcpConnection connection) {
        int right = connection.receiveNext + receiveWindowBytes - connection.receiveQueue.length();
        int gain = right - connection.advertisedRight;
        return gain >= Math.min(receiveWindowBytes / 2, 2 * connection.segmentBytes);
    }

    /** Sends the SYN of a connection, with an acknowledgement if it answers one. */
    boolean sendSyn(TcpConnection connection, long nowNanos) {
        TransmitFrame frame = sink.takeFrame();
        if (frame == null) {
            counters.queueFull.increment();
            return false;
        }
        boolean answers = connection.state == TcpState.SYN_RECEIVED;
        int at = SegmentWriter.headerAt(frame);
        int ticks = connection.timestampAt(nowNanos);
        int scale = answers && !connection.scalesWindows ? -1 : engine.receiveWindowScale;
        int headerBytes = SegmentWriter.putSynOptions(
                frame.head,
                at,
                engine.ownSegmentSize(),
                !answers || connection.timestamps,
                ticks,
                answers ? connection.timestampRecent : 0,
                !answers || connection.sackPermitted,
                scale);
        TcpView.put(
                frame.head,
                at,
                connection.sendPorts,
                connection.initialSendSequence,
                answers ? connection.receiveNext : 0,
                answers ? TcpView.SYN | TcpView.ACK : TcpView.SYN,
                Math.min(receiveWindowBytes, MAXIMUM_WIRE_WINDOW),
                headerBytes);
        if (answers) {
            // The window of a SYN is never scaled (RFC 7323, 2.2).
            connection.advertisedRight = connection.receiveNext + Math.min(receiveWindowBytes, MAXIMUM_WIRE_WINDOW);
            acknowledged(connection);
        }
        if (!writer.send(
                frame, headerBytes, connection.pseudoHeader, connection.localAddress, connection.remoteAddress)) {
            return false;
        }
        connection.synPending = false;
        connection.lastSentNanos = nowNanos;
        engine.timeouts.startRetransmission(connection, nowNanos);
        return true;
    }
}
