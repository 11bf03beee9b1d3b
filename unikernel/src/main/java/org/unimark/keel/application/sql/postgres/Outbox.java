// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.Connection;

/**
 * Messages on their way to one client. Rows are put only while the last {@link #ROOM_FOR_OTHERS} bytes stay free, so that
 * the end of a result or an error always finds room.
 */
final class Outbox {
    static final int CAPACITY = 24 * 1024;
    /** What an error and the messages behind it need at most. */
    static final int ROOM_FOR_OTHERS = 4 * 1024;
    /** The longest description of a result. */
    static final int LONGEST_DESCRIPTION = 16 * 1024;

    private static final int MAXIMUM_TEXT = 1024;
    private static final int HEADER = 5;

    final Bytes bytes;
    int length;
    /** Null if it has ended. */
    private Connection connection;

    private int messageAt;
    private boolean blocked;

    Outbox(Bytes memory) {
        this.bytes = memory;
    }

    void begin(Connection to) {
        connection = to;
        length = 0;
        blocked = false;
    }

    /** The peer is gone: what is for it is dropped from now on. */
    void disconnect() {
        connection = null;
        length = 0;
        blocked = false;
    }

    /** Makes room for {@code size} bytes; false if the peer must read first, of which {@code writable} will tell. */
    boolean reserve(int size) {
        return size <= CAPACITY - length || (flush() && size <= CAPACITY);
    }

    /** Whether rows may be put: {@link #rowLimit} says how far. */
    boolean isBlocked() {
        return blocked;
    }

    static int rowLimit() {
        return CAPACITY - ROOM_FOR_OTHERS;
    }

    /** Hands over what the connection takes; true if that is everything. */
    boolean flush() {
        if (length == 0) {
            blocked = false;
            return true;
        }
        int taken = connection == null ? length : connection.write(bytes, 0, length);
        int rest = length - taken;
        // In steps no longer than the gap, because copies must not overlap.
        for (int done = 0; taken > 0 && done < rest; done += taken) {
            bytes.copyFrom(done, bytes, taken + done, Math.min(taken, rest - done));
        }
        length = rest;
        blocked = rest > 0;
        return !blocked;
    }

    void open(int type) {
        messageAt = length;
        bytes.put8(length, type);
        length += HEADER;
    }

    void close() {
        bytes.put32(messageAt + 1, length - messageAt - 1);
    }

    void put8(int value) {
        bytes.put8(length++, value);
    }

    void put16(int value) {
        bytes.put16(length, value);
        length += 2;
    }

    void put32(int value) {
        bytes.put32(length, value);
        length += 4;
    }

    void ascii(String text) {
        length = bytes.putAscii(length, text);
    }

    /** With a zero behind it; cut if it is long. */
    void string(String text) {
        int size = Utf8.clipped(text, MAXIMUM_TEXT);
        for (int i = 0; i < size; i++) {
            bytes.put8(length + i, Math.min(text.charAt(i), 0xff));
        }
        bytes.put8(length + size, 0);
        length += size + 1;
    }

    void array(byte[] source) {
        bytes.copyFrom(length, source, 0, source.length);
        length += source.length;
    }

    /** A message without content. */
    void simple(int type) {
        open(type);
        close();
    }

    void ready(int status) {
        open('Z');
        put8(status);
        close();
    }

    void complete(String tag) {
        open('C');
        string(tag);
        close();
    }

    void complete(String tag, long count) {
        open('C');
        ascii(tag);
        put8(' ');
        length = Numbers.put(bytes, length, count);
        put8(0);
        close();
    }

    void parameterStatus(String name, String value) {
        open('S');
        string(name);
        string(value);
        close();
    }

    /** @param position of the character in the query, from 1 on, or 0 */
    void error(String severity, String state, String message, int position) {
        report('E', severity, state, message, position);
    }

    void notice(String severity, String state, String message) {
        report('N', severity, state, message, 0);
    }

    private void report(int type, String severity, String state, String message, int position) {
        open(type);
        put8('S');
        string(severity);
        put8('V');
        string(severity);
        put8('C');
        string(state);
        put8('M');
        string(message);
        if (position > 0) {
            put8('P');
            length = Numbers.put(bytes, length, position);
            put8(0);
        }
        put8(0);
        close();
    }
}
