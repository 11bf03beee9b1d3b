// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.text.Numbers;

/**
 * Makes records of commands. What belongs together, the effects of one command or of one transaction, is a unit: one record,
 * or several of which the first and the last say so. A record begins with its kind and the number of the database that its unit
 * begins in; the rest is RESP.
 */
final class RecordWriter {
    // The kind of a record: one of two, and a flag.
    static final int MORE = 1;
    static final int LAST = 2;
    /** Begins a unit: what came before without an end was cut off by a loss of power, and never gets one. */
    static final int FIRST = 4;

    static final int HEADER_BYTES = 3;
    static final int BUFFER_BYTES = 64 * 1024;

    private static final int KIND = 0;
    private static final int DATABASE = 1;
    private static final int LINE_END = 0x0a0d;
    private static final int HEADER_ROOM = 32;

    private final Bytes buffer;
    private final LogQueue queue;
    private final boolean isRewrite;
    private int end = HEADER_BYTES;
    private boolean isOpen;
    /** {@link #FIRST} until the unit has a record, then 0. */
    private int first;

    private int database;

    /** @param buffer {@link #BUFFER_BYTES} */
    RecordWriter(Bytes buffer, LogQueue queue, boolean isRewrite) {
        this.buffer = buffer;
        this.queue = queue;
        this.isRewrite = isRewrite;
    }

    /** Begins a command of {@code words} words for a database. */
    void begin(int forDatabase, int words) {
        open(forDatabase);
        header('*', words);
    }

    /** Adds a command that is in RESP. */
    void command(int forDatabase, Bytes source, int at, int length) {
        open(forDatabase);
        append(source, at, length);
    }

    private void open(int forDatabase) {
        if (!isOpen) {
            isOpen = true;
            first = FIRST;
            database = forDatabase;
            buffer.put16(DATABASE, forDatabase);
        } else if (database != forDatabase) {
            database = forDatabase;
            header('*', 2);
            text("SELECT");
            number(forDatabase);
        }
    }

    void text(String word) {
        header('$', word.length());
        reserve(word.length() + 2);
        end = buffer.putAscii(end, word);
        lineEnd();
    }

    void number(long value) {
        header('$', Numbers.digits(value));
        reserve(HEADER_ROOM);
        end += Numbers.format(value, buffer, end);
        lineEnd();
    }

    void bytes(Bytes source, int at, int length) {
        header('$', length);
        append(source, at, length);
        reserve(2);
        lineEnd();
    }

    private void append(Bytes source, int at, int length) {
        int done = 0;
        while (done < length) {
            reserve(1);
            int part = Math.min(length - done, BUFFER_BYTES - end);
            buffer.copyFrom(end, source, at + done, part);
            end += part;
            done += part;
        }
    }

    private void header(int type, long value) {
        reserve(HEADER_ROOM);
        buffer.put8(end, type);
        end += 1 + Numbers.format(value, buffer, end + 1);
        lineEnd();
    }

    private void lineEnd() {
        buffer.put16Little(end, LINE_END);
        end += 2;
    }

    private void reserve(int room) {
        if (end + room > BUFFER_BYTES) {
            emit(MORE);
        }
    }

    private void emit(int kind) {
        buffer.put8(KIND, kind | first);
        first = 0;
        queue.add(buffer, 0, end, isRewrite);
        end = HEADER_BYTES;
    }

    /** Ends the unit. */
    void finish() {
        if (isOpen) {
            emit(LAST);
            isOpen = false;
        }
    }
}
