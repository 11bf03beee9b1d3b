// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * What one client has queued since {@code MULTI}, or the one command of it that waits for a key; and the keys that it watches, in cells of {@link Slabs}:
 *
 * <pre>
 * command: 0 next   4 bytes of the cell   8 words      12 length of each, then the words
 * key:     0 next   4 length              8 database   12 whether there was such a key   16 the key
 * </pre>
 */
@Rare
final class Transaction {
    private static final int NEXT = 0;
    private static final int BYTES = 4;
    private static final int WORDS = 8;
    private static final int LENGTHS = 12;
    private static final int KEY_LENGTH = 4;
    private static final int DATABASE = 8;
    private static final int EXISTED = 12;
    private static final int KEY = 16;
    private static final int MAXIMUM_BYTES = 256 << 20;

    private final Slabs slabs;
    private final Bytes memory;
    private int first;
    private int last;
    private int commands;
    private int flags;
    private int watches;
    private boolean isDirty;

    /** For the list of clients that watch. */
    Transaction nextWatching;

    Transaction previousWatching;

    Transaction(Slabs slabs) {
        this.slabs = slabs;
        memory = slabs.memory();
    }

    int commands() {
        return commands;
    }

    /** Those of all commands together. */
    int flags() {
        return flags;
    }

    boolean isDirty() {
        return isDirty;
    }

    boolean isWatching() {
        return watches != 0;
    }

    /** Queues a command of such flags; false if there is no memory. */
    boolean queue(int commandFlags, Arguments arguments) {
        int words = arguments.count();
        long bytes = LENGTHS + 4L * words;
        for (int i = 0; i < words; i++) {
            bytes += arguments.length(i);
        }
        int cell = bytes > MAXIMUM_BYTES ? 0 : slabs.allocate((int) bytes);
        if (cell == 0) {
            return false;
        }
        memory.put32Little(cell + NEXT, 0);
        memory.put32Little(cell + BYTES, (int) bytes);
        memory.put32Little(cell + WORDS, words);
        int at = cell + LENGTHS + 4 * words;
        for (int i = 0; i < words; i++) {
            int length = arguments.length(i);
            memory.put32Little(cell + LENGTHS + 4 * i, length);
            memory.copyFrom(at, arguments.data(), arguments.at(i), length);
            at += length;
        }
        if (first == 0) {
            first = cell;
        } else {
            memory.put32Little(last + NEXT, cell);
        }
        last = cell;
        commands++;
        flags |= commandFlags;
        return true;
    }

    /** Presents the first command as arguments; false if there is none, or no memory for its table of words. */
    boolean presentFirst(Arguments arguments) {
        if (first == 0) {
            return false;
        }
        int words = memory.i32Little(first + WORDS);
        int at = first + LENGTHS + 4 * words;
        arguments.begin(memory);
        boolean ok = true;
        for (int i = 0; ok && i < words; i++) {
            int length = memory.i32Little(first + LENGTHS + 4 * i);
            ok = arguments.add(at, length);
            at += length;
        }
        return ok;
    }

    void dropFirst() {
        int next = memory.i32Little(first + NEXT);
        slabs.free(first, memory.i32Little(first + BYTES));
        first = next;
        commands--;
        flags = first == 0 ? 0 : flags;
    }

    void dropCommands() {
        while (first != 0) {
            dropFirst();
        }
    }

    boolean watches(int database, Bytes key, int at, int length) {
        for (int watch = watches; watch != 0; watch = memory.i32Little(watch + NEXT)) {
            if (memory.i32Little(watch + DATABASE) == database
                    && memory.i32Little(watch + KEY_LENGTH) == length
                    && memory.matches(watch + KEY, key, at, length)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a key that is not watched yet; false if there is no memory. */
    boolean watch(int database, Bytes key, int at, int length, boolean exists) {
        int watch = slabs.allocate(KEY + length);
        if (watch == 0) {
            return false;
        }
        memory.put32Little(watch + NEXT, watches);
        memory.put32Little(watch + KEY_LENGTH, length);
        memory.put32Little(watch + DATABASE, database);
        memory.put32Little(watch + EXISTED, exists ? 1 : 0);
        memory.copyFrom(watch + KEY, key, at, length);
        watches = watch;
        return true;
    }

    void changed(int database, Bytes key, int at, int length) {
        isDirty |= watches(database, key, at, length);
    }

    /** All keys of the database are gone: as long as nothing has changed, a key that was there still was. */
    void allChanged(int database) {
        for (int watch = watches; watch != 0; watch = memory.i32Little(watch + NEXT)) {
            isDirty |= memory.i32Little(watch + DATABASE) == database && memory.i32Little(watch + EXISTED) != 0;
        }
    }

    /** Looks at all watched keys, so that those whose time is over are found to have changed. */
    void expire(Keyspace keyspace) {
        for (int watch = watches; watch != 0; watch = memory.i32Little(watch + NEXT)) {
            keyspace.databases[memory.i32Little(watch + DATABASE)].peek(
                    memory, watch + KEY, memory.i32Little(watch + KEY_LENGTH));
        }
    }

    /** Watches nothing any more; returns how many keys it were. */
    int unwatch() {
        int count = 0;
        while (watches != 0) {
            int next = memory.i32Little(watches + NEXT);
            slabs.free(watches, KEY + memory.i32Little(watches + KEY_LENGTH));
            watches = next;
            count++;
        }
        isDirty = false;
        return count;
    }
}
