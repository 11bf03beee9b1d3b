// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.ConnectionHandler;

/** The connections that have something to do at the end of a turn, and those that wait for memory. */
final class PendingWork {
    private final TcpEngine engine;
    private final DataInput data;
    private final ConnectionPool connections;
    private TcpConnection firstDirty;
    private TcpConnection lastDirty;
    private TcpConnection firstStarving;

    PendingWork(TcpEngine engine, DataInput data, ConnectionPool connections) {
        this.engine = engine;
        this.data = data;
        this.connections = connections;
    }

    boolean isEmpty() {
        return firstDirty == null;
    }

    /**
     * Visits the connections that were marked until now, in this order, and returns how many could do what they had to. When
     * the queue below is full, the others keep their places: trying each of them in each turn would cost several times what
     * sending costs.
     */
    int flush(long nowNanos) {
        if (firstStarving != null) {
            feedStarving();
        }
        // Those that get dirty from here on wait for the next turn, so that a turn ends.
        TcpConnection connection = firstDirty;
        TcpConnection last = lastDirty;
        firstDirty = null;
        lastDirty = null;
        int work = 0;
        while (connection != null) {
            if (!serve(connection, nowNanos)) {
                putBack(connection, last);
                break;
            }
            TcpConnection following = connection.nextDirty;
            connection.dirty = false;
            if (connection.state == TcpState.CLOSED && connection.endReason == null) {
                connections.put(connection);
            } else if (connection.presentPending || connection.endReason != null) {
                mark(connection);
            }
            work++;
            connection = following;
        }
        return work;
    }

    /** Puts a row of connections, which are still marked, before all others. */
    private void putBack(TcpConnection first, TcpConnection last) {
        last.nextDirty = firstDirty;
        if (firstDirty == null) {
            lastDirty = last;
        }
        firstDirty = first;
    }

    /** False if the queue below is full. */
    private boolean serve(TcpConnection connection, long nowNanos) {
        boolean ordinary = connection.expectedHeader != 0
                && !connection.presentPending
                && !connection.wantsWritable
                && connection.keepAliveNanos == 0;
        // An ordinary established connection has nothing but segments to send.
        return ordinary ? engine.output.send(connection, nowNanos) : serveAll(connection, nowNanos);
    }

    private boolean serveAll(TcpConnection connection, long nowNanos) {
        if (connection.presentPending) {
            connection.presentPending = false;
            if (connection.handler != null && connection.isSynchronized()) {
                data.present(connection);
                data.tellFinished(connection);
            }
        }
        if (connection.wantsWritable) {
            offerSpace(connection);
        }
        boolean done = switch (connection.state) {
            case CLOSED, LISTEN -> true;
            case SYN_SENT, SYN_RECEIVED -> !connection.synPending || engine.output.sendSyn(connection, nowNanos);
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
                engine.output.send(connection, nowNanos);
        };
        if (connection.keepAliveNanos > 0 && connection.isSynchronized() && connection.handler != null) {
            engine.timeouts.startKeepAlive(connection, nowNanos);
        }
        if (connection.endReason != null) {
            tellEnd(connection);
        }
        return done;
    }

    /** Tells the handler of room, once there is a good piece of it. */
    private void offerSpace(TcpConnection connection) {
        if (!connection.isSynchronized()
                || !connection.canSend()
                || connection.sendQueue.copiedBytes() > engine.sendQueueBytes / 2) {
            // An acknowledgement will come and make room.
            return;
        }
        if (connection.sendQueue.poolSpace() == 0) {
            starve(connection);
            return;
        }
        connection.wantsWritable = false;
        connection.handler.writable(connection);
    }

    private static void tellEnd(TcpConnection connection) {
        CloseReason reason = connection.endReason;
        ConnectionHandler handler = connection.handler;
        connection.endReason = null;
        connection.handler = null;
        if (handler != null) {
            handler.closed(connection, reason);
        }
    }

    /** Puts a connection on the list of those that {@link #flushOutput} visits. */
    void mark(TcpConnection connection) {
        if (connection.dirty) {
            return;
        }
        connection.dirty = true;
        connection.nextDirty = null;
        if (firstDirty == null) {
            firstDirty = connection;
        } else {
            lastDirty.nextDirty = connection;
        }
        lastDirty = connection;
    }

    /** A pool was exhausted when this connection needed it. */
    void starve(TcpConnection connection) {
        if (!connection.starving) {
            connection.starving = true;
            connection.nextStarving = firstStarving;
            firstStarving = connection;
        }
    }

    private void feedStarving() {
        TcpConnection connection = firstStarving;
        firstStarving = null;
        while (connection != null) {
            TcpConnection following = connection.nextStarving;
            connection.starving = false;
            if (isFed(connection)) {
                connection.presentPending |= !connection.receiveQueue.isEmpty();
                mark(connection);
            } else {
                starve(connection);
            }
            connection = following;
        }
    }

    /** Whether what a starving connection waits for is there, or needed no more. */
    private boolean isFed(TcpConnection connection) {
        boolean canGather = connection.receiveQueue.isEmpty() || engine.receiveBuffers.available() > 0;
        boolean canWrite = !connection.wantsWritable || connection.sendQueue.poolSpace() > 0;
        return canGather && canWrite;
    }
}
