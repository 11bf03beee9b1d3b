// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.Connection;

/** What a client has not taken yet, in a chain of blocks from {@link Slabs}. */
final class OutputQueue {
    private static final int BLOCK_BYTES = 16 * 1024;
    /** The first block, if that is enough: a short message may go to thousands at once. */
    private static final int SHORT_BLOCK_BYTES = 512;

    private static final int NEXT = 0;
    private static final int BEGIN = 4;
    private static final int END = 8;
    private static final int SIZE = 12;
    private static final int HEADER_BYTES = 16;

    private final Slabs slabs;
    private final Bytes memory;
    private int head;
    private int tail;
    private long bytes;

    OutputQueue(Slabs slabs) {
        this.slabs = slabs;
        memory = slabs.memory();
    }

    boolean isEmpty() {
        return head == 0;
    }

    long bytes() {
        return bytes;
    }

    /** False if there is no memory; then part of it may be in the queue. */
    boolean append(Bytes source, int at, int length) {
        int done = 0;
        while (done < length) {
            int end = tail == 0 ? 0 : memory.i32Little(tail + END);
            if (tail == 0 || end == memory.i32Little(tail + SIZE)) {
                boolean isShort = tail == 0 && length <= SHORT_BLOCK_BYTES - HEADER_BYTES;
                if (!addBlock(isShort ? SHORT_BLOCK_BYTES : BLOCK_BYTES)) {
                    return false;
                }
                end = HEADER_BYTES;
            }
            int part = Math.min(length - done, memory.i32Little(tail + SIZE) - end);
            memory.copyFrom(tail + end, source, at + done, part);
            memory.put32Little(tail + END, end + part);
            done += part;
            bytes += part;
        }
        return true;
    }

    private boolean addBlock(int size) {
        int block = slabs.allocate(size);
        if (block == 0) {
            return false;
        }
        memory.put32Little(block + NEXT, 0);
        memory.put32Little(block + SIZE, size);
        memory.put32Little(block + BEGIN, HEADER_BYTES);
        memory.put32Little(block + END, HEADER_BYTES);
        if (tail == 0) {
            head = block;
        } else {
            memory.put32Little(tail + NEXT, block);
        }
        tail = block;
        return true;
    }

    /** Writes as much as the connection takes; whether that was all. */
    boolean drain(Connection connection) {
        while (head != 0) {
            int begin = memory.i32Little(head + BEGIN);
            int length = memory.i32Little(head + END) - begin;
            int written = connection.write(memory, head + begin, length);
            bytes -= written;
            if (written < length) {
                memory.put32Little(head + BEGIN, begin + written);
                return false;
            }
            dropHead();
        }
        return true;
    }

    /** Pushes all of it to a client. */
    void moveTo(KvClient client) {
        while (head != 0) {
            int begin = memory.i32Little(head + BEGIN);
            client.push(memory, head + begin, memory.i32Little(head + END) - begin);
            dropHead();
        }
        bytes = 0;
    }

    private void dropHead() {
        int next = memory.i32Little(head + NEXT);
        slabs.free(head, memory.i32Little(head + SIZE));
        head = next;
        if (next == 0) {
            tail = 0;
        }
    }

    void clear() {
        while (head != 0) {
            dropHead();
        }
        bytes = 0;
    }
}
