// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * A command that is too long for the receive buffer, collected in {@link Slabs} as it arrives: what was announced costs
 * nothing. How far it is complete is remembered, so that each byte is looked at twice at most.
 */
@Rare
final class LongRequest {
    /** Shorter commands wait for their end in the receive buffer. */
    static final int WORTHWHILE = 4 * 1024;

    private static final int FIRST_BYTES = 16 * 1024;
    /** As long as no more has arrived than an announcement: thousands of clients may leave it at that. */
    private static final int ANNOUNCEMENT_BYTES = 256;

    /** client-query-buffer-limit, or what an int can say. */
    static final int MAXIMUM_BYTES = 1 << 30;

    private static final int MOST_SPARE_BYTES = 1 << 20;

    private final Slabs slabs;
    private final Bytes memory;
    private int cell;
    private int capacity;
    private int length;
    /** Begin of what has not been looked at yet, relative to the cell. */
    private int scanned;
    /** Words still to come; -1 before their number is known. */
    private long wordsLeft;

    /** Shorter, the command cannot be complete. */
    private int needed;

    private boolean active;

    LongRequest(Slabs slabs) {
        this.slabs = slabs;
        memory = slabs.memory();
    }

    boolean isActive() {
        return active;
    }

    long bytes() {
        return capacity;
    }

    void begin() {
        active = true;
        length = 0;
        scanned = 0;
        wordsLeft = -1;
        needed = 0;
    }

    void end() {
        active = false;
        if (cell != 0) {
            slabs.free(cell, capacity);
            cell = 0;
            capacity = 0;
        }
    }

    /** Takes in what arrived, and executes the command if that was all of it; returns how far it used the data. */
    int take(KvServer server, KvClient client, Bytes data, int at, int end) {
        if (!append(data, at, end - at)) {
            server.statistics.queryLimitDisconnections++;
            client.cutOff();
            return end;
        }
        boolean isStranger = (client.modes & KvClient.STRANGER) != 0;
        int state = length < needed ? RequestParser.INCOMPLETE : scan(server.parser, isStranger);
        if (state > 0) {
            state = server.parser.parse(server.arguments, memory, cell, cell + length, isStranger);
        }
        if (state == RequestParser.INCOMPLETE) {
            return end;
        }
        if (state == RequestParser.BROKEN) {
            client.refuse();
            end();
            return end;
        }
        // What lies behind the command came with its last bytes.
        int position = end - (length - state);
        server.durability.setLong(true);
        server.dispatcher.execute(client);
        server.durability.setLong(false);
        server.arguments.release();
        end();
        return position;
    }

    /** Goes on to look for the end of the command; positive if it is there. */
    private int scan(RequestParser parser, boolean isStranger) {
        int end = cell + length;
        if (memory.u8(cell) != '*') {
            // The parser reads the line from its start, but a line is short.
            return 1;
        }
        if (wordsLeft < 0) {
            int result =
                    parser.line(memory, cell + 1, end, cell, "invalid multibulk length", "too big mbulk count string");
            if (result <= 0) {
                return result;
            }
            wordsLeft = parser.lineNumber();
            scanned = parser.behindLine() - cell;
        }
        for (; wordsLeft > 0; wordsLeft--) {
            int result = parser.bulkLength(memory, cell, cell + scanned, end, isStranger);
            if (result <= 0) {
                return result;
            }
            long behind = parser.behindLine() - cell + parser.lineNumber() + 2;
            if (behind > length) {
                needed = (int) behind;
                return RequestParser.INCOMPLETE;
            }
            scanned = (int) behind;
        }
        return 1;
    }

    /** Twice as much, but not more than a mebibyte too much; twice {@link #MAXIMUM_BYTES} is no int. */
    static int capacityFor(int bytes) {
        return bytes <= ANNOUNCEMENT_BYTES
                ? ANNOUNCEMENT_BYTES
                : Math.max(FIRST_BYTES, bytes + Math.min(bytes, MOST_SPARE_BYTES));
    }

    private boolean append(Bytes data, int at, int size) {
        if (length + size > capacity) {
            if (length + size > MAXIMUM_BYTES) {
                return false;
            }
            int wanted = capacityFor(length + size);
            int moved = cell == 0 ? slabs.allocate(wanted) : slabs.resize(cell, capacity, wanted);
            if (moved == 0) {
                return false;
            }
            cell = moved;
            capacity = wanted;
        }
        memory.copyFrom(cell + length, data, at, size);
        length += size;
        return true;
    }
}
