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
final class Connection {
    final Dialogue dialogue;
    private final Selector selector;
    private final InetSocketAddress address;
    /** Requests that are not sent yet, so that a batch is one write. */
    private final ByteBuffer output;

    private final long[] intendedNanos;
    private final long[] sentNanos;
    private int oldest;
    private int outstanding;

    private SocketChannel channel;
    private SelectionKey key;
    private boolean connected;
    /** Whether the dialogue knows that a new connection begins. */
    private boolean prepared;

    private boolean idle;
    private long idleSinceNanos;

    Connection(Selector selector, LoadPlan plan, int number) {
        this.selector = selector;
        this.address = plan.address();
        this.dialogue = plan.protocol().dialogue(number, plan.pipeline());
        this.output = ByteBuffer.allocateDirect(dialogue.outputBytes());
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
        if (!prepared) {
            prepared = true;
            output.clear();
            dialogue.open(output);
        }
        dialogue.ask(output);
    }

    Dialogue.Found next() {
        return dialogue.next(output);
    }

    /** Takes the oldest request off, which was answered. */
    void answered() {
        outstanding--;
        oldest = oldest + 1 == intendedNanos.length ? 0 : oldest + 1;
    }

    void flush() throws IOException {
        if (output.position() == 0 || !connected) {
            return;
        }
        output.flip();
        channel.write(output);
        boolean blocked = output.hasRemaining();
        output.compact();
        if (blocked != ((key.interestOps() & SelectionKey.OP_WRITE) != 0)) {
            key.interestOps(blocked ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /** Returns the number of bytes, 0 if there are none yet, or -1 at the end of the stream. */
    int read() throws IOException {
        return channel.read(dialogue.input());
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
        prepared = false;
    }
}
