// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.RecordLog;

/**
 * Records on their way into the log, in their order, in {@link Slabs}. They are handed over at the end of a turn: the log
 * may allocate Java objects, and who calls it from within a command would make every command pay for that.
 */
final class LogQueue {
    private static final int NEXT = 0;
    private static final int LENGTH = 4;
    private static final int IS_REWRITE = 8;
    private static final int HEADER_BYTES = 16;

    private final Slabs slabs;
    private final Bytes memory;
    private final RecordLog log;
    private int head;
    private int tail;
    private long bytes;
    private boolean failed;
    private boolean full;
    /** A record of the rewrite could not be kept: it comes to nothing. */
    private boolean rewriteFailed;

    LogQueue(Slabs slabs, RecordLog log) {
        this.slabs = slabs;
        this.log = log;
        memory = slabs.memory();
    }

    boolean isEmpty() {
        return head == 0;
    }

    long bytes() {
        return bytes;
    }

    /** A record could neither be logged nor kept: the log is not complete any more. */
    boolean hasFailed() {
        return failed;
    }

    boolean isFull() {
        return full;
    }

    void beginRewrite() {
        rewriteFailed = false;
    }

    boolean rewriteHasFailed() {
        return rewriteFailed;
    }

    void fail() {
        failed = true;
        while (head != 0) {
            dropHead();
        }
    }

    void add(Bytes data, int at, int length, boolean isRewrite) {
        if (failed || (isRewrite && rewriteFailed)) {
            return;
        }
        int cell = slabs.allocate(HEADER_BYTES + length);
        if (cell == 0) {
            lack(isRewrite);
            return;
        }
        memory.put32Little(cell + NEXT, 0);
        memory.put32Little(cell + LENGTH, length);
        memory.put32Little(cell + IS_REWRITE, isRewrite ? 1 : 0);
        memory.copyFrom(cell + HEADER_BYTES, data, at, length);
        if (head == 0) {
            head = cell;
        } else {
            memory.put32Little(tail + NEXT, cell);
        }
        tail = cell;
        bytes += length;
    }

    /** There is no memory for a record. */
    @Rare
    private void lack(boolean isRewrite) {
        if (isRewrite) {
            rewriteFailed = true;
            dropRewrite();
        } else {
            fail();
        }
    }

    private boolean append(Bytes data, int at, int length, boolean isRewrite) {
        return isRewrite ? log.appendRewritten(data, at, length) : log.append(data, at, length);
    }

    /** Hands over what the log takes now. */
    void drain() {
        while (head != 0) {
            int length = memory.i32Little(head + LENGTH);
            if (!append(memory, head + HEADER_BYTES, length, memory.i32Little(head + IS_REWRITE) != 0)) {
                if (!log.fits(length)) {
                    full = true;
                    fail();
                }
                return;
            }
            dropHead();
        }
    }

    /** Drops what was meant for a rewrite that is given up. */
    void dropRewrite() {
        int kept = 0;
        int cell = head;
        while (cell != 0) {
            int next = memory.i32Little(cell + NEXT);
            if (memory.i32Little(cell + IS_REWRITE) == 0) {
                kept = cell;
            } else {
                bytes -= memory.i32Little(cell + LENGTH);
                slabs.free(cell, HEADER_BYTES + memory.i32Little(cell + LENGTH));
                if (kept == 0) {
                    head = next;
                } else {
                    memory.put32Little(kept + NEXT, next);
                }
            }
            cell = next;
        }
        tail = kept;
    }

    private void dropHead() {
        int next = memory.i32Little(head + NEXT);
        int length = memory.i32Little(head + LENGTH);
        bytes -= length;
        slabs.free(head, HEADER_BYTES + length);
        head = next;
        if (next == 0) {
            tail = 0;
        }
    }
}
