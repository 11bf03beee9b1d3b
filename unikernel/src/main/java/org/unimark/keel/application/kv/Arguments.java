// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/** The words of one command, where they lie: in a connection's receive buffer, or where a long one was collected. */
final class Arguments {
    private static final int LISTED = 1024;
    private static final int SMALLEST_TABLE = 1024;
    private static final int NOWHERE = -1;
    private static final int LINE_END_BYTES = 2;

    private final Slabs slabs;
    private final Bytes memory;
    /** Position of a word in the upper half, its length in the lower. */
    private final long[] words = new long[LISTED];
    /** The same in pairs of ints for words that do not fit there. */
    private int table;

    private int tableLength;
    private Bytes data;
    private int count;
    /** Where the command begins if it lies there in RESP, or -1. */
    private int commandAt = NOWHERE;

    Arguments(Slabs slabs) {
        this.slabs = slabs;
        memory = slabs.memory();
        data = memory;
    }

    Bytes data() {
        return data;
    }

    int count() {
        return count;
    }

    int at(int index) {
        return index < LISTED ? (int) (words[index] >>> 32) : memory.i32Little(table + (index - LISTED) * 8);
    }

    int length(int index) {
        return index < LISTED ? (int) words[index] : memory.i32Little(table + (index - LISTED) * 8 + 4);
    }

    /** Whether the whole command lies in {@link #data} in RESP, from {@link #commandAt} to {@link #commandEnd}. */
    boolean areRaw() {
        return commandAt != NOWHERE;
    }

    int commandAt() {
        return commandAt;
    }

    int commandEnd() {
        return at(count - 1) + length(count - 1) + LINE_END_BYTES;
    }

    void begin(Bytes newData) {
        data = newData;
        count = 0;
        commandAt = NOWHERE;
    }

    /** With the first word of a command in RESP that begins at {@code newCommandAt}. */
    void begin(Bytes newData, int newCommandAt, int at, int length) {
        data = newData;
        commandAt = newCommandAt;
        words[0] = (long) at << 32 | length;
        count = 1;
    }

    /** Adds a word; false if there is no memory. */
    boolean add(int at, int length) {
        int index = count;
        if (index >= LISTED) {
            return addToTable(at, length);
        }
        words[index] = (long) at << 32 | length;
        count = index + 1;
        return true;
    }

    @Rare
    private boolean addToTable(int at, int length) {
        int index = count - LISTED;
        if (index == tableLength && !growTable()) {
            return false;
        }
        memory.put32Little(table + index * 8, at);
        memory.put32Little(table + index * 8 + 4, length);
        count++;
        return true;
    }

    @Rare
    private boolean growTable() {
        int newLength = tableLength == 0 ? SMALLEST_TABLE : 2 * tableLength;
        int grown =
                tableLength == 0 ? slabs.allocate(newLength * 8) : slabs.resize(table, tableLength * 8, newLength * 8);
        if (grown == 0) {
            return false;
        }
        table = grown;
        tableLength = newLength;
        return true;
    }

    /** Gives back what a long command took. */
    void release() {
        if (table != 0) {
            slabs.free(table, tableLength * 8);
            table = 0;
            tableLength = 0;
        }
    }

    /** Whether word {@code index} is {@code small}, a text in small letters, without regard to case. */
    boolean is(int index, String small) {
        int length = length(index);
        if (length != small.length()) {
            return false;
        }
        int at = at(index);
        for (int i = 0; i < length; i++) {
            int value = data.u8(at + i);
            if (value >= 'A' && value <= 'Z') {
                value += 'a' - 'A';
            }
            if (value != small.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Number of the text among {@code small} that word {@code index} is, without regard to case, or -1. */
    int indexIn(int index, String[] small) {
        for (int i = 0; i < small.length; i++) {
            if (is(index, small[i])) {
                return i;
            }
        }
        return -1;
    }

    /** Whether word {@code index} is exactly {@code text}. */
    boolean equalTo(int index, String text) {
        int length = length(index);
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (data.u8(at(index) + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads word {@code index} as a number; false if it is none. */
    boolean number(int index, Numbers numbers) {
        return numbers.parseCanonical(data, at(index), length(index));
    }
}
