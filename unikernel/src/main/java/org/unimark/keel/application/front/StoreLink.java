// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.text.Numbers;

/** One connection to the store: version 3 of PostgreSQL's protocol, simple queries, one at a time. */
final class StoreLink extends Link {
    private static final int PROTOCOL_VERSION = 3 << 16;
    private static final int HEADER_BYTES = 5;
    /** Count of columns, and length of the first. */
    private static final int ROW_HEADER_BYTES = 6;

    private static final int LONGEST_QUERY = 256;
    /** Other messages are passed over, but not without end. */
    private static final int LONGEST_MESSAGE = 8192;

    private static final String QUERY = "SELECT name FROM items WHERE id = ";

    private final Bytes value;
    private int valueLength = -1;
    private boolean hasFailed;
    private boolean isReady;
    private Question question;

    StoreLink(Front front) {
        super(front, front.settings.storeAddress(), front.settings.storePort());
        value = front.platform.allocate(Front.LONGEST_VALUE);
    }

    boolean isReady() {
        return isReady;
    }

    boolean isFree() {
        return isReady && question == null && hasRoom(LONGEST_QUERY);
    }

    @Override
    void established() {
        Bytes scratch = front.scratch;
        scratch.put32(Integer.BYTES, PROTOCOL_VERSION);
        int end = scratch.putAscii(2 * Integer.BYTES, "user\0unimark\0database\0unimark\0\0");
        scratch.put32(0, end);
        send(end);
        awaitAnswer();
    }

    /** Of one that {@link #isFree}. */
    void ask(Question asked) {
        question = asked;
        valueLength = -1;
        hasFailed = false;
        Bytes scratch = front.scratch;
        scratch.put8(0, 'Q');
        int end = scratch.putAscii(HEADER_BYTES, QUERY);
        end += Numbers.format(asked.item, scratch, end);
        scratch.put8(end++, 0);
        scratch.put32(1, end - 1);
        send(end);
        awaitAnswer();
    }

    @Override
    public int received(Connection from, Bytes data, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (end - at >= HEADER_BYTES) {
            int size = 1 + data.i32(at + 1);
            if (size < HEADER_BYTES || size > LONGEST_MESSAGE) {
                giveUp();
                return length;
            }
            if (end - at < size) {
                break;
            }
            message(data.u8(at), data, at + HEADER_BYTES, at + size);
            at += size;
        }
        return at - offset;
    }

    private void message(int type, Bytes data, int at, int end) {
        switch (type) {
            case 'D' -> row(data, at, end);
            case 'E' -> hasFailed = true;
            case 'R' -> hasFailed |= end - at >= Integer.BYTES && data.i32(at) != 0;
            case 'Z' -> ready();
            default -> {
                // Descriptions, tags and parameters say nothing that is not known.
            }
        }
    }

    private void row(Bytes data, int at, int end) {
        int length = end - at - ROW_HEADER_BYTES;
        if (length < 0 || length != data.i32(at + 2) || length > Front.LONGEST_VALUE) {
            hasFailed = true;
            return;
        }
        value.copyFrom(0, data, at + ROW_HEADER_BYTES, length);
        valueLength = length;
    }

    private void ready() {
        isReady = true;
        answered(false);
        Question answered = question;
        question = null;
        if (answered != null) {
            answer(answered);
        }
        front.store.offer(this);
    }

    private void answer(Question answered) {
        if (hasFailed) {
            front.store.fail(answered);
            return;
        }
        if (valueLength >= 0) {
            front.cache.tell(answered.item, value, 0, valueLength);
        }
        if (answered.client != null && valueLength >= 0) {
            answered.client.answer(value, 0, valueLength);
        } else if (answered.client != null) {
            answered.client.answer(FrontClient.NOT_FOUND, "no such item\n");
        }
        front.release(answered);
    }

    @Override
    void lost() {
        isReady = false;
        Question unanswered = question;
        question = null;
        if (unanswered != null) {
            front.store.fail(unanswered);
        }
        front.store.lost();
    }
}
