// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import org.unimark.keel.application.http.HttpMessages;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * One client. It has one question at a time: what arrives behind it waits in the receive buffer. The timer ends a question
 * that nobody answers, and a connection on which nothing is asked.
 */
final class FrontClient extends Timer implements ConnectionHandler {
    static final String OK = "HTTP/1.1 200 OK";
    static final String NOT_FOUND = "HTTP/1.1 404 Not Found";
    static final String BAD_GATEWAY = "HTTP/1.1 502 Bad Gateway";

    private static final String BAD_REQUEST = "HTTP/1.1 400 Bad Request";
    private static final String BAD_METHOD = "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET";
    private static final String TOO_LARGE = "HTTP/1.1 431 Request Header Fields Too Large";
    private static final String TOO_LONG = "HTTP/1.1 414 URI Too Long";
    private static final String BAD_VERSION = "HTTP/1.1 505 HTTP Version Not Supported";
    private static final String TIMED_OUT = "HTTP/1.1 504 Gateway Timeout";
    private static final String PREFIX = "/item/";

    /** For the pool. */
    FrontClient next;

    private final Front front;
    private Connection connection;
    private Question question;
    private boolean keepsAlive;
    private boolean peerHasFinished;
    private boolean isClosing;

    FrontClient(Front front) {
        this.front = front;
    }

    void begin(Connection established) {
        connection = established;
        question = null;
        peerHasFinished = false;
        isClosing = false;
        scheduleTimeout();
    }

    private void scheduleTimeout() {
        long now = front.platform.clock().nanos();
        front.platform.timers().schedule(this, now + front.settings.timeoutNanos());
    }

    @Override
    public int received(Connection from, Bytes data, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && question == null && !isClosing) {
            int read = front.messages.read(data, at, end);
            if (read == HttpMessages.INCOMPLETE) {
                return at - offset;
            }
            if (read < 0) {
                refuse(read);
                return length;
            }
            at += read;
            request();
        }
        return isClosing ? length : at - offset;
    }

    private void request() {
        keepsAlive = front.messages.keepsAlive() && !front.messages.hasBody();
        int item = front.messages.numberBehind(PREFIX);
        if (!front.messages.isGet()) {
            answer(BAD_METHOD, "only GET\n");
        } else if (front.messages.hasBody()) {
            answer(BAD_REQUEST, "no body\n");
        } else if (item < 0) {
            answer(NOT_FOUND, "not found\n");
        } else if (!front.mayAsk()) {
            answer(BAD_GATEWAY, "too many questions are not answered\n");
        } else {
            scheduleTimeout();
            question = front.question(this, item);
            front.ask(question);
        }
    }

    /** What the parser said no to is answered, and nothing behind it is looked at. */
    private void refuse(int status) {
        keepsAlive = false;
        answer(
                switch (status) {
                    case -414 -> TOO_LONG;
                    case -431 -> TOO_LARGE;
                    case -505 -> BAD_VERSION;
                    default -> BAD_REQUEST;
                },
                "bad request\n");
    }

    /** The answer to the question: a text of this server. */
    void answer(String statusLine, String text) {
        int end = front.messages.writeHead(front.scratch, 0, statusLine, text.length(), keepsAlive);
        send(front.scratch.putAscii(end, text));
    }

    /** The answer to the question: {@code length} bytes, at most {@link Front#LONGEST_VALUE}. */
    void answer(Bytes value, int at, int length) {
        int end = front.messages.writeHead(front.scratch, 0, OK, length, keepsAlive);
        front.scratch.copyFrom(end, value, at, length);
        send(end + length);
    }

    private void send(int length) {
        boolean wasAsking = question != null;
        question = null;
        if (connection.write(front.scratch, 0, length) < length) {
            // It asks and does not read.
            isClosing = true;
            connection.abort();
            return;
        }
        if (!keepsAlive || peerHasFinished) {
            isClosing = true;
            connection.close();
        } else if (wasAsking) {
            scheduleTimeout();
            connection.resumeReceiving();
        }
    }

    @Override
    protected void expired(long nowNanos) {
        keepsAlive = false;
        if (question != null) {
            front.timeouts.increment();
            question.client = null;
            answer(TIMED_OUT, "no answer in time\n");
            // For the client to finish.
            scheduleTimeout();
        } else if (isClosing) {
            connection.abort();
        } else {
            isClosing = true;
            connection.close();
            scheduleTimeout();
        }
    }

    @Override
    public void writable(Connection from) {
        // Answers fit the send queue, or the connection ends.
    }

    @Override
    public void peerFinished(Connection from) {
        peerHasFinished = true;
        if (question == null && !isClosing) {
            isClosing = true;
            connection.close();
        }
    }

    @Override
    public void closed(Connection from, CloseReason reason) {
        front.platform.timers().cancel(this);
        if (question != null) {
            question.client = null;
            question = null;
        }
        connection = null;
        front.forget(this);
    }
}
