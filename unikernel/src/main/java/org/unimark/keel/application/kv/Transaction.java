// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * What one client has queued since {@code MULTI}, or the one command of it that waits for a key, in cells of {@link Slabs}:
 *
 * <pre>
 * 0 next   4 bytes of the cell   8 words   12 length of each, then the words
 * </pre>
 */
@Rare
final class Transaction {
    private static final int NEXT = 0;
    private static final int BYTES = 4;
    private static final int WORDS = 8;
    private static final int LENGTHS = 12;
    private static final int MAXIMUM_BYTES = 256 << 20;

    private final Slabs slabs;
    private final Bytes memory;
    private int first;
    private int last;
    private int commands;
    private long writtenBytes;
    private int flags;

    /** A key that the client watches has changed. */
    boolean isDirty;

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

    /** Of the commands that write. */
    long writtenBytes() {
        return writtenBytes;
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
        writtenBytes += (commandFlags & Command.WRITE) != 0 ? bytes : 0;
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
        if (first == 0) {
            flags = 0;
            writtenBytes = 0;
        }
    }

    void dropCommands() {
        while (first != 0) {
            dropFirst();
        }
    }
}
