// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.text.Numbers;

/** The connection to the cache (RESP2): questions one behind the other, answers in their order. */
final class CacheLink extends Link {
    /** A command without its value. */
    private static final int LONGEST_COMMAND = 160;

    private static final int LONGEST_LINE = 1024;
    private static final String KEY = "item:";

    private final Question.Queue asked = new Question.Queue();
    private boolean isReady;

    CacheLink(Front front) {
        super(front, front.settings.cacheAddress(), front.settings.cachePort());
    }

    @Override
    void established() {
        isReady = true;
    }

    /** Whether it was asked: not while it is not there, or does not read. */
    boolean ask(Question question) {
        if (!isReady || !hasRoom(LONGEST_COMMAND)) {
            return false;
        }
        int end = front.scratch.putAscii(0, "*2\r\n$3\r\nGET\r\n");
        send(key(end, question.item));
        asked.add(question);
        awaitAnswer();
        return true;
    }

    /** Tells it what an item is; if that is not possible now, it will be asked for again. */
    void tell(int item, Bytes value, int at, int length) {
        if (!isReady || !front.mayAsk() || !hasRoom(LONGEST_COMMAND + length)) {
            return;
        }
        Bytes scratch = front.scratch;
        int end = key(scratch.putAscii(0, "*5\r\n$3\r\nSET\r\n"), item);
        end = number(end, '$', length);
        scratch.copyFrom(end, value, at, length);
        end = scratch.putAscii(end + length, "\r\n$2\r\nEX\r\n");
        int seconds = front.settings.cacheSeconds();
        end = number(end, '$', Numbers.digits(seconds));
        end += Numbers.format(seconds, scratch, end);
        send(scratch.putAscii(end, "\r\n"));
        Question told = front.question(null, item);
        told.tells = true;
        asked.add(told);
        awaitAnswer();
    }

    private int key(int at, int item) {
        int end = number(at, '$', KEY.length() + Numbers.digits(item));
        end = front.scratch.putAscii(end, KEY);
        end += Numbers.format(item, front.scratch, end);
        return front.scratch.putAscii(end, "\r\n");
    }

    private int number(int at, int type, int value) {
        front.scratch.put8(at, type);
        int end = at + 1 + Numbers.format(value, front.scratch, at + 1);
        return front.scratch.putAscii(end, "\r\n");
    }

    @Override
    public int received(Connection from, Bytes data, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int used = reply(data, at, end);
            if (used < 0) {
                giveUp();
                return length;
            }
            if (used == 0) {
                break;
            }
            at += used;
        }
        return at - offset;
    }

    /** Takes one reply; returns its length, 0 if it is not complete, or -1 if it is none. */
    private int reply(Bytes data, int at, int end) {
        int lineEnd = lineEnd(data, at, end);
        if (lineEnd < 0) {
            return end - at > LONGEST_LINE ? -1 : 0;
        }
        int type = data.u8(at);
        int line = lineEnd + 2 - at;
        if (asked.isEmpty() || (type != '$' && type != '+' && type != '-')) {
            return -1;
        }
        if (type != '$' || data.u8(at + 1) == '-') {
            // An error of the cache is a miss: the store knows better.
            answered(null, 0, -1);
            return line;
        }
        int length = number(data, at + 1, lineEnd);
        if (length < 0 || length > Front.LONGEST_VALUE) {
            return -1;
        }
        if (end - lineEnd - 2 < length + 2) {
            return 0;
        }
        answered(data, lineEnd + 2, length);
        return line + length + 2;
    }

    private void answered(Bytes data, int at, int length) {
        Question question = asked.remove();
        answered(!asked.isEmpty());
        if (question.tells || question.client == null) {
            front.release(question);
        } else if (length < 0) {
            front.misses.increment();
            front.store.ask(question);
        } else {
            front.hits.increment();
            question.client.answer(data, at, length);
            front.release(question);
        }
    }

    private static int lineEnd(Bytes data, int from, int end) {
        for (int i = from; i + 1 < end; i++) {
            if (data.u8(i) == '\r') {
                return data.u8(i + 1) == '\n' ? i : -1;
            }
        }
        return -1;
    }

    private static int number(Bytes data, int from, int end) {
        int value = from == end || end - from > 6 ? -1 : 0;
        for (int i = from; i < end && value >= 0; i++) {
            int digit = data.u8(i) - '0';
            value = digit < 0 || digit > 9 ? -1 : value * 10 + digit;
        }
        return value;
    }

    @Override
    void lost() {
        isReady = false;
        while (!asked.isEmpty()) {
            Question question = asked.remove();
            if (question.tells || question.client == null) {
                front.release(question);
            } else {
                front.store.ask(question);
            }
        }
    }
}
