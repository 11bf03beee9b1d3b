// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.udp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.net.ipv4.ErrorReporter;
import org.unimark.keel.net.ipv4.Ipv4Output;
import org.unimark.keel.net.ipv4.Ipv4Receiver;
import org.unimark.keel.net.wire.IcmpView;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.net.wire.UdpView;

/** UDP: a handful of sockets, found by port. */
public final class UdpEngine implements Ipv4Receiver {
    /** Ports that can be bound at the same time. */
    public static final int MAXIMUM_SOCKETS = 16;
    /** Bytes of a block of the pool for datagrams on their way out. */
    public static final int BLOCK_BYTES = 2048;
    /** Bytes of the longest datagram that can be sent. */
    public static final int MAXIMUM_PAYLOAD_BYTES = BLOCK_BYTES - UdpView.HEADER_BYTES;

    /** RFC 6335, 6: dynamic ports. */
    private static final int FIRST_DYNAMIC_PORT = 49_152;

    private final Ipv4Output output;
    private final ErrorReporter errors;
    private final BlockPool blocks;
    private final RandomSource random;
    private final UdpSocket[] sockets = new UdpSocket[MAXIMUM_SOCKETS];
    private final Counter received;
    private final Counter sent;
    private final Counter malformed;
    private final Counter badChecksum;
    private final Counter noSocket;
    private final Counter busy;

    /** An engine without sockets; {@code blocks} has {@link #BLOCK_BYTES} a block. */
    public UdpEngine(
            Ipv4Output output, ErrorReporter errors, BlockPool blocks, RandomSource random, Counters counters) {
        this.output = output;
        this.errors = errors;
        this.blocks = blocks;
        this.random = random;
        received = counters.counter("udp.datagrams_received");
        sent = counters.counter("udp.datagrams_sent");
        malformed = counters.counter("udp.dropped_malformed");
        badChecksum = counters.counter("udp.dropped_bad_checksum");
        noSocket = counters.counter("udp.dropped_no_socket");
        busy = counters.counter("udp.send_busy");
    }

    /**
     * Binds a port of every local address.
     *
     * @param port 1 to 65,535, or 0 for any free one
     * @return null if the port is taken or no socket is left
     */
    public UdpSocket bind(int port, DatagramHandler handler) {
        int wanted = port;
        while (wanted == 0 || port == 0 && find(wanted) != null) {
            wanted = FIRST_DYNAMIC_PORT + (int) (random.nextLong() & 0x3fff);
        }
        if (find(wanted) != null) {
            return null;
        }
        for (int i = 0; i < MAXIMUM_SOCKETS; i++) {
            if (sockets[i] == null) {
                sockets[i] = new UdpSocket(this, wanted, handler);
                return sockets[i];
            }
        }
        return null;
    }

    private UdpSocket find(int port) {
        for (UdpSocket socket : sockets) {
            if (socket != null && socket.port() == port) {
                return socket;
            }
        }
        return null;
    }

    void close(UdpSocket socket) {
        for (int i = 0; i < MAXIMUM_SOCKETS; i++) {
            if (sockets[i] == socket) {
                sockets[i] = null;
            }
        }
    }

    @Override
    public void receive(
            Block block,
            int header,
            int at,
            int length,
            int source,
            int destination,
            boolean checksumVerified,
            long nowNanos) {
        Bytes bytes = block.bytes;
        if (!UdpView.check(bytes, at, length)) {
            malformed.increment();
            return;
        }
        if (!checksumVerified && !UdpView.isChecksumCorrect(bytes, at, source, destination)) {
            badChecksum.increment();
            return;
        }
        UdpSocket socket = find(UdpView.destinationPort(bytes, at));
        if (socket == null) {
            noSocket.increment();
            int code = IcmpView.PORT_UNREACHABLE;
            errors.report(block, header, at + length - header, IcmpView.DESTINATION_UNREACHABLE, code, nowNanos);
            return;
        }
        received.increment();
        int payload = UdpView.length(bytes, at) - UdpView.HEADER_BYTES;
        int port = UdpView.sourcePort(bytes, at);
        socket.handler().received(socket, source, port, bytes, at + UdpView.HEADER_BYTES, payload, nowNanos);
    }

    UdpSocket.SendResult send(
            UdpSocket socket, int address, int port, Bytes data, int offset, int length, long nowNanos) {
        if (length > MAXIMUM_PAYLOAD_BYTES) {
            return UdpSocket.SendResult.TOO_LONG;
        }
        int source = output.sourceFor(address);
        // A client that asks for an address has none to put there (RFC 2131, 4.1).
        if (source == 0 && address != Ipv4Address.BROADCAST) {
            return UdpSocket.SendResult.UNREACHABLE;
        }
        Block block = blocks.take();
        if (block == null) {
            busy.increment();
            return UdpSocket.SendResult.BUSY;
        }
        int total = UdpView.HEADER_BYTES + length;
        UdpView.put(block.bytes, 0, socket.port(), port, total);
        block.bytes.copyFrom(UdpView.HEADER_BYTES, data, offset, length);
        long pseudo = InternetChecksum.pseudoHeader(source, address, Ipv4View.PROTOCOL_UDP, total);
        long sum = pseudo + InternetChecksum.sum(block.bytes, 0, total);
        UdpView.putChecksum(block.bytes, 0, InternetChecksum.finish(sum));
        boolean isSent = output.sendPayload(block, 0, total, Ipv4View.PROTOCOL_UDP, source, address, nowNanos);
        block.release();
        if (!isSent) {
            busy.increment();
            return UdpSocket.SendResult.BUSY;
        }
        sent.increment();
        return UdpSocket.SendResult.SENT;
    }
}
