// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** Connection objects that are not in use. They are made as they are needed, up to a limit, and never given back. */
final class ConnectionPool {
    private final TcpEngine engine;
    private final SpanPool spans;
    private final int limit;
    private TcpConnection free;
    private int made;
    private int unused;

    ConnectionPool(TcpEngine engine, SpanPool spans, int limit) {
        this.engine = engine;
        this.spans = spans;
        this.limit = limit;
    }

    /** Returns an object for {@link TcpConnection#reset}, or null. */
    TcpConnection take() {
        TcpConnection connection = free;
        if (connection == null) {
            if (made == limit) {
                return null;
            }
            made++;
            return new TcpConnection(engine, spans);
        }
        free = connection.next;
        connection.next = null;
        unused--;
        return connection;
    }

    void put(TcpConnection connection) {
        connection.next = free;
        free = connection;
        unused++;
    }

    boolean isNearlyExhausted() {
        return limit - made + unused < limit / 8;
    }
}
