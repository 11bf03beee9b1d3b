// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.TcpView;

/**
 * TCP (RFC 9293) on a {@link SegmentSink}. Received segments go in one by one; what they and the applications cause goes out
 * when {@link #flushOutput} is called at the end of a turn, so that acknowledgements travel with data and several writes
 * share segments.
 */
public final class TcpEngine implements Network {
    /** Of IPv4's protocol field, for the pseudo header. */
    static final int PROTOCOL = 6;

    private static final int IP_AND_TCP_HEADER_BYTES = 40;
    private static final int IP_HEADER_BYTES = 20;
    /** No path of today is narrower (RFC 1191 would allow 68); a forged report must not make segments tiny. */
    private static final int MINIMUM_PATH_MTU = 552;
    /** Ephemeral ports (RFC 6335, 6). */
    private static final int FIRST_EPHEMERAL_PORT = 49_152;

    private static final int EPHEMERAL_PORTS = 16_384;
    private static final int MAXIMUM_OFFLOAD_BYTES = 65_535 - IP_HEADER_BYTES - TcpView.MAXIMUM_BYTES;

    final BlockPool sendBlocks;
    final BlockPool receiveBuffers;
    final RetentionLimit retention;
    final Timers timers;
    final TcpCounters counters;
    final SegmentWriter writer;
    final SegmentOutput output;
    final SegmentInput input;
    final Timeouts timeouts;
    final TimeWaitList timeWait;
    final int sendQueueBytes;
    final int receiveWindowScale;
    final long initialTimeoutNanos;
    final long maximumTimeoutNanos;
    final long delayedAcknowledgmentNanos;

    private final SegmentSink sink;
    private final RandomSource random;
    private final DataInput data;
    private final HandshakeInput handshakes;
    private final ConnectionTable table;
    private final ConnectionPool connections;
    private final RecoveryPools recoveries;
    private final ChallengeLimit challenges;
    private final SpanPool spans;
    private final PoolGrowth growth;
    private final TcpListener[] listeners;
    private final Segment segment = new Segment();
    private final int initialWindowSegments;

    private TcpConnection firstDirty;
    private TcpConnection lastDirty;
    private TcpConnection firstStarving;
    private long nowNanos;

    /**
     * An engine without connections.
     *
     * @param sendBlocks copied bytes on their way out; 2 KiB a block is a good size
     * @param receiveBuffers blocks of {@link Connection#RECEIVE_CONTIGUOUS} bytes or more, for handlers that leave bytes
     */
    public TcpEngine(
            TcpParameters parameters,
            BlockPool sendBlocks,
            BlockPool receiveBuffers,
            SegmentSink sink,
            Timers timers,
            Counters counters,
            RandomSource random) {
        if (receiveBuffers.blockBytes() < Connection.RECEIVE_CONTIGUOUS) {
            throw new IllegalArgumentException("receive buffers are too small to keep the promise to handlers");
        }
        this.sendBlocks = sendBlocks;
        this.receiveBuffers = receiveBuffers;
        this.sink = sink;
        this.timers = timers;
        this.random = random;
        this.counters = new TcpCounters(counters);
        sendQueueBytes = parameters.sendQueueBytes;
        initialTimeoutNanos = parameters.initialTimeoutNanos;
        maximumTimeoutNanos = parameters.maximumTimeoutNanos;
        delayedAcknowledgmentNanos = parameters.delayedAcknowledgmentNanos;
        initialWindowSegments = parameters.initialWindowSegments;
        receiveWindowScale = scaleFor(parameters.receiveWindowBytes);
        retention = new RetentionLimit(parameters.maximumRetainedBlocks);
        spans = new SpanPool(parameters.maximumSpans);
        table = new ConnectionTable(parameters.maximumConnections, random);
        connections = new ConnectionPool(this, spans, parameters.maximumConnections);
        recoveries = new RecoveryPools(parameters, retention);
        growth = new PoolGrowth(timers, connections, spans, recoveries);
        challenges = new ChallengeLimit(this.counters, random);
        listeners = new TcpListener[parameters.maximumListeners];
        timeWait = new TimeWaitList(this, timers, parameters);
        timeouts = new Timeouts(this, parameters, this.counters);
        writer = new SegmentWriter(sink, this.counters);
        output = new SegmentOutput(this, sink, writer, this.counters, parameters.receiveWindowBytes);
        data = new DataInput(this, this.counters);
        handshakes = new HandshakeInput(
                this, sink, new TcpSecrets(random), new SynCookies(random), parameters.receiveWindowBytes);
        input = new SegmentInput(
                this, this.counters, new AcknowledgmentInput(this, this.counters, parameters), data, handshakes);
    }

    private static int scaleFor(int windowBytes) {
        int scale = 0;
        while (windowBytes >> scale > 65_535) {
            scale++;
        }
        return scale;
    }

    /**
     * Takes one segment from below.
     *
     * @param block where it lies; retained by the engine if it keeps the bytes
     * @param at where the TCP header begins in {@code block.bytes}
     * @param length of header and payload in bytes
     * @param source IPv4 address, which is not a group's
     * @param destination own IPv4 address, which is not a group's either
     * @param checksumVerified somebody below vouches for the checksum
     */
    public void receive(
            Block block, int at, int length, int source, int destination, boolean checksumVerified, long nowNanos) {
        this.nowNanos = nowNanos;
        counters.segmentsReceived.increment();
        int headerBytes = TcpView.headerLength(block.bytes, at, length);
        if (headerBytes < 0) {
            counters.malformed.increment();
            return;
        }
        if (!checksumVerified && !isChecksumCorrect(block, at, length, source, destination)) {
            counters.badChecksum.increment();
            return;
        }
        long key = ConnectionTable.key(source, TcpView.ports(block.bytes, at));
        TcpConnection connection = table.find(key, destination);
        if (connection == null || !input.receiveExpected(connection, block, at, length, nowNanos)) {
            receiveUnexpected(connection, block, at, length, headerBytes, source, destination);
        }
    }

    private static boolean isChecksumCorrect(Block block, int at, int length, int source, int destination) {
        long sum = InternetChecksum.pseudoHeader(source, destination, PROTOCOL, length);
        return InternetChecksum.isCorrect(sum + InternetChecksum.sum(block.bytes, at, length));
    }

    private void receiveUnexpected(
            TcpConnection connection, Block block, int at, int length, int headerBytes, int source, int destination) {
        if (!segment.parse(block, at, length, headerBytes)) {
            counters.malformed.increment();
            return;
        }
        segment.source = source;
        segment.destination = destination;
        segment.nowNanos = nowNanos;
        if (connection == null) {
            handshakes.onListen(segment, 0);
        } else {
            input.receive(connection, segment);
        }
    }

    /**
     * Sends everything that is due, presents bytes that were held back, and tells handlers about ends.
     *
     * @return how much there was to do; 0 if nothing
     */
    public int flushOutput(long nowNanos) {
        this.nowNanos = nowNanos;
        growth.watch(nowNanos);
        if (firstStarving != null) {
            feedStarving();
        }
        // Those that get dirty from here on wait for the next turn, so that a turn ends.
        TcpConnection connection = firstDirty;
        firstDirty = null;
        lastDirty = null;
        int work = 0;
        while (connection != null) {
            TcpConnection following = connection.nextDirty;
            boolean done = serve(connection);
            connection.dirty = false;
            if (connection.state == TcpState.CLOSED && connection.endReason == null) {
                connections.put(connection);
            } else if (!done || connection.presentPending || connection.endReason != null) {
                markDirty(connection);
            }
            if (done) {
                work++;
            }
            connection = following;
        }
        return work;
    }

    /** False if the queue below is full. */
    private boolean serve(TcpConnection connection) {
        if (connection.presentPending) {
            connection.presentPending = false;
            if (connection.handler != null && connection.isSynchronized()) {
                data.present(connection);
                data.tellFinished(connection);
            }
        }
        if (connection.wantsWritable) {
            offerSpace(connection);
        }
        boolean done = switch (connection.state) {
            case CLOSED, LISTEN -> true;
            case SYN_SENT, SYN_RECEIVED -> !connection.synPending || output.sendSyn(connection, nowNanos);
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
                output.send(connection, nowNanos);
        };
        if (connection.keepAliveNanos > 0 && connection.isSynchronized() && connection.handler != null) {
            timeouts.startKeepAlive(connection, nowNanos);
        }
        if (connection.endReason != null) {
            tellEnd(connection);
        }
        return done;
    }

    /** Tells the handler of room, once there is a good piece of it. */
    private void offerSpace(TcpConnection connection) {
        if (!connection.isSynchronized()
                || !connection.canSend()
                || connection.sendQueue.copiedBytes() > sendQueueBytes / 2) {
            // An acknowledgement will come and make room.
            return;
        }
        if (connection.sendQueue.poolSpace() == 0) {
            starve(connection);
            return;
        }
        connection.wantsWritable = false;
        connection.handler.writable(connection);
    }

    private static void tellEnd(TcpConnection connection) {
        CloseReason reason = connection.endReason;
        ConnectionHandler handler = connection.handler;
        connection.endReason = null;
        connection.handler = null;
        if (handler != null) {
            handler.closed(connection, reason);
        }
    }

    /** Whether a full queue below kept segments back, or callbacks left work: come again soon. */
    public boolean hasPendingOutput() {
        return firstDirty != null;
    }

    /** Puts a connection on the list of those that {@link #flushOutput} visits. */
    void markDirty(TcpConnection connection) {
        if (connection.dirty) {
            return;
        }
        connection.dirty = true;
        connection.nextDirty = null;
        if (firstDirty == null) {
            firstDirty = connection;
        } else {
            lastDirty.nextDirty = connection;
        }
        lastDirty = connection;
    }

    /** A pool was exhausted when this connection needed it. */
    void starve(TcpConnection connection) {
        if (!connection.starving) {
            connection.starving = true;
            connection.nextStarving = firstStarving;
            firstStarving = connection;
        }
    }

    private void feedStarving() {
        TcpConnection connection = firstStarving;
        firstStarving = null;
        while (connection != null) {
            TcpConnection following = connection.nextStarving;
            connection.starving = false;
            if (isFed(connection)) {
                connection.presentPending |= !connection.receiveQueue.isEmpty();
                markDirty(connection);
            } else {
                starve(connection);
            }
            connection = following;
        }
    }

    /** Whether what a starving connection waits for is there, or needed no more. */
    private boolean isFed(TcpConnection connection) {
        boolean canGather = connection.receiveQueue.isEmpty() || receiveBuffers.available() > 0;
        boolean canWrite = !connection.wantsWritable || connection.sendQueue.poolSpace() > 0;
        return canGather && canWrite;
    }

    /** Whether connections that only wait should give way. */
    boolean isMemoryShort() {
        return sendBlocks.available() < sendBlocks.capacity() / 8
                || spans.remaining() < spans.limit() / 8
                || connections.isNearlyExhausted();
    }

    /** RFC 5961, 7: an acknowledgement to a segment that may be forged, unless there were too many. */
    void challenge(TcpConnection connection, long nowNanos) {
        if (challenges.allows(connection, nowNanos)) {
            connection.acknowledgeNow = true;
            markDirty(connection);
        }
    }

    /** Time of the current turn. */
    long nowNanos() {
        return nowNanos;
    }

    int initialWindow(int segmentBytes) {
        return initialWindowSegments * segmentBytes;
    }

    /** What we can receive in one segment, for the MSS option. */
    int ownSegmentSize() {
        return sink.mtu() - IP_AND_TCP_HEADER_BYTES;
    }

    /** Sets how long segments may be, TCP header included. */
    void setMaximumSegment(TcpConnection connection, int bytes) {
        connection.maximumSegment = bytes;
        int segmentBytes = bytes - connection.headerBytes;
        connection.segmentBytes = segmentBytes;
        connection.maximumFrame = MAXIMUM_OFFLOAD_BYTES / segmentBytes * segmentBytes;
    }

    /**
     * A router could not forward a packet of ours (RFC 1191).
     *
     * @param ports of the lost segment, as it was sent: own port in the upper half
     * @param sequence of the lost segment
     * @param mtu that would have fitted, in bytes; 0 if the router did not tell
     */
    public void packetTooBig(int source, int destination, int ports, int sequence, int mtu) {
        TcpConnection connection = table.find(ConnectionTable.key(destination, Integer.rotateLeft(ports, 16)), source);
        if (connection == null
                || !connection.isSynchronized()
                || !SequenceNumber.isWithin(sequence, connection.sendUnacknowledged, connection.flight())) {
            // Nothing that is on its way: old, or forged (RFC 5927, 7).
            return;
        }
        reduceSegments(connection, Math.max(mtu, MINIMUM_PATH_MTU) - IP_HEADER_BYTES);
    }

    private void reduceSegments(TcpConnection connection, int bytes) {
        if (bytes >= connection.maximumSegment) {
            return;
        }
        counters.segmentSizeReduced.increment();
        setMaximumSegment(connection, bytes);
        connection.congestion.segmentBytesChanged(connection.segmentBytes);
        connection.sendNext = connection.sendUnacknowledged;
        connection.stopTiming(nowNanos);
        markDirty(connection);
    }

    /** Full segments seem to vanish: try small ones, which every path carries. */
    void suspectBlackHole(TcpConnection connection) {
        reduceSegments(connection, MINIMUM_PATH_MTU - IP_HEADER_BYTES);
    }

    /**
     * ICMP says that a packet of ours did not arrive. Ends connections that are not yet established if {@code hard}
     * (protocol or port unreachable, prohibited); everything else is a hint that changes nothing (RFC 5461).
     */
    public void unreachable(int source, int destination, int ports, int sequence, boolean hard) {
        TcpConnection connection = table.find(ConnectionTable.key(destination, Integer.rotateLeft(ports, 16)), source);
        if (hard
                && connection != null
                && connection.state == TcpState.SYN_SENT
                && sequence == connection.initialSendSequence) {
            terminate(connection, CloseReason.UNREACHABLE);
        }
    }

    @Override
    public Listener listen(int port, int backlog, Acceptor acceptor) {
        if (findListener(port) != null) {
            return null;
        }
        for (int i = 0; i < listeners.length; i++) {
            if (listeners[i] == null) {
                listeners[i] = new TcpListener(this, port, backlog, acceptor);
                return listeners[i];
            }
        }
        return null;
    }

    TcpListener findListener(int port) {
        for (TcpListener listener : listeners) {
            if (listener != null && listener.port == port) {
                return listener;
            }
        }
        return null;
    }

    void removeListener(TcpListener listener) {
        for (int i = 0; i < listeners.length; i++) {
            if (listeners[i] == listener) {
                listeners[i] = null;
            }
        }
    }

    @Override
    public Connection connect(int address, int port, ConnectionHandler handler) {
        int local = sink.sourceFor(address);
        if (local == 0) {
            counters.noRoute.increment();
            return null;
        }
        // RFC 6056, algorithm 1: a random place to begin, then the next free port.
        int start = (int) (random.nextLong() >>> 1) & EPHEMERAL_PORTS - 1;
        for (int i = 0; i < EPHEMERAL_PORTS; i++) {
            int ownPort = FIRST_EPHEMERAL_PORT + (start + i & EPHEMERAL_PORTS - 1);
            int ports = TcpView.ports(port, ownPort);
            if (findListener(ownPort) == null && table.find(ConnectionTable.key(address, ports), local) == null) {
                return open(local, address, ports, handler);
            }
        }
        counters.noConnectionLeft.increment();
        return null;
    }

    private Connection open(int local, int remote, int ports, ConnectionHandler handler) {
        TcpConnection connection = takeConnection();
        if (connection == null) {
            return null;
        }
        connection.reset(local, remote, ports);
        handshakes.open(connection, nowNanos);
        connection.handler = handler;
        add(connection);
        markDirty(connection);
        return connection;
    }

    /**
     * Whether {@link #takeConnection} would find all objects in use that were made so far, but more can be made until the
     * peer's next segment.
     */
    boolean isGrowing() {
        return connections.isEmpty() && connections.canGrow();
    }

    /** An unused connection object, at the cost of the oldest TIME_WAIT if need be; null if all are in use. */
    TcpConnection takeConnection() {
        TcpConnection connection = connections.take();
        while (connection == null && !connections.canGrow() && timeWait.oldest() != null) {
            recycleTimeWait();
            connection = connections.take();
        }
        if (connection == null) {
            counters.noConnectionLeft.increment();
        }
        return connection;
    }

    void add(TcpConnection connection) {
        table.add(connection);
    }

    /** Connections in all states. */
    int connections() {
        return table.size();
    }

    void recycleTimeWait() {
        counters.timeWaitRecycled.increment();
        endTimeWait(timeWait.oldest());
    }

    /** The peer has had time enough to ask again. */
    void endTimeWait(TcpConnection connection) {
        timeWait.remove(connection);
        table.remove(connection);
        connection.state = TcpState.CLOSED;
        if (!connection.dirty) {
            connections.put(connection);
        }
    }

    /** Both sides are done; only late segments can come (RFC 9293, 3.3.2). */
    void enterTimeWait(TcpConnection connection, long nowNanos) {
        forget(connection);
        connection.state = TcpState.TIME_WAIT;
        connection.endReason = CloseReason.FINISHED;
        counters.connectionsClosed.increment();
        markDirty(connection);
        timeWait.add(connection, nowNanos);
    }

    /** Ends a connection at once; its handler hears of it when output is flushed. */
    void terminate(TcpConnection connection, CloseReason reason) {
        table.remove(connection);
        if (connection.listener != null) {
            connection.listener.opened();
            connection.listener = null;
        } else {
            counters.connectionsClosed.increment();
        }
        forget(connection);
        connection.state = TcpState.CLOSED;
        connection.endReason = reason;
        markDirty(connection);
    }

    private void forget(TcpConnection connection) {
        timers.cancel(connection);
        connection.retransmitDeadline = TcpConnection.NEVER;
        connection.acknowledgeDeadline = TcpConnection.NEVER;
        connection.lifeDeadline = TcpConnection.NEVER;
        connection.sendQueue.clear();
        connection.receiveQueue.clear();
        releaseReassembly(connection);
        releaseScoreboard(connection);
        connection.expectedHeader = 0;
        connection.wantsWritable = false;
        connection.keepAliveNanos = 0;
    }

    void closeConnection(TcpConnection connection) {
        switch (connection.state) {
            case SYN_SENT -> terminate(connection, CloseReason.FINISHED);
            case SYN_RECEIVED -> abort(connection, CloseReason.FINISHED);
            case ESTABLISHED -> startFin(connection, TcpState.FIN_WAIT_1);
            case CLOSE_WAIT -> startFin(connection, TcpState.LAST_ACK);
            case CLOSED, LISTEN, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT -> {}
        }
    }

    private void startFin(TcpConnection connection, TcpState state) {
        connection.state = state;
        connection.finQueued = true;
        connection.discarding = true;
        connection.wantsWritable = false;
        connection.receiveQueue.clear();
        input.updateExpectation(connection);
        markDirty(connection);
    }

    void abortConnection(TcpConnection connection) {
        switch (connection.state) {
            case SYN_SENT -> terminate(connection, CloseReason.ABORTED);
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
                abort(connection, CloseReason.ABORTED);
            case CLOSED, LISTEN, TIME_WAIT -> {}
        }
    }

    private void abort(TcpConnection connection, CloseReason reason) {
        writer.reset(connection);
        terminate(connection, reason);
    }

    OutOfOrderQueue takeReassembly() {
        return recoveries.takeReassembly();
    }

    void releaseReassembly(TcpConnection connection) {
        if (connection.outOfOrder != null) {
            recoveries.put(connection.outOfOrder);
            connection.outOfOrder = null;
        }
    }

    SackScoreboard takeScoreboard() {
        return recoveries.takeScoreboard();
    }

    void releaseScoreboard(TcpConnection connection) {
        if (connection.scoreboard != null) {
            recoveries.put(connection.scoreboard);
            connection.scoreboard = null;
        }
    }
}
