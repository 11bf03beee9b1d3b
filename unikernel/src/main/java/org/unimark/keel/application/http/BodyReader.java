// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * Reads past the body of a request, of known length or chunked (RFC 9112 section 7.1), without keeping it: no resource
 * here takes one. Where the body ends must be beyond doubt, because the next request begins there.
 */
final class BodyReader {
    private static final int LENGTH = 0;
    private static final int SIZE = 1;
    private static final int EXTENSION = 2;
    private static final int SIZE_LINE_FEED = 3;
    private static final int DATA = 4;
    private static final int DATA_RETURN = 5;
    private static final int DATA_LINE_FEED = 6;
    private static final int TRAILER_BEGIN = 7;
    private static final int TRAILER_NAME = 8;
    private static final int TRAILER_VALUE = 9;
    private static final int TRAILER_LINE_FEED = 10;
    private static final int END_LINE_FEED = 11;
    private static final int DONE = 12;
    private static final int BROKEN = 13;

    /** Chunk extensions and trailers mean nothing here; that many bytes of them are put up with. */
    private static final int MAXIMUM_EXTRA_BYTES = 4096;

    private int state;
    private int remaining;
    private int digits;
    private int extraBytes;
    private int status;
    /** Bytes of chunk data that the server still takes. */
    private int allowance;

    /** Begins a body of {@code bytes} bytes. */
    void beginLength(int bytes) {
        state = bytes == 0 ? DONE : LENGTH;
        remaining = bytes;
    }

    /** Begins a chunked body of at most {@code maximumBytes} bytes of data. */
    void beginChunked(int maximumBytes) {
        state = SIZE;
        allowance = maximumBytes;
        digits = 0;
        remaining = 0;
        extraBytes = 0;
    }

    boolean isDone() {
        return state == DONE;
    }

    /** The status code of the refusal once the body turned out unacceptable, else 0. */
    int refusal() {
        return state == BROKEN ? status : 0;
    }

    /** Consumes what belongs to the body and returns the position behind it. */
    int read(Bytes data, int from, int end) {
        int at = from;
        while (at < end && state < DONE) {
            if (state == LENGTH || state == DATA) {
                int taken = Math.min(remaining, end - at);
                at += taken;
                remaining -= taken;
                if (remaining == 0) {
                    state = state == LENGTH ? DONE : DATA_RETURN;
                }
            } else {
                step(data.u8(at));
                at++;
            }
        }
        return at;
    }

    private void step(int value) {
        switch (state) {
            case SIZE -> size(value);
            case EXTENSION -> extra(value, SIZE_LINE_FEED);
            case SIZE_LINE_FEED -> sizeEnd(value);
            case DATA_RETURN -> expect(value, '\r', DATA_LINE_FEED);
            case DATA_LINE_FEED -> {
                expect(value, '\n', SIZE);
                digits = 0;
                remaining = 0;
            }
            case TRAILER_BEGIN -> trailerBegin(value);
            case TRAILER_NAME -> trailerName(value);
            case TRAILER_VALUE -> extra(value, TRAILER_LINE_FEED);
            case TRAILER_LINE_FEED -> expect(value, '\n', TRAILER_BEGIN);
            default -> expect(value, '\n', DONE);
        }
    }

    private void size(int value) {
        int small = value | 0x20;
        int digit = value >= '0' && value <= '9' ? value - '0' : small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
        if (digit >= 0) {
            // Leading zeros count as digits too, so that a size line ends.
            if (++digits > 8 || remaining > allowance >> 4) {
                refuse(digits > 8 ? 400 : 413);
                return;
            }
            remaining = remaining << 4 | digit;
        } else if (digits == 0) {
            refuse(400);
        } else if (value == '\r') {
            state = SIZE_LINE_FEED;
        } else if (value == ';' || Scan.isBlank(value)) {
            state = EXTENSION;
        } else {
            refuse(400);
        }
    }

    private void sizeEnd(int value) {
        if (value != '\n') {
            refuse(400);
        } else if (remaining == 0) {
            state = TRAILER_BEGIN;
        } else if (remaining > allowance) {
            refuse(413);
        } else {
            allowance -= remaining;
            state = DATA;
        }
    }

    private void trailerBegin(int value) {
        if (value == '\r') {
            state = END_LINE_FEED;
        } else if (Scan.isToken(value)) {
            state = TRAILER_NAME;
            extraBytes++;
        } else {
            refuse(400);
        }
    }

    private void trailerName(int value) {
        if (value == ':') {
            state = TRAILER_VALUE;
        } else if (!Scan.isToken(value) || ++extraBytes > MAXIMUM_EXTRA_BYTES) {
            refuse(400);
        }
    }

    /** A byte of an extension or of a trailer's value; a CR ends it. */
    private void extra(int value, int stateBehind) {
        if (value == '\r') {
            state = stateBehind;
        } else if ((value < ' ' && value != '\t') || ++extraBytes > MAXIMUM_EXTRA_BYTES) {
            refuse(400);
        }
    }

    private void expect(int value, int wanted, int stateBehind) {
        if (value == wanted) {
            state = stateBehind;
        } else {
            refuse(400);
        }
    }

    private void refuse(int reason) {
        status = reason;
        state = BROKEN;
    }
}
