// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.socket.Network;

/** A port in state LISTEN. */
final class TcpListener implements Network.Listener {
    /** Cookies are accepted for this long after the last one was sent: two periods of {@link SynCookies}. */
    private static final long COOKIES_VALID_NANOS = 2L << 36;

    final int port;
    final Network.Acceptor acceptor;
    private final int backlog;
    private final ListenerTable table;
    private int halfOpen;
    private boolean closed;
    private boolean cookiesSent;
    private long lastCookieNanos;

    TcpListener(ListenerTable table, int port, int backlog, Network.Acceptor acceptor) {
        this.table = table;
        this.port = port;
        this.backlog = Math.max(backlog, 1);
        this.acceptor = acceptor;
    }

    boolean isFull() {
        return halfOpen >= backlog;
    }

    boolean isClosed() {
        return closed;
    }

    int halfOpen() {
        return halfOpen;
    }

    void opening() {
        halfOpen++;
    }

    /** A half-open connection became established, or nothing. */
    void opened() {
        halfOpen--;
    }

    void cookieSent(long nowNanos) {
        cookiesSent = true;
        lastCookieNanos = nowNanos;
    }

    /** Whether a cookie may be on its way: otherwise nobody can guess one. */
    boolean expectsCookies(long nowNanos) {
        return cookiesSent && nowNanos - lastCookieNanos < COOKIES_VALID_NANOS;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            table.remove(this);
        }
    }
}
