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
    /** Ephemeral ports (RFC 6335, 6). */
    private static final int FIRST_EPHEMERAL_PORT = 49_152;

    private static final int EPHEMERAL_PORTS = 16_384;

    final BlockPool sendBlocks;
    final BlockPool receiveBuffers;
    final RetentionLimit retention;
    final Timers timers;
    final TcpCounters counters;
    final SegmentWriter writer;
    final SegmentOutput output;
    final SegmentInput input;
    final Timeouts timeouts;
    final ConnectionEnds ends;
    final PathLimits paths;
    final TimeWaitList timeWait;
    final int sendQueueBytes;
    final int receiveWindowScale;
    final long initialTimeoutNanos;
    final long maximumTimeoutNanos;
    final long delayedAcknowledgmentNanos;

    private final SegmentSink sink;
    private final RandomSource random;
    private final HandshakeInput handshakes;
    private final ConnectionTable table;
    private final ConnectionPool connections;
    private final RecoveryPools recoveries;
    private final ChallengeLimit challenges;
    private final SpanPool spans;
    private final PoolGrowth growth;
    private final PendingWork work;
    final ListenerTable listeners;
    private final Segment segment = new Segment();
    private final int initialWindowSegments;

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
        listeners = new ListenerTable(parameters.maximumListeners);
        ends = new ConnectionEnds(this, table, connections);
        paths = new PathLimits(this);
        timeWait = new TimeWaitList(this, timers, parameters);
        timeouts = new Timeouts(this, parameters, this.counters);
        writer = new SegmentWriter(sink, this.counters);
        output = new SegmentOutput(this, sink, writer, this.counters, parameters.receiveWindowBytes);
        DataInput data = new DataInput(this, this.counters);
        work = new PendingWork(this, data, connections);
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
        return work.flush(nowNanos);
    }

    /** Whether a full queue below kept segments back, or callbacks left work: come again soon. */
    public boolean hasPendingOutput() {
        return !work.isEmpty();
    }

    /** Puts a connection on the list of those that {@link #flushOutput} visits. */
    void markDirty(TcpConnection connection) {
        work.mark(connection);
    }

    /** A pool was exhausted when this connection needed it. */
    void starve(TcpConnection connection) {
        work.starve(connection);
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
        paths.narrow(connection, mtu);
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
            ends.terminate(connection, CloseReason.UNREACHABLE);
        }
    }

    @Override
    public Listener listen(int port, int backlog, Acceptor acceptor) {
        return listeners.open(port, backlog, acceptor);
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
            if (listeners.find(ownPort) == null && table.find(ConnectionTable.key(address, ports), local) == null) {
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
            ends.recycleTimeWait();
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
