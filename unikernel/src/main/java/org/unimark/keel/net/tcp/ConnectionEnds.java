// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.socket.CloseReason;

/** The ways in which connections end (RFC 9293, 3.6, 3.10.4 and 3.10.5), and what is given back then. */
final class ConnectionEnds {
    private final TcpEngine engine;
    private final ConnectionTable table;
    private final ConnectionPool connections;

    ConnectionEnds(TcpEngine engine, ConnectionTable table, ConnectionPool connections) {
        this.engine = engine;
        this.table = table;
        this.connections = connections;
    }

    void recycleTimeWait() {
        engine.counters.timeWaitRecycled.increment();
        endTimeWait(engine.timeWait.oldest());
    }

    /** The peer has had time enough to ask again. */
    void endTimeWait(TcpConnection connection) {
        engine.timeWait.remove(connection);
        table.remove(connection);
        connection.state = TcpState.CLOSED;
        if (!connection.dirty) {
            connections.put(connection);
        }
    }

    /** Both sides are done; only late segments can come (RFC 9293, 3.3.2). */
    void enterTimeWait(TcpConnection connection, long nowNanos) {
        forget(connection);
        connection.state = TcpState.TIME_WAIT;
        connection.endReason = CloseReason.FINISHED;
        engine.counters.connectionsClosed.increment();
        engine.markDirty(connection);
        engine.timeWait.add(connection, nowNanos);
    }

    /** Ends a connection at once; its handler hears of it when output is flushed. */
    void terminate(TcpConnection connection, CloseReason reason) {
        table.remove(connection);
        if (connection.listener != null) {
            connection.listener.opened();
            connection.listener = null;
        } else {
            engine.counters.connectionsClosed.increment();
        }
        forget(connection);
        connection.state = TcpState.CLOSED;
        connection.endReason = reason;
        engine.markDirty(connection);
    }

    private void forget(TcpConnection connection) {
        engine.timers.cancel(connection);
        connection.retransmitDeadline = TcpConnection.NEVER;
        connection.acknowledgeDeadline = TcpConnection.NEVER;
        connection.lifeDeadline = TcpConnection.NEVER;
        connection.sendQueue.clear();
        connection.receiveQueue.clear();
        engine.releaseReassembly(connection);
        engine.releaseScoreboard(connection);
        connection.expectedHeader = 0;
        connection.wantsWritable = false;
        connection.keepAliveNanos = 0;
    }

    void close(TcpConnection connection) {
        switch (connection.state) {
            case SYN_SENT -> terminate(connection, CloseReason.FINISHED);
            case SYN_RECEIVED -> reset(connection, CloseReason.FINISHED);
            case ESTABLISHED -> startFin(connection, TcpState.FIN_WAIT_1);
            case CLOSE_WAIT -> startFin(connection, TcpState.LAST_ACK);
            case CLOSED, LISTEN, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT -> {}
        }
    }

    private void startFin(TcpConnection connection, TcpState state) {
        connection.state = state;
        connection.finQueued = true;
        connection.discarding = true;
        connection.wantsWritable = false;
        connection.receiveQueue.clear();
        engine.input.updateExpectation(connection);
        engine.markDirty(connection);
    }

    void abort(TcpConnection connection) {
        switch (connection.state) {
            case SYN_SENT -> terminate(connection, CloseReason.ABORTED);
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
                reset(connection, CloseReason.ABORTED);
            case CLOSED, LISTEN, TIME_WAIT -> {}
        }
    }

    private void reset(TcpConnection connection, CloseReason reason) {
        engine.writer.reset(connection);
        terminate(connection, reason);
    }
}
