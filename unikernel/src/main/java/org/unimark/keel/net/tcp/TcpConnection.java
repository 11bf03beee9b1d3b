// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * The transmission control block (RFC 9293, 3.3.1) and what the application may do with it. Only records what is wanted;
 * segments are the business of {@link SegmentInput} and {@link SegmentOutput}. Names are those of the RFC in full words.
 *
 * <p>As a {@link Timer} it wakes at the earliest of its deadlines, or earlier: a deadline that moves back leaves the timer
 * alone, so that the wheel is not touched for each segment.
 */
final class TcpConnection extends Timer implements Connection {
    /** Value of a deadline that is not set. */
    static final long NEVER = Long.MAX_VALUE;

    /** Constants cost no memory; this bounds what the sequence numbers have to tell apart. */
    private static final int MAXIMUM_QUEUED_BYTES = 1 << 30;

    final TcpEngine engine;
    final SendQueue sendQueue;
    final ReceiveQueue receiveQueue;
    final RoundTripTime roundTrip = new RoundTripTime();
    final CongestionControl congestion = new CongestionControl();

    /** Lists of the engine: free objects, TIME_WAIT. */
    TcpConnection next;

    TcpConnection previous;
    TcpConnection nextDirty;
    boolean dirty;
    TcpConnection nextStarving;
    boolean starving;

    // Who is connected.
    long key;
    int localAddress;
    int remoteAddress;
    /** Own port in the upper half, as segments carry them. */
    int sendPorts;
    /** Partial checksum of the pseudo header without the length. */
    long pseudoHeader;

    TcpState state = TcpState.CLOSED;
    ConnectionHandler handler;
    /** Not null while half open on behalf of a listener. */
    TcpListener listener;

    // Sending. Everything in SND.UNA..SND.NXT is on its way; positions of the send queue count from SND.UNA.
    int initialSendSequence;
    int sendUnacknowledged;
    /** Next to send; behind {@link #sendMaximum} while old data is sent again after a timeout. */
    int sendNext;
    /** SND.NXT of the RFC: behind the last byte ever sent. */
    int sendMaximum;

    int sendWindow;
    int maximumSendWindow;
    int sendWindowScale;
    int windowSequence;
    int windowAcknowledgment;
    /** Payload bytes of a full segment without SACK blocks. */
    int segmentBytes;
    /** Bytes of header and payload that fit: the peer's MSS or the path's, whichever is smaller, and 20. */
    int maximumSegment;
    /** Of a segment without SACK blocks. */
    int headerBytes;

    /** Payload bytes of the largest frame for segmentation offload, a multiple of {@link #segmentBytes}. */
    int maximumFrame;
    /** Whether both sides scale windows: decided by the SYNs. */
    boolean scalesWindows;
    /** The SYN has to be sent, again perhaps. */
    boolean synPending;
    /** The first unacknowledged segment is lost and has to be sent again at once. */
    boolean retransmitNow;
    /** A FIN follows the send queue and is not yet acknowledged. */
    boolean finQueued;

    /** The congestion window was what held data back when output last stopped. */
    boolean congestionLimited;

    boolean noDelay;
    boolean wantsWritable;

    // Receiving.
    int initialReceiveSequence;
    int receiveNext;
    /** Behind the last byte that the peer was allowed to send. */
    int advertisedRight;

    int receiveWindowScale;
    int lastAcknowledged;
    boolean acknowledgeNow;
    boolean receivePaused;
    boolean presentPending;
    /** The application closed: what arrives is acknowledged and dropped. */
    boolean discarding;

    boolean finKnown;
    int finSequence;
    boolean finReceived;
    boolean finPresented;
    OutOfOrderQueue outOfOrder;

    // Options.
    boolean timestamps;
    int timestampOffset;
    int timestampRecent;
    long timestampRecentNanos;
    boolean sackPermitted;
    SackScoreboard scoreboard;

    /**
     * Data offset and flags of the segment that the fast path expects: an acknowledgement with the agreed options. 0 while
     * the connection is in no state for it.
     */
    int expectedHeader;

    // Times.
    long retransmitDeadline = NEVER;
    long acknowledgeDeadline = NEVER;
    long lifeDeadline = NEVER;
    long lastReceivedNanos;
    long lastSentNanos;
    /** When the oldest unanswered retransmission or window probe began; meaningful if one is counted. */
    long troubleSinceNanos;

    /** When the retransmission timer was started, if it is to probe. */
    long armedNanos;
    /** It is to expire early, for a probe of the tail (RFC 8985, 7.2). */
    boolean probeArmed;
    /** A probe of the tail is on its way: from where to where, and whether these bytes had been sent before. */
    boolean probing;

    boolean probeAgain;
    int probeStart;
    int probeEnd;

    boolean persisting;
    int probes;
    /** Expiries of the retransmission timer since the last progress. */
    int timeouts;

    int synRetransmissions;
    boolean timing;
    int timedSequence;
    /** Own timestamp when a loss was last noticed. */
    int lossTimestamp;

    long timedAtNanos;
    long challengeAllowedNanos;
    long keepAliveNanos;
    int keepAliveProbes;

    /** Set when the connection is over; the handler has not heard of it yet. */
    CloseReason endReason;

    TcpConnection(TcpEngine engine, SpanPool spans) {
        this.engine = engine;
        sendQueue = new SendQueue(spans, engine.sendBlocks);
        receiveQueue = new ReceiveQueue(engine.receiveBuffers, engine.retention);
    }

    /** Prepares the object for a new life between two endpoints; {@code ports} as the peer sends them. */
    void reset(int local, int remote, int ports) {
        localAddress = local;
        remoteAddress = remote;
        key = ConnectionTable.key(remote, ports);
        sendPorts = Integer.rotateLeft(ports, 16);
        pseudoHeader = (local & 0xffffffffL) + (remote & 0xffffffffL) + TcpEngine.PROTOCOL;
        state = TcpState.CLOSED;
        handler = null;
        listener = null;
        endReason = null;
        resetSending();
        resetReceiving();
        resetTimes();
    }

    private void resetSending() {
        sendWindow = 0;
        maximumSendWindow = 0;
        sendWindowScale = 0;
        finQueued = false;
        scalesWindows = false;
        synPending = false;
        retransmitNow = false;
        congestionLimited = false;
        noDelay = true;
        wantsWritable = false;
        timestamps = false;
        sackPermitted = false;
        expectedHeader = 0;
        headerBytes = SegmentOutput.PLAIN_HEADER_BYTES;
    }

    private void resetReceiving() {
        receiveWindowScale = 0;
        acknowledgeNow = false;
        receivePaused = false;
        presentPending = false;
        discarding = false;
        finKnown = false;
        finReceived = false;
        finPresented = false;
        timestampRecent = 0;
    }

    private void resetTimes() {
        retransmitDeadline = NEVER;
        acknowledgeDeadline = NEVER;
        lifeDeadline = NEVER;
        lastSentNanos = 0;
        probeArmed = false;
        probing = false;
        persisting = false;
        probes = 0;
        timeouts = 0;
        synRetransmissions = 0;
        timing = false;
        challengeAllowedNanos = Long.MIN_VALUE;
        keepAliveNanos = 0;
        keepAliveProbes = 0;
    }

    /** Sequence numbers sent and not acknowledged. */
    int flight() {
        return sendMaximum - sendUnacknowledged;
    }

    /** What the peer may still send. */
    int receiveWindow() {
        return advertisedRight - receiveNext;
    }

    /** What goes into the timestamps option of a segment sent now. */
    int timestampAt(long nowNanos) {
        return TcpSecrets.timestampTicks(nowNanos) + timestampOffset;
    }

    /** Something is sent again: what is on its way can no longer tell the round trip (Karn). */
    void stopTiming(long nowNanos) {
        timing = false;
        lossTimestamp = timestampAt(nowNanos);
    }

    /** Whether the application may write: not after its close. */
    boolean canSend() {
        return switch (state) {
            case ESTABLISHED, CLOSE_WAIT, SYN_SENT, SYN_RECEIVED -> true;
            case CLOSED, LISTEN, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT -> false;
        };
    }

    /** Whether the handshake is over: data and FIN may be sent. */
    boolean isSynchronized() {
        return switch (state) {
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> true;
            case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED -> false;
        };
    }

    @Override
    protected void expired(long nowNanos) {
        engine.timeouts.expired(this, nowNanos);
    }

    /** Makes sure that the timer fires at {@code deadlineNanos} or before. */
    void wakeAt(long deadlineNanos) {
        if (!isScheduled() || deadlineNanos() > deadlineNanos) {
            engine.timers.schedule(this, deadlineNanos);
        }
    }

    @Override
    public int write(Bytes source, int offset, int length) {
        if (expectedHeader == 0 && !canSend()) {
            return 0;
        }
        int allowed = Math.min(length, engine.sendQueueBytes - sendQueue.copiedBytes());
        int taken = allowed > 0 ? sendQueue.append(source, offset, allowed) : 0;
        if (taken < length) {
            refused(taken < allowed);
        }
        if (taken > 0) {
            engine.markDirty(this);
        }
        return taken;
    }

    @Override
    public int writeConstant(Bytes source, int offset, int length) {
        if (expectedHeader == 0 && !canSend()) {
            return 0;
        }
        if (length <= 0) {
            return 0;
        }
        int taken = Math.min(length, MAXIMUM_QUEUED_BYTES - sendQueue.length());
        if (taken > 0 && !sendQueue.appendConstant(source.address(offset, taken), taken)) {
            taken = 0;
            refused(true);
        } else if (taken < length) {
            refused(false);
        }
        if (taken > 0) {
            engine.markDirty(this);
        }
        return taken;
    }

    private void refused(boolean poolExhausted) {
        wantsWritable = true;
        if (poolExhausted) {
            engine.counters.sendNoMemory.increment();
            engine.starve(this);
        }
    }

    @Override
    public int writeSpace() {
        if (!canSend()) {
            return 0;
        }
        return Math.max(0, Math.min(engine.sendQueueBytes - sendQueue.copiedBytes(), sendQueue.poolSpace()));
    }

    @Override
    public int unacknowledged() {
        return sendQueue.length();
    }

    @Override
    public void pauseReceiving() {
        receivePaused = true;
        engine.input.updateExpectation(this);
    }

    @Override
    public void resumeReceiving() {
        receivePaused = false;
        presentPending = true;
        engine.input.updateExpectation(this);
        engine.markDirty(this);
    }

    @Override
    public void close() {
        engine.ends.close(this);
    }

    @Override
    public void abort() {
        engine.ends.abort(this);
    }

    @Override
    public void setNoDelay(boolean noDelay) {
        this.noDelay = noDelay;
        engine.markDirty(this);
    }

    @Override
    public void setKeepAlive(int idleSeconds) {
        keepAliveNanos = idleSeconds * 1_000_000_000L;
        keepAliveProbes = 0;
        if (state != TcpState.FIN_WAIT_2) {
            lifeDeadline = NEVER;
        }
        engine.markDirty(this);
    }

    @Override
    public int remoteAddress() {
        return remoteAddress;
    }

    @Override
    public int remotePort() {
        return sendPorts & 0xffff;
    }

    @Override
    public int localPort() {
        return sendPorts >>> 16;
    }
}
