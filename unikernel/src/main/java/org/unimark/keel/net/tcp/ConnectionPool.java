// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** Connection objects that are not in use. {@link PoolGrowth} makes more of them, up to a limit; none is given back. */
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
        if (connection != null) {
            free = connection.next;
            connection.next = null;
            unused--;
        }
        return connection;
    }

    void put(TcpConnection connection) {
        connection.next = free;
        free = connection;
        unused++;
    }

    boolean isEmpty() {
        return free == null;
    }

    /** Whether more may be made. */
    boolean canGrow() {
        return made < limit;
    }

    /** Whether a good part of what was made is in use and more may be made. */
    boolean wantsGrowth() {
        return made < limit && unused <= made >> 2;
    }

    /** Makes as many as there are already, at least {@code fewest}. */
    void grow(int fewest) {
        int more = Math.min(limit - made, Math.max(made, fewest));
        for (int i = 0; i < more; i++) {
            put(new TcpConnection(engine, spans));
        }
        made += more;
    }

    boolean isNearlyExhausted() {
        return limit - made + unused < limit / 8;
    }
}
