// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.text.Numbers;

/**
 * Composes replies of one client at a time, in the protocol that it speaks. Replies of pipelined commands are collected and
 * handed over together; when the buffer is full, what there is goes first.
 */
final class Reply {
    static final int CAPACITY = 32 * 1024;

    private static final int LINE_END = 0x0a0d;
    /** Room for a type, a number and a line end. */
    private static final int HEADER_ROOM = 32;

    /** Bytes that are copied as one word. */
    private static final int SHORT = 8;

    /** "+OK\r\n", then zeros. */
    private static final long OK = 0x0a0d_4b4f2bL;
    /** "$-1\r\n", "*-1\r\n", "_\r\n". */
    private static final long NULL_BULK = 0x0a0d_312d24L;

    private static final long NULL_ARRAY = 0x0a0d_312d2aL;
    private static final int NULL = 0x0a0d_5f;

    private final Bytes buffer;
    private final Doubles doubles;
    private int end;
    private KvClient client;
    private boolean isResp3;
    /** Set by {@code CLIENT REPLY}: nothing is composed. */
    private boolean isMuted;
    /** Errors composed so far, for those who count. */
    private long errors;

    private boolean ranOutOfMemory;

    /** @param buffer {@link #CAPACITY} bytes */
    Reply(Bytes buffer, Doubles doubles) {
        this.buffer = buffer;
        this.doubles = doubles;
    }

    /** From now on, for {@code newClient}; what was composed before must have been handed over. */
    void begin(KvClient newClient, boolean resp3) {
        client = newClient;
        isResp3 = resp3;
        isMuted = false;
    }

    boolean isResp3() {
        return isResp3;
    }

    /** The client has changed its protocol. */
    void setResp3(boolean resp3) {
        isResp3 = resp3;
    }

    boolean isMuted() {
        return isMuted;
    }

    void setMuted(boolean muted) {
        isMuted = muted;
    }

    /** Whether a command ever failed for want of memory. */
    boolean ranOutOfMemory() {
        return ranOutOfMemory;
    }

    long errors() {
        return errors;
    }

    boolean isEmpty() {
        return end == 0;
    }

    /** Whose replies are being composed. */
    KvClient client() {
        return client;
    }

    /** Hands over what there is. */
    void flush() {
        int length = end;
        end = 0;
        if (length > 0) {
            client.send(buffer, 0, length);
        }
    }

    /** Hands over what there is at the end of the client's turn. */
    void finishTurn() {
        int length = end;
        end = 0;
        client.finishTurn(buffer, length);
    }

    /** Takes back what was composed for the client that is gone. */
    void drop() {
        end = 0;
    }

    private boolean reserve(int room) {
        if (end + room > CAPACITY) {
            flush();
        }
        return !isMuted;
    }

    void ok() {
        if (reserve(8)) {
            buffer.put64Little(end, OK);
            end += 5;
        }
    }

    /** A missing string. */
    void nil() {
        if (reserve(8)) {
            buffer.put64Little(end, isResp3 ? NULL : NULL_BULK);
            end += isResp3 ? 3 : 5;
        }
    }

    /** A missing array. */
    void nilArray() {
        if (reserve(8)) {
            buffer.put64Little(end, isResp3 ? NULL : NULL_ARRAY);
            end += isResp3 ? 3 : 5;
        }
    }

    void integer(long value) {
        header(':', value);
    }

    /** True or false in RESP3, 1 or 0 in RESP2. */
    void bool(boolean value) {
        if (!isResp3) {
            integer(value ? 1 : 0);
        } else if (reserve(8)) {
            buffer.put32Little(end, '#' | (value ? 't' : 'f') << 8 | LINE_END << 16);
            end += 4;
        }
    }

    /** {@code type}, a number and the end of the line. */
    private void header(int type, long value) {
        if (!reserve(HEADER_ROOM)) {
            return;
        }
        if (value >= 0 && value < 10) {
            buffer.put32Little(end, type | '0' + (int) value << 8 | LINE_END << 16);
            end += 4;
            return;
        }
        buffer.put8(end, type);
        int behind = end + 1 + Numbers.format(value, buffer, end + 1);
        buffer.put16Little(behind, LINE_END);
        end = behind + 2;
    }

    void array(int count) {
        header('*', count);
    }

    /** A map of {@code count} pairs; in RESP2 an array of twice as many. */
    void map(int count) {
        header(isResp3 ? '%' : '*', isResp3 ? count : 2L * count);
    }

    void set(int count) {
        header(isResp3 ? '~' : '*', count);
    }

    void push(int count) {
        header(isResp3 ? '>' : '*', count);
    }

    /** A string. */
    void bulk(Bytes source, int at, int length) {
        if (length <= SHORT && at + SHORT <= source.length() && reserve(HEADER_ROOM)) {
            shortBulk(source.i64Little(at), length);
            return;
        }
        header('$', length);
        raw(source, at, length);
        lineEnd();
    }

    /** A string of up to eight bytes, with whatever lies behind it in the word: the line end is put over that. */
    private void shortBulk(long word, int length) {
        int at = end;
        buffer.put32Little(at, '$' | '0' + length << 8 | LINE_END << 16);
        buffer.put64Little(at + 4, word);
        buffer.put16Little(at + 4 + length, LINE_END);
        end = at + 6 + length;
    }

    void bulk(String text) {
        header('$', text.length());
        raw(text);
        lineEnd();
    }

    /** A number as a string. */
    void bulk(long value) {
        header('$', Numbers.digits(value));
        if (reserve(HEADER_ROOM)) {
            end += Numbers.format(value, buffer, end);
            lineEnd();
        }
    }

    /** A double in RESP3, its text in RESP2. */
    void number(double value) {
        int length = doubles.format(value);
        if (isResp3) {
            raw(",");
        } else {
            header('$', length);
        }
        raw(doubles.text(), 0, length);
        lineEnd();
    }

    /** A text in RESP3 for people to read, a string in RESP2. */
    void verbatim(Bytes source, int at, int length) {
        if (isResp3) {
            header('=', length + 4);
            raw("txt:");
            raw(source, at, length);
            lineEnd();
        } else {
            bulk(source, at, length);
        }
    }

    /** Begins a text for people to read, whose bytes and {@link #endText} follow. */
    void verbatimHeader(int length) {
        header(isResp3 ? '=' : '$', isResp3 ? length + 4 : length);
        if (isResp3) {
            raw("txt:");
        }
    }

    void endText() {
        lineEnd();
    }

    /** A line of status. */
    void status(String text) {
        raw("+");
        raw(text);
        lineEnd();
    }

    /** An error with its code: {@code ERR ...} or another. */
    void error(String text) {
        ranOutOfMemory |= text == Dispatcher.OUT_OF_MEMORY;
        beginError(text);
        lineEnd();
    }

    /** Begins an error that goes on with {@link #text} and its like and ends with {@link #endError}. */
    void beginError(String text) {
        errors++;
        raw("-");
        raw(text);
    }

    void endError() {
        lineEnd();
    }

    /** Part of an error: what the client sent, without line ends. */
    void textOf(Bytes source, int at, int length) {
        for (int i = 0; i < length; i++) {
            if (reserve(1)) {
                int value = source.u8(at + i);
                buffer.put8(end++, value == '\r' || value == '\n' ? ' ' : value);
            }
        }
    }

    /** Like {@link #textOf}, with small letters. */
    void lowerTextOf(Bytes source, int at, int length) {
        for (int i = 0; i < length && reserve(1); i++) {
            int value = source.u8(at + i);
            buffer.put8(end++, value >= 'A' && value <= 'Z' ? value | 0x20 : value);
        }
    }

    /** A text of small letters, in capital ones. */
    void upperText(String text) {
        for (int i = 0; i < text.length() && reserve(1); i++) {
            buffer.put8(end++, text.charAt(i) & ~0x20);
        }
    }

    private void lineEnd() {
        if (reserve(2)) {
            buffer.put16Little(end, LINE_END);
            end += 2;
        }
    }

    /** Bytes as they are. */
    void raw(Bytes source, int at, int length) {
        int done = 0;
        while (end + length - done > CAPACITY) {
            int part = CAPACITY - end;
            if (!isMuted) {
                buffer.copyFrom(end, source, at + done, part);
                end += part;
            } else {
                return;
            }
            done += part;
            flush();
        }
        if (!isMuted && done < length) {
            buffer.copyFrom(end, source, at + done, length - done);
            end += length - done;
        }
    }

    void raw(String text) {
        if (reserve(text.length())) {
            end = buffer.putAscii(end, text);
        }
    }
}
