// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.RecordLog;

/**
 * Whether the log, and the memory on the way into it, have room for what a command would log: it is refused before it is
 * executed if not, for the log would be incomplete afterwards and take nothing more. Short commands are asked about only
 * when there is little room left.
 */
final class LogRoom {
    /** What a turn of short commands may need, so that the next turn knows. */
    private static final long TIGHT_BYTES = 1 << 20;
    /** For deleting keys when the log is full. */
    private static final long KEPT_BYTES = 32 << 10;
    /** What there is always memory for, see {@link MemoryLimit}. */
    private static final long SHORT_BYTES = 128 << 10;

    private static final int PADDING_SHIFT = 3;
    /** Of a word: its length in decimal, and the ends of two lines. */
    private static final int HEADER_BYTES = 16;

    private final Slabs slabs;
    private final RecordLog log;
    private final LogQueue queue;
    private final LogRewrite rewrite;
    private boolean isTight;
    private boolean isLong;

    LogRoom(Slabs slabs, RecordLog log, LogQueue queue, LogRewrite rewrite) {
        this.slabs = slabs;
        this.log = log;
        this.queue = queue;
        this.rewrite = rewrite;
        look();
    }

    /** Whether commands have to be asked about. */
    boolean isScarce() {
        return isTight || isLong;
    }

    /** At the end of a turn. */
    void look() {
        isTight = log.length() + queue.bytes() + TIGHT_BYTES > log.capacity();
    }

    /** Whether the command at hand is a long one. */
    void setLong(boolean newLong) {
        isLong = newLong;
    }

    /** Why a command cannot be logged, or null. */
    @Rare
    String refusal(Command command, Arguments arguments) {
        long bytes = (long) arguments.count() * HEADER_BYTES;
        for (int i = 0; i < arguments.count(); i++) {
            bytes += arguments.length(i);
        }
        return refusal(bytes, command.has(Command.DENY_OOM));
    }

    /** The same for commands of so many bytes. What gives memory back may use the room that is kept for it. */
    @Rare
    String refusal(long bytes, boolean takesMemory) {
        // Once for the keyspace, and once on the way into the log.
        if (bytes > SHORT_BYTES && slabs.freeBytes() < 2 * bytes + SHORT_BYTES) {
            return Dispatcher.OUT_OF_MEMORY;
        }
        // Each batch begins in a sector of its own.
        long records = bytes + queue.bytes();
        long needed = records + (records >> PADDING_SHIFT) + (takesMemory ? KEPT_BYTES : KEPT_BYTES / 4);
        if (log.length() + needed > log.capacity()) {
            rewrite.wish();
            return Dispatcher.LOG_FULL;
        }
        return null;
    }
}
