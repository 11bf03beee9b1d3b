// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.wire.TcpOptions;
import org.unimark.keel.net.wire.TcpView;

/** How connections begin: LISTEN, SYN-SENT and SYN-RECEIVED (RFC 9293, 3.10.7.2 and 3.10.7.3), SYN cookies (RFC 4987). */
final class HandshakeInput {
    /** What a peer that tells no size can receive (RFC 9293, 3.7.1). */
    private static final int DEFAULT_SEGMENT_BYTES = 536;
    /** Smaller sizes would only serve to make us work. */
    private static final int MINIMUM_SEGMENT_BYTES = 88;

    private static final int MAXIMUM_WINDOW_SCALE = 14;
    private static final int UNSCALED_WINDOW = 65_535;

    private final TcpEngine engine;
    private final TcpCounters counters;
    private final SegmentSink sink;
    private final SegmentWriter writer;
    private final TcpSecrets secrets;
    private final SynCookies cookies;
    private final int receiveWindowBytes;

    HandshakeInput(TcpEngine engine, SegmentSink sink, TcpSecrets secrets, SynCookies cookies, int windowBytes) {
        this.engine = engine;
        this.counters = engine.counters;
        this.sink = sink;
        this.writer = engine.writer;
        this.secrets = secrets;
        this.cookies = cookies;
        this.receiveWindowBytes = windowBytes;
    }

    /** Prepares the sending of the first SYN. */
    void open(TcpConnection connection, long nowNanos) {
        setSegmentSize(connection, DEFAULT_SEGMENT_BYTES);
        start(
                connection,
                secrets.initialSequence(
                        connection.localAddress, connection.remoteAddress, connection.sendPorts, nowNanos));
        connection.advertisedRight = 0;
        connection.state = TcpState.SYN_SENT;
        connection.synPending = true;
    }

    private void start(TcpConnection connection, int initialSequence) {
        connection.initialSendSequence = initialSequence;
        connection.sendUnacknowledged = initialSequence;
        connection.sendNext = initialSequence + 1;
        connection.sendMaximum = initialSequence + 1;
        connection.timestampOffset = secrets.timestampOffset(connection.localAddress, connection.remoteAddress);
        connection.stopTiming(engine.nowNanos());
        connection.roundTrip.reset(engine.initialTimeoutNanos);
        connection.congestion.reset(engine.initialWindow(connection.segmentBytes));
    }

    /**
     * A segment for which there is no connection.
     *
     * @param previous SND.NXT of the connection that this one may replace, 0 if there was none
     */
    void onListen(Segment segment, int previous) {
        TcpListener listener = engine.listeners.find(segment.ports & 0xffff);
        if (segment.has(TcpView.RST)) {
            counters.resetsIgnored.increment();
        } else if (listener == null || segment.has(TcpView.ACK)) {
            boolean wasCookie = listener != null && acceptCookie(listener, segment);
            if (!wasCookie) {
                counters.noConnection.increment();
                writer.resetStranger(segment);
            }
        } else if (!segment.has(TcpView.SYN) || segment.has(TcpView.FIN)) {
            counters.withoutAcknowledgment.increment();
        } else if (listener.isFull() || engine.isGrowing()) {
            counters.backlogOverflows.increment();
            sendCookie(listener, segment);
        } else {
            accept(listener, segment, previous);
        }
    }

    private void accept(TcpListener listener, Segment segment, int previous) {
        TcpConnection connection = engine.takeConnection();
        if (connection == null) {
            return;
        }
        connection.reset(segment.destination, segment.source, segment.ports);
        setSegmentSize(connection, DEFAULT_SEGMENT_BYTES);
        int sequence =
                secrets.initialSequence(segment.destination, segment.source, connection.sendPorts, segment.nowNanos);
        if (previous != 0 && SequenceNumber.isAtOrBefore(sequence, previous)) {
            // The old connection ran faster than the clock of sequence numbers.
            sequence = previous + UNSCALED_WINDOW;
        }
        start(connection, sequence);
        takeSyn(connection, segment);
        connection.state = TcpState.SYN_RECEIVED;
        connection.synPending = true;
        connection.listener = listener;
        listener.opening();
        engine.add(connection);
        engine.markDirty(connection);
    }

    /** Takes over what the peer's SYN says. */
    private void takeSyn(TcpConnection connection, Segment segment) {
        TcpOptions options = segment.options;
        connection.initialReceiveSequence = segment.sequence;
        connection.receiveNext = segment.sequence + 1;
        connection.lastAcknowledged = segment.sequence;
        connection.advertisedRight = connection.receiveNext + Math.min(receiveWindowBytes, UNSCALED_WINDOW);
        connection.lastReceivedNanos = segment.nowNanos;
        connection.sendWindow = segment.window;
        connection.maximumSendWindow = segment.window;
        connection.windowSequence = segment.sequence;
        connection.windowAcknowledgment = segment.acknowledgment;
        int size = options.maximumSegmentSize == 0 ? DEFAULT_SEGMENT_BYTES : options.maximumSegmentSize;
        agree(connection, options.hasTimestamps, options.sackPermitted, options.windowScale, size);
        connection.timestampRecent = options.timestampValue;
        connection.timestampRecentNanos = segment.nowNanos;
    }

    private void agree(TcpConnection connection, boolean timestamps, boolean sack, int windowScale, int peerBytes) {
        connection.timestamps = timestamps;
        connection.sackPermitted = sack;
        connection.scalesWindows = windowScale >= 0;
        connection.sendWindowScale = connection.scalesWindows ? Math.min(windowScale, MAXIMUM_WINDOW_SCALE) : 0;
        connection.receiveWindowScale = connection.scalesWindows ? engine.receiveWindowScale : 0;
        connection.headerBytes = timestamps ? SegmentOutput.TIMESTAMPS_HEADER_BYTES : SegmentOutput.PLAIN_HEADER_BYTES;
        setSegmentSize(connection, Math.max(peerBytes, MINIMUM_SEGMENT_BYTES));
    }

    private void setSegmentSize(TcpConnection connection, int peerBytes) {
        engine.paths.setMaximumSegment(
                connection, Math.min(peerBytes, engine.ownSegmentSize()) + TcpView.MINIMUM_BYTES);
    }

    /** RFC 9293, 3.10.7.3. */
    void onSynSent(TcpConnection connection, Segment segment) {
        boolean acknowledged = segment.has(TcpView.ACK);
        if (acknowledged && segment.acknowledgment != connection.sendMaximum) {
            counters.badAcknowledgment.increment();
            writer.resetStranger(segment);
            return;
        }
        if (segment.has(TcpView.RST)) {
            if (acknowledged) {
                counters.resetsReceived.increment();
                engine.ends.terminate(connection, CloseReason.UNREACHABLE);
            } else {
                counters.resetsIgnored.increment();
            }
            return;
        }
        if (!segment.has(TcpView.SYN)) {
            counters.withoutAcknowledgment.increment();
            return;
        }
        takeSyn(connection, segment);
        if (!acknowledged) {
            // Both sides opened at the same time (RFC 9293, figure 8).
            connection.state = TcpState.SYN_RECEIVED;
            connection.synPending = true;
            engine.markDirty(connection);
            return;
        }
        connection.acknowledgeNow = true;
        engine.markDirty(connection);
        becomeEstablished(connection, segment);
        engine.counters.connectionsOpened.increment();
        connection.handler.writable(connection);
    }

    /** The answer to our SYN with ACK where the peer sent the same: its SYN is known, its acknowledgement is not. */
    boolean isSimultaneous(TcpConnection connection, Segment segment) {
        return connection.state == TcpState.SYN_RECEIVED
                && connection.listener == null
                && segment.has(TcpView.SYN)
                && segment.has(TcpView.ACK)
                && segment.sequence == connection.initialReceiveSequence
                && segment.acknowledgment == connection.sendMaximum;
    }

    /** Our SYN with ACK is acknowledged, or not; false if the segment is done with. */
    boolean onSynReceived(TcpConnection connection, Segment segment) {
        if (segment.acknowledgment != connection.sendMaximum) {
            counters.badAcknowledgment.increment();
            writer.resetStranger(segment);
            return false;
        }
        boolean scaled = !segment.has(TcpView.SYN);
        connection.sendWindow = scaled ? segment.window << connection.sendWindowScale : segment.window;
        connection.maximumSendWindow = Math.max(connection.maximumSendWindow, connection.sendWindow);
        connection.windowSequence = segment.sequence;
        connection.windowAcknowledgment = segment.acknowledgment;
        becomeEstablished(connection, segment);
        TcpListener listener = connection.listener;
        if (listener == null) {
            connection.acknowledgeNow = true;
            engine.markDirty(connection);
            engine.counters.connectionsOpened.increment();
            connection.handler.writable(connection);
            return connection.state != TcpState.CLOSED;
        }
        connection.listener = null;
        listener.opened();
        connection.handler = listener.isClosed() ? null : listener.acceptor.accepted(connection);
        if (connection.state == TcpState.CLOSED) {
            return false;
        }
        if (connection.handler == null) {
            counters.refused.increment();
            writer.reset(connection);
            engine.ends.terminate(connection, CloseReason.ABORTED);
            return false;
        }
        engine.counters.connectionsAccepted.increment();
        return true;
    }

    private void becomeEstablished(TcpConnection connection, Segment segment) {
        connection.sendUnacknowledged = connection.sendMaximum;
        connection.state = TcpState.ESTABLISHED;
        engine.timeouts.established(connection, segment.nowNanos);
    }

    /** Answers a SYN without remembering anything. */
    private void sendCookie(TcpListener listener, Segment segment) {
        TransmitFrame frame = sink.takeFrame();
        if (frame == null) {
            counters.queueFull.increment();
            return;
        }
        TcpOptions options = segment.options;
        int local = segment.destination;
        int remote = segment.source;
        int peerBytes = options.maximumSegmentSize == 0 ? DEFAULT_SEGMENT_BYTES : options.maximumSegmentSize;
        int cookie = cookies.make(local, remote, segment.ports, segment.sequence, peerBytes, segment.nowNanos);
        int at = SegmentWriter.headerAt(frame);
        boolean timestamps = options.hasTimestamps;
        int ticks = TcpSecrets.timestampTicks(segment.nowNanos) + secrets.timestampOffset(local, remote);
        // Only the timestamp can carry the options to the segment that brings the cookie back.
        boolean sack = timestamps && options.sackPermitted;
        boolean scales = timestamps && options.windowScale >= 0;
        int scale = Math.min(options.windowScale, MAXIMUM_WINDOW_SCALE);
        int headerBytes = SegmentWriter.putSynOptions(
                frame.head,
                at,
                engine.ownSegmentSize(),
                timestamps,
                SynCookies.putOptions(ticks, sack, scale),
                options.timestampValue,
                sack,
                scales ? engine.receiveWindowScale : -1);
        TcpView.put(
                frame.head,
                at,
                Integer.rotateLeft(segment.ports, 16),
                cookie,
                segment.sequence + 1,
                TcpView.SYN | TcpView.ACK,
                Math.min(receiveWindowBytes, UNSCALED_WINDOW),
                headerBytes);
        counters.cookiesSent.increment();
        listener.cookieSent(segment.nowNanos);
        writer.sendStateless(frame, headerBytes, segment);
    }

    /** Makes a connection of a cookie that came back. */
    private boolean acceptCookie(TcpListener listener, Segment segment) {
        if (segment.has(TcpView.SYN) || !listener.expectsCookies(segment.nowNanos)) {
            return false;
        }
        int cookie = segment.acknowledgment - 1;
        int remoteSequence = segment.sequence - 1;
        int peerBytes = cookies.check(
                cookie, segment.destination, segment.source, segment.ports, remoteSequence, segment.nowNanos);
        if (peerBytes == 0) {
            counters.cookiesRejected.increment();
            return false;
        }
        TcpConnection connection = engine.takeConnection();
        if (connection == null) {
            return true;
        }
        counters.cookiesAccepted.increment();
        connection.reset(segment.destination, segment.source, segment.ports);
        setSegmentSize(connection, peerBytes);
        start(connection, cookie);
        restoreSyn(connection, segment, remoteSequence, peerBytes);
        connection.state = TcpState.SYN_RECEIVED;
        connection.listener = listener;
        listener.opening();
        engine.add(connection);
        engine.input.receive(connection, segment);
        return true;
    }

    private void restoreSyn(TcpConnection connection, Segment segment, int remoteSequence, int peerBytes) {
        TcpOptions options = segment.options;
        connection.initialReceiveSequence = remoteSequence;
        connection.receiveNext = segment.sequence;
        connection.lastAcknowledged = segment.sequence;
        connection.advertisedRight = segment.sequence + Math.min(receiveWindowBytes, UNSCALED_WINDOW);
        connection.sendWindow = segment.window;
        connection.maximumSendWindow = segment.window;
        boolean timestamps = options.hasTimestamps;
        boolean sack = timestamps && SynCookies.sackPermitted(options.timestampEcho);
        int scale = timestamps ? SynCookies.windowScale(options.timestampEcho) : -1;
        agree(connection, timestamps, sack, scale, peerBytes);
        connection.timestampRecent = options.timestampValue;
        connection.timestampRecentNanos = segment.nowNanos;
    }
}
