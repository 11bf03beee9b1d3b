// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;

/** GETs of one resource, each with the same response; unless {@link #turnTo} says that it is another from now on. */
class HttpDialogue implements Dialogue {
    private static final int BUFFER_BYTES = 1 << 17;
    /** "HTTP/1.1 200" */
    private static final int STATUS_AT = 9;

    private static final int SHORTEST_STATUS_LINE = 12;
    private static final int MAXIMUM_LENGTH_DIGITS = 15;
    private static final byte[] LENGTH_NAME = {'c', 'o', 'n', 't', 'e', 'n', 't', '-', 'l', 'e', 'n', 'g', 't', 'h', ':'
    };
    private static final byte[] CONNECTION_CLOSE = {
        'c', 'o', 'n', 'n', 'e', 'c', 't', 'i', 'o', 'n', ':', ' ', 'c', 'l', 'o', 's', 'e'
    };
    private static final int CASE_BIT = 0x20;

    private final InputBuffer buffer = new InputBuffer(BUFFER_BYTES);
    private final int outputBytes;
    private final int status;
    private byte[] request;
    private ByteBuffer expected;
    /** Where to go on looking for the end of the header. */
    private int scanned;
    /** Bytes of the body that were compared, or -1 inside a header. */
    private int bodyCompared = -1;

    private boolean closing;

    HttpDialogue(HttpExchange exchange, int pipeline) {
        this.request = exchange.request();
        this.status = exchange.status();
        this.outputBytes = request.length * pipeline;
        byte[] body = exchange.body();
        this.expected = ByteBuffer.allocateDirect(body.length).put(body).flip();
    }

    /** What is asked next, while nothing is outstanding; no longer than what was asked first. */
    final void turnTo(byte[] nextRequest, ByteBuffer nextBody) {
        request = nextRequest;
        expected = nextBody;
    }

    @Override
    public int outputBytes() {
        return outputBytes;
    }

    @Override
    public void open(ByteBuffer out) {
        buffer.clear();
        scanned = 0;
        bodyCompared = -1;
        closing = false;
    }

    @Override
    public void ask(ByteBuffer out) {
        out.put(request);
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    @Override
    public ByteBuffer input() {
        return buffer.bytes();
    }

    @Override
    public boolean isInsideAnswer() {
        return bodyCompared >= 0 || buffer.available() > 0;
    }

    @Override
    public Found next(ByteBuffer out) {
        Found found = Found.PARTIAL;
        if (bodyCompared < 0) {
            found = header();
        }
        if (bodyCompared >= 0) {
            found = body();
        }
        if (found == Found.PARTIAL) {
            scanned -= buffer.makeRoom();
        }
        return found;
    }

    private Found header() {
        int start = buffer.start();
        int end = buffer.end();
        for (int i = Math.max(scanned, start); i + 3 < end; i++) {
            if (buffer.get(i) == '\r'
                    && buffer.get(i + 1) == '\n'
                    && buffer.get(i + 2) == '\r'
                    && buffer.get(i + 3) == '\n') {
                return checkHeader(i);
            }
        }
        scanned = Math.max(start, end - 3);
        return end - start == BUFFER_BYTES ? Found.MALFORMED : Found.PARTIAL;
    }

    /** The header ends with the line that ends at {@code lineEnd}; an empty line follows. */
    private Found checkHeader(int lineEnd) {
        int start = buffer.start();
        if (lineEnd - start < SHORTEST_STATUS_LINE || buffer.get(start) != 'H' || buffer.get(start + 1) != 'T') {
            return Found.MALFORMED;
        }
        int at = start + STATUS_AT;
        if ((buffer.get(at) - '0') * 100 + (buffer.get(at + 1) - '0') * 10 + buffer.get(at + 2) - '0' != status) {
            return Found.WRONG_STATUS;
        }
        long length = contentLength(lineEnd);
        if (length < 0) {
            return Found.MALFORMED;
        }
        if (length != expected.capacity()) {
            return Found.WRONG_LENGTH;
        }
        buffer.consume(lineEnd + 4 - start);
        scanned = buffer.start();
        bodyCompared = 0;
        return Found.PARTIAL;
    }

    /** Looks through the header's fields; returns -1 if there is no length, or nonsense. */
    private long contentLength(int lineEnd) {
        long length = -1;
        for (int i = buffer.start() + SHORTEST_STATUS_LINE; i < lineEnd; i++) {
            // Both names begin with the same two letters, and few others do.
            if (buffer.get(i) == '\n'
                    && (buffer.get(i + 1) | CASE_BIT) == 'c'
                    && (buffer.get(i + 2) | CASE_BIT) == 'o') {
                if (startsWith(LENGTH_NAME, i + 1, lineEnd)) {
                    length = number(i + 1 + LENGTH_NAME.length, lineEnd);
                } else if (startsWith(CONNECTION_CLOSE, i + 1, lineEnd)) {
                    closing = true;
                }
            }
        }
        return length;
    }

    private boolean startsWith(byte[] text, int at, int lineEnd) {
        if (at + text.length > lineEnd) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if ((buffer.get(at + i) | CASE_BIT) != (text[i] | CASE_BIT)) {
                return false;
            }
        }
        return true;
    }

    private long number(int from, int lineEnd) {
        int i = from;
        while (i < lineEnd && buffer.get(i) == ' ') {
            i++;
        }
        long value = 0;
        int first = i;
        while (i < lineEnd && buffer.get(i) >= '0' && buffer.get(i) <= '9' && i - first < MAXIMUM_LENGTH_DIGITS) {
            value = value * 10 + buffer.get(i) - '0';
            i++;
        }
        return i > first && (i == lineEnd || buffer.get(i) == '\r') ? value : -1;
    }

    private Found body() {
        int length = Math.min(buffer.available(), expected.capacity() - bodyCompared);
        if (length > 0) {
            if (!buffer.consumeIfSame(expected, bodyCompared, length)) {
                return Found.WRONG_BODY;
            }
            scanned = buffer.start();
            bodyCompared += length;
        }
        if (bodyCompared < expected.capacity()) {
            return Found.PARTIAL;
        }
        bodyCompared = -1;
        return Found.CORRECT;
    }
}
