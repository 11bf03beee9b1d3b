// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One slot of a worker: a connection that is made anew when needed, and the requests outstanding on it. */
final class HttpConnection {
    final ResponseReader reader;
    private final Selector selector;
    private final InetSocketAddress address;
    /** As many copies of the request as may be outstanding, so that a batch is one write. */
    private final ByteBuffer requests;

    private final int requestBytes;
    private final long[] intendedNanos;
    private final long[] sentNanos;
    private int oldest;
    private int outstanding;
    private int unsent;
    /** Bytes of the first unsent request that were written already. */
    private int partlySent;

    private SocketChannel channel;
    private SelectionKey key;
    private boolean connected;
    private boolean idle;
    private long idleSinceNanos;

    HttpConnection(Selector selector, LoadPlan plan, ByteBuffer requests, ByteBuffer expectedBody) {
        this.selector = selector;
        this.address = plan.address();
        this.requests = requests.duplicate();
        this.requestBytes = requests.capacity() / plan.pipeline();
        this.reader = new ResponseReader(expectedBody);
        this.intendedNanos = new long[plan.pipeline()];
        this.sentNanos = new long[plan.pipeline()];
    }

    boolean isOpen() {
        return channel != null;
    }

    boolean isConnected() {
        return connected;
    }

    int outstanding() {
        return outstanding;
    }

    int free() {
        return intendedNanos.length - outstanding;
    }

    long oldestIntendedNanos() {
        return intendedNanos[oldest];
    }

    long oldestSentNanos() {
        return sentNanos[oldest];
    }

    /** Whether it waits in the ring of those without work. */
    boolean isIdle() {
        return idle;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void setIdle(boolean isIdle, long now) {
        idle = isIdle;
        idleSinceNanos = now;
    }

    /** Starts to connect; may be connected on return. */
    void connect() throws IOException {
        reader.reset();
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connected = channel.connect(address);
        key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    }

    void finishConnect() throws IOException {
        if (channel.finishConnect()) {
            connected = true;
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /** Adds a request that {@link #flush} sends. */
    void submit(long intended, long now) {
        int slot = oldest + outstanding;
        if (slot >= intendedNanos.length) {
            slot -= intendedNanos.length;
        }
        intendedNanos[slot] = intended;
        sentNanos[slot] = now;
        outstanding++;
        unsent++;
    }

    /** Takes the oldest request off, which was answered. */
    void answered() {
        outstanding--;
        oldest = oldest + 1 == intendedNanos.length ? 0 : oldest + 1;
    }

    void flush() throws IOException {
        if (unsent == 0 || !connected) {
            return;
        }
        requests.limit(unsent * requestBytes).position(partlySent);
        channel.write(requests);
        int written = requests.position();
        unsent -= written / requestBytes;
        partlySent = written % requestBytes;
        boolean blocked = unsent > 0;
        if (blocked != ((key.interestOps() & SelectionKey.OP_WRITE) != 0)) {
            key.interestOps(blocked ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /** Returns the number of bytes, 0 if there are none yet, or -1 at the end of the stream. */
    int read() throws IOException {
        return channel.read(reader.buffer());
    }

    /** Closes and forgets what was outstanding; a closed connection is reused by {@link #connect}. */
    void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The peer is gone already; the descriptor is released either way.
                connected = false;
            }
        }
        channel = null;
        key = null;
        connected = false;
        outstanding = 0;
        unsent = 0;
        partlySent = 0;
    }
}
