// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;

/**
 * Reads the responses of one connection, however they are cut into pieces, and compares each body with the expected one.
 * Allocates nothing after construction.
 */
final class ResponseReader {
    /** What {@link #next} found in the buffer. */
    enum Found {
        /** Read more first. */
        PARTIAL,
        /** One correct response, which is consumed. */
        CORRECT,
        MALFORMED,
        WRONG_STATUS,
        WRONG_LENGTH,
        WRONG_BODY
    }

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

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer expected;
    /** First byte that is not consumed; the buffer's position is the end of what was received. */
    private int start;
    /** Where to go on looking for the end of the header. */
    private int scanned;
    /** Bytes of the body that were compared, or -1 inside a header. */
    private int bodyCompared = -1;

    private boolean closing;

    ResponseReader(ByteBuffer expectedBody) {
        this.expected = expectedBody.duplicate();
    }

    void reset() {
        buffer.clear();
        start = 0;
        scanned = 0;
        bodyCompared = -1;
        closing = false;
    }

    /** Whether the server announced that it closes the connection after the last response. */
    boolean isClosing() {
        return closing;
    }

    /** Where the next bytes from the network belong. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Whether a part of a response is there. */
    boolean isInsideResponse() {
        return bodyCompared >= 0 || start < buffer.position();
    }

    Found next() {
        Found found = Found.PARTIAL;
        if (bodyCompared < 0) {
            found = header();
        }
        if (bodyCompared >= 0) {
            found = body();
        }
        if (found == Found.PARTIAL) {
            makeRoom();
        }
        return found;
    }

    private Found header() {
        int end = buffer.position();
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
        if (lineEnd - start < SHORTEST_STATUS_LINE || buffer.get(start) != 'H' || buffer.get(start + 1) != 'T') {
            return Found.MALFORMED;
        }
        int at = start + STATUS_AT;
        if (buffer.get(at) != '2' || buffer.get(at + 1) != '0' || buffer.get(at + 2) != '0') {
            return Found.WRONG_STATUS;
        }
        long length = contentLength(lineEnd);
        if (length < 0) {
            return Found.MALFORMED;
        }
        if (length != expected.capacity()) {
            return Found.WRONG_LENGTH;
        }
        start = lineEnd + 4;
        scanned = start;
        bodyCompared = 0;
        return Found.PARTIAL;
    }

    /** Looks through the header's fields; returns -1 if there is no length, or nonsense. */
    private long contentLength(int lineEnd) {
        long length = -1;
        for (int i = start + SHORTEST_STATUS_LINE; i < lineEnd; i++) {
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
        int received = buffer.position();
        int length = Math.min(received - start, expected.capacity() - bodyCompared);
        if (length > 0) {
            // Within the limits of both, the comparison runs on whole vectors.
            buffer.limit(start + length).position(start);
            expected.limit(bodyCompared + length).position(bodyCompared);
            int mismatch = buffer.mismatch(expected);
            buffer.limit(BUFFER_BYTES).position(received);
            if (mismatch >= 0) {
                return Found.WRONG_BODY;
            }
            start += length;
            scanned = start;
            bodyCompared += length;
        }
        if (bodyCompared < expected.capacity()) {
            return Found.PARTIAL;
        }
        bodyCompared = -1;
        return Found.CORRECT;
    }

    /** Everything consumed is forgotten; a part of a header moves to the front only when there is no room behind it. */
    private void makeRoom() {
        if (start == buffer.position()) {
            buffer.clear();
            start = 0;
            scanned = 0;
        } else if (buffer.remaining() < BUFFER_BYTES / 2 && start > 0) {
            buffer.limit(buffer.position()).position(start);
            buffer.compact();
            scanned -= start;
            start = 0;
        }
    }
}
