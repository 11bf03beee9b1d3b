// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.udp;

import org.unimark.keel.buffer.Bytes;

/** A bound UDP port. */
public final class UdpSocket {
    /** What became of a datagram. */
    public enum SendResult {
        /** On its way as far as this host knows. */
        SENT,
        /** More than {@link UdpEngine#MAXIMUM_PAYLOAD_BYTES}. */
        TOO_LONG,
        /** No address or no route. */
        UNREACHABLE,
        /** Buffers or the device's queue are full: try later. */
        BUSY
    }

    private final UdpEngine engine;
    private final DatagramHandler handler;
    private final int port;

    UdpSocket(UdpEngine engine, int port, DatagramHandler handler) {
        this.engine = engine;
        this.port = port;
        this.handler = handler;
    }

    public int port() {
        return port;
    }

    DatagramHandler handler() {
        return handler;
    }

    /** Copies and sends {@code data[offset, offset + length)}; a datagram longer than the link's packets goes in pieces. */
    public SendResult send(int address, int port, Bytes data, int offset, int length, long nowNanos) {
        return engine.send(this, address, port, data, offset, length, nowNanos);
    }

    /** Frees the port. */
    public void close() {
        engine.close(this);
    }
}
