// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.part;

import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.ChaChaRandom;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.NetworkConfiguration;
import org.unimark.keel.net.NetworkMemory;
import org.unimark.keel.net.NetworkStack;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.ReceiveSink;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.device.TransmitPool;
import org.unimark.keel.net.ipv4.Ipv4Engine;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.tcp.TcpParameters;
import org.unimark.keel.net.udp.UdpEngine;

/**
 * A request of 64 bytes and an answer of 64 over an established TCP connection between two ends in one stack, through IPv4's
 * loopback: output, input and acknowledgment of one segment each way, checksums included, without any device.
 */
public final class ExchangePart implements Part {
    private static final int MESSAGE_BYTES = 64;
    private static final int ADDRESS = 0xc612_0001;
    private static final int PREFIX_LENGTH = 24;
    private static final int PORT = 7;
    private static final int MTU = 1500;
    private static final int FRAMES = 64;
    private static final int BLOCKS = 32;
    private static final int SEND_BLOCK_BYTES = 2048;
    private static final int FRAME_ROOM = 64;
    private static final int MOST_TURNS = 1000;
    private static final long TURN_NANOS = 1000;

    private final Bytes message;
    private final Timers timers = new Timers(0);
    private final NetworkStack stack;
    private final End client = new End(false);
    private Connection connection;
    private long nowNanos;

    /** One end: the server sends back what it gets, the client counts it. */
    private final class End implements ConnectionHandler {
        private final boolean echoes;
        private boolean isEstablished;
        private long receivedBytes;

        private End(boolean echoes) {
            this.echoes = echoes;
        }

        @Override
        public int received(Connection from, Bytes data, int offset, int length) {
            receivedBytes += length;
            return echoes ? from.write(data, offset, length) : length;
        }

        @Override
        public void writable(Connection from) {
            isEstablished = true;
        }

        @Override
        public void peerFinished(Connection from) {
            throw new IllegalStateException("the connection was finished");
        }

        @Override
        public void closed(Connection from, CloseReason reason) {
            throw new IllegalStateException("the connection is gone: " + reason.name());
        }
    }

    /** A cable that is plugged in and leads nowhere. */
    private static final class NoDevice implements NetworkDevice {
        @Override
        public long macAddress() {
            return 0x0200_0000_0001L;
        }

        @Override
        public int mtu() {
            return MTU;
        }

        @Override
        public int offloads() {
            return 0;
        }

        @Override
        public boolean isLinkUp() {
            return true;
        }

        @Override
        public boolean transmit(TransmitFrame frame) {
            frame.completed();
            return true;
        }

        @Override
        public void flush() {
            // Nobody is told.
        }

        @Override
        public int poll(ReceiveSink sink, int budget) {
            return 0;
        }

        @Override
        public boolean enableInterrupts() {
            return true;
        }
    }

    public ExchangePart(Allocator allocator) {
        message = allocator.allocate(MESSAGE_BYTES);
        TcpParameters parameters = new TcpParameters();
        parameters.maximumConnections = BLOCKS;
        parameters.maximumTimeWait = BLOCKS;
        NetworkMemory memory = new NetworkMemory(
                new TransmitPool(allocator.allocate(FRAMES * TransmitPool.FRAME_BYTES)),
                blocks(allocator, BLOCKS, SEND_BLOCK_BYTES),
                blocks(allocator, 2, Connection.RECEIVE_CONTIGUOUS),
                blocks(allocator, 1, Ipv4Engine.DATAGRAM_BLOCK_BYTES),
                blocks(allocator, BLOCKS, MTU + FRAME_ROOM),
                blocks(allocator, 2, UdpEngine.BLOCK_BYTES));
        stack = new NetworkStack(
                new NoDevice(),
                memory,
                NetworkConfiguration.fixed(ADDRESS, PREFIX_LENGTH, 0),
                parameters,
                timers,
                new ChaChaRandom(1, 2, 3, 4),
                new Counters(),
                Log.of(line -> {}));
        stack.start(this::connect, nowNanos);
        turnUntil(true, 0);
    }

    private static BlockPool blocks(Allocator allocator, int count, int blockBytes) {
        return new BlockPool(allocator.allocate(count * blockBytes), blockBytes);
    }

    private void connect() {
        stack.network().listen(PORT, 1, accepted -> new End(true));
        connection = stack.network().connect(ADDRESS, PORT, client);
    }

    private void turnUntil(boolean established, long bytes) {
        for (int turns = 0; client.isEstablished != established || client.receivedBytes < bytes; turns++) {
            if (turns == MOST_TURNS) {
                throw new IllegalStateException("no answer");
            }
            nowNanos += TURN_NANOS;
            stack.poll(nowNanos);
            timers.advance(nowNanos);
        }
    }

    @Override
    public long run() {
        connection.write(message, 0, MESSAGE_BYTES);
        turnUntil(true, client.receivedBytes + MESSAGE_BYTES);
        return client.receivedBytes;
    }
}
