// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Log;

/**
 * The combined log format, collected in memory and handed to the console in batches. A line is written when the response
 * is decided: its size is that of the body about to be sent.
 */
final class AccessLog {
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int TIME_BYTES = 28;
    /** What of a request line or of a field is logged, at most. */
    private static final int MAXIMUM_TEXT_BYTES = 512;

    /** Three texts with each byte escaped, and everything else. */
    private static final int MAXIMUM_LINE_BYTES = 3 * 4 * MAXIMUM_TEXT_BYTES + 128;

    private final Bytes batch;
    private final Log log;
    private final Counter lines;
    private int length;

    AccessLog(Bytes memory, Log log, Counter lines) {
        this.batch = memory;
        this.log = log;
        this.lines = lines;
    }

    static int bytesNeeded() {
        return BATCH_BYTES;
    }

    /** Adds a line about the request at {@code start}, of which the parser has read the head. */
    void add(int address, long epochSeconds, Request request, Bytes data, int start, Response response) {
        begin(address, epochSeconds);
        text(data, start, start + Math.max(request.fieldsAt - 2, 0));
        result(response);
        quoted(request.referer, data, start);
        batch.put8(length++, ' ');
        quoted(request.userAgent, data, start);
        end();
    }

    /** Adds a line about something that could not be read as a request. */
    void addRefused(int address, long epochSeconds, Response response) {
        begin(address, epochSeconds);
        result(response);
        length = batch.putAscii(length, "\"-\" \"-\"");
        end();
    }

    private void begin(int address, long epochSeconds) {
        if (length + MAXIMUM_LINE_BYTES > BATCH_BYTES) {
            flush();
        }
        for (int shift = 24; shift >= 0; shift -= 8) {
            length = Decimal.put(batch, length, address >>> shift & 0xff);
            batch.put8(length++, shift == 0 ? ' ' : '.');
        }
        length = batch.putAscii(length, "- - ");
        HttpDate.formatLog(epochSeconds, batch, length);
        length = batch.putAscii(length + TIME_BYTES, " \"");
    }

    private void result(Response response) {
        length = batch.putAscii(length, "\" ");
        length = Decimal.put(batch, length, response.status());
        batch.put8(length++, ' ');
        length = Decimal.put(batch, length, response.bodyBytes());
        batch.put8(length++, ' ');
    }

    private void end() {
        batch.put8(length++, '\n');
        lines.increment();
    }

    private void quoted(int value, Bytes data, int start) {
        batch.put8(length++, '"');
        if (value == 0) {
            batch.put8(length++, '-');
        } else {
            int at = start + Request.valueAt(value);
            text(data, at, at + Request.valueLength(value));
        }
        batch.put8(length++, '"');
    }

    /** Everything that could end a field, a line or upset a terminal is escaped as {@code \xHH}. */
    private void text(Bytes data, int from, int to) {
        int end = Math.min(to, from + MAXIMUM_TEXT_BYTES);
        for (int at = from; at < end; at++) {
            int value = data.u8(at);
            if (value < ' ' || value >= 0x7f || value == '"' || value == '\\') {
                length = batch.putAscii(length, "\\x");
                batch.put8(length++, "0123456789ABCDEF".charAt(value >> 4));
                batch.put8(length++, "0123456789ABCDEF".charAt(value & 15));
            } else {
                batch.put8(length++, value);
            }
        }
    }

    /** Hands over what has been collected. */
    void flush() {
        if (length > 0) {
            log.text(batch, 0, length);
            length = 0;
        }
    }
}
