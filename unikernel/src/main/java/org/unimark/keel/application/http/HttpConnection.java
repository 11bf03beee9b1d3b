// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * One client: reads a request, sends its response, reads the next. Nothing of a request is taken from the connection
 * until its head is complete, and no request while a response waits for the peer, so that a client that pipelines without
 * reading is slowed down by its own window.
 */
final class HttpConnection implements ConnectionHandler {
    private static final int READING_HEAD = 0;
    private static final int READING_BODY = 1;
    private static final int SENDING = 2;
    /** Our side is finished; what arrives is dropped until the peer has finished too or the time for that is up. */
    private static final int LINGERING = 3;

    private static final int CARRIAGE_RETURN = '\r';
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    /** For the server's pool. */
    HttpConnection nextFree;

    /** The following five belong to {@link Deadlines}. */
    HttpConnection previousListed;

    HttpConnection nextListed;
    int deadline;
    int listedAt;
    boolean isListed;

    private final HttpServer server;
    private final Request request = new Request();
    private final Response response;
    private final BodyReader body = new BodyReader();
    private Connection connection;
    private int phase;
    private int served;
    /** Bytes that were presented last time and not consumed. */
    private int heldBytes;

    /** How much of our responses the peer had not yet acknowledged when a deadline passed, or 0. */
    private int unacknowledged;

    private boolean peerHasFinished;
    /** The head of a request has begun to arrive, and its deadline runs. */
    private boolean headBegun;

    HttpConnection(HttpServer server) {
        this.server = server;
        this.response = new Response(server.resources);
    }

    void begin(Connection established) {
        connection = established;
        phase = READING_HEAD;
        served = 0;
        heldBytes = 0;
        unacknowledged = 0;
        peerHasFinished = false;
        headBegun = false;
        request.reset();
        server.parser.expectLatest(request);
        server.deadlines.set(this, server.headerSeconds);
    }

    /** Whether it waits for a further request, none of which has arrived. */
    boolean isIdle() {
        return phase == READING_HEAD && !headBegun && served > 0;
    }

    /** Makes room for a new connection. */
    void giveWay() {
        finish();
    }

    @Override
    public int received(Connection from, Bytes data, int offset, int length) {
        int end = offset + length;
        int at = offset;
        int servedBefore = served;
        while (at < end && phase <= READING_BODY) {
            int next = phase == READING_HEAD ? head(data, at, end) : body(data, at, end);
            if (next == at) {
                break;
            }
            at = next;
        }
        if (phase == LINGERING) {
            return length;
        }
        heldBytes = end - at;
        if (phase == READING_HEAD) {
            waitForHead(served != servedBefore);
        }
        return at - offset;
    }

    /** All that has arrived is dealt with: sets the deadline for more, which empty lines do not put off. */
    private void waitForHead(boolean hasServed) {
        if (peerHasFinished) {
            finish();
        } else if (heldBytes == 0) {
            if (hasServed) {
                unacknowledged = 0;
                server.deadlines.set(this, server.keepAliveSeconds);
            }
        } else if (!headBegun) {
            headBegun = true;
            server.deadlines.set(this, server.headerSeconds);
        }
    }

    /** Reads on in a head; returns the position behind it, or {@code at} if it is not complete. */
    private int head(Bytes data, int at, int end) {
        if (data.u8(at) == CARRIAGE_RETURN && (at + 1 == end || data.u8(at + 1) == '\n')) {
            // RFC 9112 section 2.2: an empty line before a request is ignored.
            return at + 1 == end ? at : at + 2;
        }
        int length = server.parser.parse(request, data, at, end);
        if (length == RequestParser.INCOMPLETE) {
            return at;
        }
        headBegun = false;
        server.requests.increment();
        if (length < 0) {
            refuse(-length);
            return end;
        }
        if (request.isSimple() && served + 1 < server.keepAliveRequests && server.accessLog == null) {
            respondSimply(data, at);
        } else {
            respond(data, at);
        }
        return at + length;
    }

    /** A file in one of its ready variants, to a connection that stays open. */
    private void respondSimply(Bytes data, int at) {
        int number = server.responder.simpleResponse(request, data, at);
        if (number < 0) {
            respond(data, at);
            return;
        }
        server.countSuccess();
        if (response.sendAtOnce(connection, number)) {
            served++;
            phase = READING_HEAD;
            request.reset();
        } else {
            waitToSend();
        }
    }

    private void respond(Bytes data, int at) {
        int option = Response.CLOSE;
        if (request.keepsAlive() && served + 1 < server.keepAliveRequests) {
            option = request.minorVersion == 0 ? Response.KEEP_ALIVE : Response.PERSISTENT;
        }
        server.responder.respond(request, data, at, option, response);
        server.countResponse(response.status());
        if (server.accessLog != null) {
            long seconds = server.resources.date.epochSeconds();
            server.accessLog.add(connection.remoteAddress(), seconds, request, data, at, response);
        }
        boolean bodyFollows = request.hasBody() && !request.has(Request.UNKNOWN_CODING | Request.BODY_TOO_LARGE);
        if (bodyFollows && !(response.closes() && response.status() == 400)) {
            beginBody();
        } else {
            send();
        }
    }

    /** The body is read first, so that a fault in it can still be answered; the response waits. */
    private void beginBody() {
        if (!response.hold()) {
            runOutOfMemory();
            return;
        }
        if (request.has(Request.CHUNKED)) {
            body.beginChunked(server.maximumBodyBytes);
        } else {
            body.beginLength((int) request.contentLength);
        }
        if (request.has(Request.EXPECT_CONTINUE) && request.minorVersion > 0) {
            sendContinue();
        }
        phase = READING_BODY;
        server.deadlines.set(this, server.bodySeconds);
    }

    /** A client that is not told to go on does so of its own accord after a while (RFC 9110 section 10.1.1). */
    private void sendContinue() {
        if (connection.writeSpace() >= CONTINUE.length()) {
            HeadBuffer line = server.resources.scratch.clear().text(CONTINUE);
            connection.write(line.bytes(), 0, line.length());
        }
    }

    private int body(Bytes data, int at, int end) {
        int next = body.read(data, at, end);
        if (body.refusal() != 0) {
            response.release();
            refuse(body.refusal());
            return end;
        }
        if (body.isDone()) {
            send();
        }
        return next;
    }

    /** Answers what cannot be understood or is not wanted, and closes: the next request could begin anywhere. */
    private void refuse(int status) {
        server.responder.refuse(status, response);
        server.countResponse(status);
        if (server.accessLog != null) {
            long seconds = server.resources.date.epochSeconds();
            server.accessLog.addRefused(connection.remoteAddress(), seconds, response);
        }
        send();
    }

    /** Sends the response, or as much of it as the peer takes now. */
    private void send() {
        if (response.send(connection)) {
            responseSent();
        } else {
            waitToSend();
        }
    }

    /** The rest of the response goes out as the peer makes room for it; until then no request is read. */
    private void waitToSend() {
        if (response.isBroken()) {
            runOutOfMemory();
        } else {
            if (phase != SENDING) {
                phase = SENDING;
                connection.pauseReceiving();
            }
            server.deadlines.set(this, server.sendSeconds);
        }
    }

    private void responseSent() {
        served++;
        if (response.closes()) {
            finish();
        } else {
            phase = READING_HEAD;
            request.reset();
        }
    }

    private void runOutOfMemory() {
        server.outOfMemory.increment();
        response.release();
        server.deadlines.remove(this);
        phase = LINGERING;
        connection.abort();
    }

    /** Closes our side. Closing both at once would destroy a response that the peer has not read (RFC 9112 9.6). */
    private void finish() {
        phase = LINGERING;
        connection.close();
        server.deadlines.set(this, server.lingeringSeconds);
    }

    @Override
    public void writable(Connection from) {
        if (phase != SENDING) {
            return;
        }
        send();
        if (phase == READING_HEAD) {
            if (heldBytes == 0) {
                waitForHead(true);
            }
            connection.resumeReceiving();
        }
    }

    @Override
    public void peerFinished(Connection from) {
        peerHasFinished = true;
        // A request whose rest will never come gets no response; one that is being answered gets all of it.
        if (phase == READING_BODY || (phase == READING_HEAD && (heldBytes == 0 || headBegun))) {
            finish();
        }
    }

    @Override
    public void closed(Connection from, CloseReason reason) {
        response.release();
        connection = null;
        server.release(this);
    }

    /** Told by {@link Deadlines}. */
    void deadlinePassed() {
        if (phase == READING_BODY || (phase == READING_HEAD && headBegun)) {
            server.timeouts.increment();
            response.release();
            refuse(408);
        } else if (peerTakesBytes()) {
            server.deadlines.set(this, server.sendSeconds);
        } else if (phase == READING_HEAD && unacknowledged == 0) {
            finish();
        } else {
            // The peer does not read, or does not finish: nothing polite is left to do.
            server.timeouts.increment();
            phase = LINGERING;
            connection.abort();
        }
    }

    /** Whether a response is still on its way, and has moved since the last look. */
    private boolean peerTakesBytes() {
        int before = unacknowledged;
        unacknowledged = connection.unacknowledged();
        return unacknowledged != 0 && unacknowledged != before;
    }
}
