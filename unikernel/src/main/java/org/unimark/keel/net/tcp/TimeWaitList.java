// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.kernel.Timers;

/**
 * Connections in TIME_WAIT, the oldest first. All wait equally long, so one timer serves them; when there are too many, or a
 * connection object is needed, the oldest gives way.
 */
final class TimeWaitList extends Timer {
    private final TcpEngine engine;
    private final Timers timers;
    private final long waitNanos;
    private final int limit;
    private TcpConnection oldest;
    private TcpConnection newest;
    private int size;

    TimeWaitList(TcpEngine engine, Timers timers, TcpParameters parameters) {
        this.engine = engine;
        this.timers = timers;
        this.waitNanos = parameters.timeWaitNanos;
        this.limit = parameters.maximumTimeWait;
    }

    int size() {
        return size;
    }

    /** Starts the wait of a connection. */
    void add(TcpConnection connection, long nowNanos) {
        connection.lifeDeadline = nowNanos + waitNanos;
        connection.previous = newest;
        connection.next = null;
        if (newest == null) {
            oldest = connection;
        } else {
            newest.next = connection;
        }
        newest = connection;
        size++;
        if (!isScheduled()) {
            timers.schedule(this, connection.lifeDeadline);
        }
        if (size > limit) {
            engine.ends.recycleTimeWait();
        }
    }

    /** Starts the wait again: the peer has not got our last acknowledgement (RFC 9293, 3.10.7.4). */
    void restart(TcpConnection connection, long nowNanos) {
        remove(connection);
        add(connection, nowNanos);
    }

    void remove(TcpConnection connection) {
        if (connection.previous == null) {
            oldest = connection.next;
        } else {
            connection.previous.next = connection.next;
        }
        if (connection.next == null) {
            newest = connection.previous;
        } else {
            connection.next.previous = connection.previous;
        }
        connection.previous = null;
        connection.next = null;
        size--;
    }

    /** Null if there is none. */
    TcpConnection oldest() {
        return oldest;
    }

    @Override
    protected void expired(long nowNanos) {
        while (oldest != null && oldest.lifeDeadline <= nowNanos) {
            engine.ends.endTimeWait(oldest);
        }
        if (oldest != null) {
            timers.schedule(this, oldest.lifeDeadline);
        }
    }
}
