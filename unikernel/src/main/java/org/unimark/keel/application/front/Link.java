// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/** A connection to a server behind this one, made again as long as it is needed. */
abstract class Link extends Timer implements ConnectionHandler {
    private static final long RETRY_NANOS = 100_000_000L;

    final Front front;
    private final int address;
    private final int port;
    /** Null while there is none. */
    private Connection connection;

    private boolean isEstablished;

    Link(Front front, int address, int port) {
        this.front = front;
        this.address = address;
        this.port = port;
    }

    final void connect() {
        connection = front.platform.network().connect(address, port, this);
        if (connection == null) {
            retry();
        }
    }

    private void retry() {
        front.platform.timers().schedule(this, front.platform.clock().nanos() + RETRY_NANOS);
    }

    @Override
    protected final void expired(long nowNanos) {
        connect();
    }

    final boolean hasRoom(int bytes) {
        return connection != null && connection.writeSpace() >= bytes;
    }

    /** Sends the beginning of the scratch buffer, for which {@link #hasRoom} said yes. */
    final void send(int length) {
        connection.write(front.scratch, 0, length);
    }

    /** What came is not what was agreed upon. */
    final void giveUp() {
        front.failures.increment();
        connection.abort();
    }

    /** The connection is established; nothing was said yet. */
    abstract void established();

    /** The connection is gone, with everything that was not answered. */
    abstract void lost();

    @Override
    public final void writable(Connection from) {
        if (!isEstablished) {
            isEstablished = true;
            established();
        }
    }

    @Override
    public final void peerFinished(Connection from) {
        from.close();
    }

    @Override
    public final void closed(Connection from, CloseReason reason) {
        connection = null;
        isEstablished = false;
        lost();
        retry();
    }
}
