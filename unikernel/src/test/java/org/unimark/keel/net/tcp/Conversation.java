// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.device.TransmitPool;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.TcpOptions;
import org.unimark.keel.net.wire.TcpView;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.VirtualClock;

/**
 * One engine, one scripted peer, virtual time. What the engine sends is compared as text: flags, relative sequence numbers,
 * acknowledgement, then options and data that matter, for instance {@code "PA 1:4 ack 1 abc"}.
 */
final class Conversation implements SegmentSink, AutoCloseable {
    static final int OWN = 0xc612_0001;
    static final int PEER = 0xc612_0002;
    static final int PORT = 80;
    static final int PEER_PORT = 40_000;
    static final int PEER_INITIAL = 0x7fff_ff00;

    final TcpParameters parameters = new TcpParameters();
    final VirtualClock clock = new VirtualClock();
    final Arena arena = new Arena();
    final Counters counters = new Counters();
    final RecordingHandler handler = new RecordingHandler();
    final Deque<byte[]> sent = new ArrayDeque<>();
    Timers timers;
    TcpEngine engine;
    BlockPool sendBlocks;
    BlockPool receiveBuffers;
    BlockPool receiveBlocks;
    Connection connection;
    Network.Listener listener;
    int mtu = 1500;
    int offloads;
    int sendBlockCount = 64;
    int receiveBufferCount = 8;
    int receiveBlockCount = 512;
    int backlog = 4;
    int peerPort = PEER_PORT;
    int peerInitial = PEER_INITIAL;
    /** Our initial sequence number, once seen. */
    int ownInitial;

    int lastTimestamp;
    boolean queueFull;
    boolean refusesConnections;
    private TransmitPool frames;
    private final Bytes view = new Bytes();
    private Bytes scratch;
    private final TcpOptions options = new TcpOptions();

    /** Makes the engine; to be called when the parameters are as the test wants them. */
    Conversation start() {
        timers = new Timers(clock.nanos());
        sendBlocks = arena.blocks(sendBlockCount, 2048);
        receiveBuffers = arena.blocks(receiveBufferCount, Connection.RECEIVE_CONTIGUOUS);
        receiveBlocks = arena.blocks(receiveBlockCount, 2048);
        frames = arena.transmitFrames(256);
        scratch = arena.allocate(256 * 1024);
        engine = new TcpEngine(parameters, sendBlocks, receiveBuffers, this, timers, counters, new SeededRandom(7));
        return this;
    }

    Conversation listening() {
        if (engine == null) {
            start();
        }
        listener = engine.listen(PORT, backlog, accepted -> {
            connection = accepted;
            return refusesConnections ? null : handler;
        });
        return this;
    }

    /** A peer without options has connected; both next numbers are 1. */
    static Conversation established() {
        return new Conversation().listening().handshake(PeerSegment.of("S").mss(1000));
    }

    /** A peer with SACK and window scaling by {@code 2^0}. */
    static Conversation establishedWithSack() {
        return new Conversation()
                .listening()
                .handshake(PeerSegment.of("S").mss(1000).sackPermitted());
    }

    Conversation handshake(PeerSegment syn) {
        // Gives pools that are nearly used up the time to grow.
        pass(millis(2));
        peer(syn);
        String answer = next();
        assertThat(answer).startsWith("SA 0 ack 1");
        return peer(PeerSegment.of("A").seq(1).ack(1));
    }

    /** Lets the peer's segment arrive, and the engine answer. */
    Conversation peer(PeerSegment segment) {
        deliver(segment);
        engine.flushOutput(clock.nanos());
        return this;
    }

    /** Lets the peer's segment arrive in the midst of a turn. */
    Conversation deliver(PeerSegment segment) {
        Block block = receiveBlocks.take();
        assertThat(block).as("a free receive block").isNotNull();
        int at = SegmentSink.HEADROOM;
        int ports = peerPort << 16 | PORT;
        if (connection != null && connection.localPort() != PORT) {
            ports = connection.remotePort() << 16 | connection.localPort();
        }
        int length = segment.emit(block.bytes, at, ports, peerInitial, ownInitial, PEER, OWN);
        block.end = at + length;
        engine.receive(block, at, length, PEER, OWN, false, clock.nanos());
        block.release();
        return this;
    }

    /** Lets time pass, tick by tick as far as anything is due. */
    Conversation pass(long nanos) {
        long end = clock.nanos() + nanos;
        while (true) {
            long due = timers.nextDeadlineNanos();
            if (due > end) {
                break;
            }
            clock.advanceTo(Math.max(due, clock.nanos() + 1));
            timers.advance(clock.nanos());
            engine.flushOutput(clock.nanos());
        }
        clock.advanceTo(end);
        timers.advance(end);
        engine.flushOutput(end);
        return this;
    }

    Conversation flush() {
        engine.flushOutput(clock.nanos());
        return this;
    }

    static long millis(long count) {
        return count * 1_000_000L;
    }

    static long seconds(long count) {
        return count * 1_000_000_000L;
    }

    /** The application writes, and the turn ends. */
    Conversation write(String text) {
        assertThat(put(text)).isEqualTo(text.length());
        return flush();
    }

    int put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        scratch.copyFrom(0, bytes, 0, bytes.length);
        return connection.write(scratch, 0, bytes.length);
    }

    /** Writes that many constant bytes. */
    Conversation writeConstant(int size) {
        assertThat(connection.writeConstant(scratch, 0, size)).isEqualTo(size);
        return flush();
    }

    Conversation expect(String... segments) {
        for (String segment : segments) {
            assertThat(next()).isEqualTo(segment);
        }
        return this;
    }

    Conversation expectNothing() {
        assertThat(sent.isEmpty() ? "nothing" : describe(sent.peek())).isEqualTo("nothing");
        return this;
    }

    /** Takes the oldest segment that the engine sent and was not yet looked at. */
    String next() {
        return sent.isEmpty() ? "nothing" : describe(sent.poll());
    }

    long count(String name) {
        for (int i = 0; i < counters.size(); i++) {
            Counter counter = counters.get(i);
            if (counter.name().equals("tcp." + name)) {
                return counter.value();
            }
        }
        throw new IllegalArgumentException("no counter " + name);
    }

    TcpState state() {
        return ((TcpConnection) connection).state;
    }

    /** Parts of pools that are out: 0 when everything was given back. */
    int outstanding() {
        return sendBlocks.capacity()
                - sendBlocks.available()
                + receiveBuffers.capacity()
                - receiveBuffers.available()
                + receiveBlocks.capacity()
                - receiveBlocks.available()
                + frames.capacity()
                - frames.available();
    }

    private String describe(byte[] segment) {
        scratchView(segment);
        int headerBytes = TcpView.headerLength(view, 0, segment.length);
        int flags = TcpView.flags(view, 0);
        if ((flags & TcpView.SYN) != 0) {
            ownInitial = TcpView.sequence(view, 0);
        }
        assertThat(options.parse(view, TcpView.MINIMUM_BYTES, headerBytes)).isTrue();
        lastTimestamp = options.hasTimestamps ? options.timestampValue : lastTimestamp;
        StringBuilder text = new StringBuilder(letters(flags));
        int sequence = TcpView.sequence(view, 0) - ownInitial;
        int payload = segment.length - headerBytes;
        text.append(' ').append(sequence);
        if (payload > 0) {
            text.append(':').append(sequence + payload);
        }
        if ((flags & TcpView.ACK) != 0) {
            text.append(" ack ").append(TcpView.acknowledgment(view, 0) - peerInitial);
        }
        describeOptions(text, flags);
        if (payload > 0 && payload <= 20) {
            text.append(' ').append(new String(segment, headerBytes, payload, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private void describeOptions(StringBuilder text, int flags) {
        if ((flags & TcpView.SYN) != 0) {
            text.append(" mss ").append(options.maximumSegmentSize);
            text.append(options.sackPermitted ? " sackok" : "");
            text.append(options.hasTimestamps ? " ts" : "");
            text.append(options.windowScale >= 0 ? " scale " + options.windowScale : "");
        }
        for (int i = 0; i < options.sackBlocks; i++) {
            text.append(" sack ").append(options.sackLeft[i] - peerInitial);
            text.append('-').append(options.sackRight[i] - peerInitial);
        }
    }

    /** The window of the oldest segment not looked at, as on the wire. */
    int nextWindow() {
        scratchView(sent.peek());
        return TcpView.window(view, 0);
    }

    /** The options of the oldest segment not looked at. */
    TcpOptions nextOptions() {
        byte[] segment = sent.peek();
        scratchView(segment);
        options.parse(view, TcpView.MINIMUM_BYTES, TcpView.headerLength(view, 0, segment.length));
        return options;
    }

    private void scratchView(byte[] segment) {
        view.wrap(scratch, scratch.length() - 70_000, segment.length);
        view.copyFrom(0, segment, 0, segment.length);
    }

    private static String letters(int flags) {
        return ((flags & TcpView.SYN) != 0 ? "S" : "")
                + ((flags & TcpView.FIN) != 0 ? "F" : "")
                + ((flags & TcpView.RST) != 0 ? "R" : "")
                + ((flags & TcpView.PSH) != 0 ? "P" : "")
                + ((flags & TcpView.ACK) != 0 ? "A" : "");
    }

    @Override
    public TransmitFrame takeFrame() {
        return frames.take();
    }

    @Override
    public boolean send(TransmitFrame frame, int source, int destination) {
        if (queueFull) {
            frame.completed();
            return false;
        }
        assertThat(destination).isEqualTo(PEER);
        byte[] segment = new byte[frame.headLength - HEADROOM + frame.payloadLength()];
        frame.head.copyTo(frame.headStart + HEADROOM, segment, 0, frame.headLength - HEADROOM);
        int at = frame.headLength - HEADROOM;
        for (int i = 0; i < frame.spans(); i++) {
            new Bytes(frame.spanAddress(i), frame.spanLength(i)).copyTo(0, segment, at, frame.spanLength(i));
            at += frame.spanLength(i);
        }
        if (frame.segmentBytes == 0) {
            assertThat(segment.length + 20).as("packet size").isLessThanOrEqualTo(mtu);
        }
        checkChecksum(frame, segment);
        frame.completed();
        sent.add(segment);
        return true;
    }

    private void checkChecksum(TransmitFrame frame, byte[] segment) {
        scratchView(segment);
        long pseudoHeader = InternetChecksum.pseudoHeader(OWN, PEER, TcpEngine.PROTOCOL, segment.length);
        if (frame.checksumStart >= 0) {
            assertThat(TcpView.checksum(view, 0)).isEqualTo(InternetChecksum.fold(pseudoHeader));
        } else {
            assertThat(InternetChecksum.isCorrect(pseudoHeader + InternetChecksum.sum(view, 0, segment.length)))
                    .as("checksum")
                    .isTrue();
        }
    }

    @Override
    public int sourceFor(int destination) {
        return destination == PEER ? OWN : 0;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public void close() {
        arena.close();
    }
}
