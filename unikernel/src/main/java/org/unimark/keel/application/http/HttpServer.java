// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.application.Platform;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/** One listening server: its limits, its connections and the second hand that drives their deadlines and Date. */
final class HttpServer implements Network.Acceptor {
    /** Sections of fields that are remembered: a power of two. */
    private static final int KNOWN_FIELDS = 16;

    private static final int PAGES = 4;
    /** Idle connections looked for, before a new one is turned away. */
    private static final int MAXIMUM_LOOKS = 64;

    /** Connections that have been told to give way and linger, beyond the limit. */
    private static final int MAXIMUM_GIVING_WAY = 128;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** Ticks on the second of the wall clock, while there are connections. */
    private final class SecondHand extends Timer {
        @Override
        protected void expired(long nowNanos) {
            secondPassed(nowNanos);
        }
    }

    final Resources resources;
    final RequestParser parser;
    final Responder responder;
    final Deadlines deadlines = new Deadlines();
    /** Null unless requests are logged. */
    final AccessLog accessLog;

    final int keepAliveRequests;
    final int keepAliveSeconds;
    final int headerSeconds;
    final int bodySeconds;
    final int sendSeconds;
    final int lingeringSeconds;
    final int maximumBodyBytes;

    final Counter requests;
    final Counter timeouts;
    final Counter outOfMemory;
    private final Counter[] responses = new Counter[6];
    private final Counter successes;
    private final Counter accepted;
    private final Counter recycled;
    private final Counter refused;

    private final Platform platform;
    private final SecondHand secondHand = new SecondHand();
    private final int maximumConnections;
    private HttpConnection freeConnections;
    private int connections;
    private MetricsPage freePages;

    HttpServer(Platform platform, Site site) {
        this.platform = platform;
        resources = new Resources(platform, site);
        int lineBytes = site.setting(Setting.MAX_REQUEST_LINE_BYTES);
        maximumBodyBytes = site.setting(Setting.MAX_BODY_BYTES);
        boolean logged = site.setting(Setting.ACCESS_LOG) != 0;
        Fields fields = new Fields(maximumBodyBytes, logged, new Memo(platform.allocate(Memo.CAPACITY)));
        parser = new RequestParser(
                lineBytes,
                site.setting(Setting.MAX_HEADER_BYTES),
                site.setting(Setting.MAX_HEADERS),
                fields,
                new KnownNames(platform.allocate(KnownNames.bytesNeeded()), fields),
                knownFields());
        responder = new Responder(
                resources,
                this,
                new Targets(platform.allocate(lineBytes + 1)),
                new Memo(platform.allocate(Memo.CAPACITY)));
        keepAliveRequests = site.setting(Setting.KEEPALIVE_REQUESTS);
        keepAliveSeconds = site.setting(Setting.KEEPALIVE_TIMEOUT_SECONDS);
        headerSeconds = site.setting(Setting.HEADER_TIMEOUT_SECONDS);
        bodySeconds = site.setting(Setting.BODY_TIMEOUT_SECONDS);
        sendSeconds = site.setting(Setting.SEND_TIMEOUT_SECONDS);
        lingeringSeconds = site.setting(Setting.LINGERING_TIMEOUT_SECONDS);
        maximumConnections = site.setting(Setting.MAX_CONNECTIONS);
        Counters counters = platform.counters();
        accepted = counters.counter("http.connections_accepted");
        refused = counters.counter("http.connections_refused");
        recycled = counters.counter("http.connections_recycled");
        requests = counters.counter("http.requests");
        for (int i = 2; i < responses.length; i++) {
            responses[i] = counters.counter("http.responses_" + i + "xx");
        }
        successes = responses[2];
        timeouts = counters.counter("http.timeouts");
        outOfMemory = counters.counter("http.out_of_memory");
        accessLog = site.setting(Setting.ACCESS_LOG) == 0
                ? null
                : new AccessLog(
                        platform.allocate(AccessLog.bytesNeeded()), platform.log(), counters.counter("http.log_lines"));
        makePages();
    }

    private void makePages() {
        for (int i = 0; i < PAGES; i++) {
            release(new MetricsPage(platform, this));
        }
    }

    private KnownFields[] knownFields() {
        KnownFields[] known = new KnownFields[KNOWN_FIELDS];
        for (int i = 0; i < known.length; i++) {
            known[i] = new KnownFields(platform.allocate(KnownFields.CAPACITY));
        }
        return known;
    }

    @Override
    public ConnectionHandler accepted(Connection connection) {
        if (connections >= maximumConnections) {
            HttpConnection idle = deadlines.oldestIdle(MAXIMUM_LOOKS);
            if (idle == null || connections >= maximumConnections + MAXIMUM_GIVING_WAY) {
                refused.increment();
                return null;
            }
            // Its memory comes back with its last callback only.
            recycled.increment();
            idle.giveWay();
        }
        if (connections++ == 0) {
            startSecondHand();
        }
        accepted.increment();
        resources.grow();
        HttpConnection handler = freeConnections;
        if (handler == null) {
            handler = new HttpConnection(this);
        } else {
            freeConnections = handler.nextFree;
        }
        handler.begin(connection);
        return handler;
    }

    void release(HttpConnection handler) {
        deadlines.remove(handler);
        handler.nextFree = freeConnections;
        freeConnections = handler;
        if (--connections == 0) {
            platform.timers().cancel(secondHand);
            flushLog();
        }
    }

    int connections() {
        return connections;
    }

    /** Counts a response with status 200. */
    void countSuccess() {
        successes.increment();
    }

    void countResponse(int status) {
        responses[status / 100].increment();
    }

    /** Returns null when all are being sent to somebody slow. */
    MetricsPage takePage() {
        MetricsPage page = freePages;
        if (page != null) {
            freePages = page.next;
        }
        return page;
    }

    void release(MetricsPage page) {
        page.next = freePages;
        freePages = page;
    }

    private void startSecondHand() {
        setDate();
        schedule(platform.clock().nanos());
    }

    private void secondPassed(long nowNanos) {
        setDate();
        deadlines.advance();
        resources.grow();
        flushLog();
        if (connections > 0) {
            schedule(nowNanos);
        }
    }

    private void setDate() {
        resources.date.set(platform.clock().epochMillis() / 1000);
    }

    private void schedule(long nowNanos) {
        long untilNextSecond = 1000 - platform.clock().epochMillis() % 1000;
        platform.timers().schedule(secondHand, nowNanos + untilNextSecond * NANOS_PER_MILLI);
    }

    private void flushLog() {
        if (accessLog != null) {
            accessLog.flush();
        }
    }
}
