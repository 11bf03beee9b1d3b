// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * A connection to a server behind this one, made again as long as it is needed; also if it is silent for as long as a client
 * would wait. The timer is that silence, or the time until the next attempt.
 */
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
        } else {
            awaitAnswer();
        }
    }

    /** Something was said, and its answer is awaited from now on, if none was before. */
    final void awaitAnswer() {
        if (!isScheduled()) {
            restart();
        }
    }

    /** An answer came; whether there are more to come. */
    final void answered(boolean more) {
        if (more) {
            restart();
        } else {
            front.platform.timers().cancel(this);
        }
    }

    private void restart() {
        front.platform.timers().schedule(this, front.platform.clock().nanos() + front.settings.timeoutNanos());
    }

    private void retry() {
        front.platform.timers().schedule(this, front.platform.clock().nanos() + RETRY_NANOS);
    }

    @Override
    protected final void expired(long nowNanos) {
        if (connection == null) {
            connect();
        } else {
            giveUp();
        }
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
            answered(false);
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
