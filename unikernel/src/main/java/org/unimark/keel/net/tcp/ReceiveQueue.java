// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.net.socket.Connection;

/**
 * Bytes that arrived in order and that the handler has not consumed: blocks kept from the device, and in front of them one
 * large block into which they are gathered when the handler has to see them contiguous. Empty, it holds no memory.
 */
final class ReceiveQueue {
    /** {@link Block#tag} of a block that came from the pool of large ones; 0 for the device's. */
    private static final int LARGE = 1;

    private final BlockPool largeBlocks;
    private final RetentionLimit retention;
    private Block head;
    private Block tail;
    private int length;

    ReceiveQueue(BlockPool largeBlocks, RetentionLimit retention) {
        this.largeBlocks = largeBlocks;
        this.retention = retention;
    }

    /** Bytes in the queue. */
    int length() {
        return length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /**
     * Appends {@code block.bytes[start, end)}: small pieces are copied behind the last block, others keep the block.
     *
     * @return false if no block can be kept any more; nothing was taken then
     */
    boolean append(Block block, int start, int end) {
        int size = end - start;
        if (tail != null && tail.capacity() - tail.end >= size) {
            tail.bytes.copyFrom(tail.end, block.bytes, start, size);
            tail.end += size;
        } else if (retention.retain(block)) {
            block.start = start;
            block.end = end;
            block.tag = 0;
            link(block);
        } else {
            Block large = takeLarge();
            if (large == null) {
                return false;
            }
            large.bytes.copyFrom(0, block.bytes, start, size);
            large.end = size;
            link(large);
        }
        length += size;
        return true;
    }

    private Block takeLarge() {
        Block large = largeBlocks.take();
        if (large != null) {
            large.tag = LARGE;
        }
        return large;
    }

    private void link(Block block) {
        block.next = null;
        if (head == null) {
            head = block;
        } else {
            tail.next = block;
        }
        tail = block;
    }

    /** The block with the first bytes; contiguous as far as {@link #gather} made it so. */
    Block first() {
        return head;
    }

    /** Whether {@link #first} holds everything, or as much as the contract with handlers asks for. */
    boolean isGathered() {
        return head.next == null || head.end - head.start >= Connection.RECEIVE_CONTIGUOUS;
    }

    /** Makes the first {@link Connection#RECEIVE_CONTIGUOUS} bytes contiguous; false if memory for that is short. */
    boolean gather() {
        if (isGathered()) {
            return true;
        }
        if (head.tag != LARGE || head.end == head.capacity() && head.start == 0) {
            Block large = takeLarge();
            if (large == null) {
                return false;
            }
            large.next = head;
            head = large;
        } else {
            moveToFront(head);
        }
        while (head.next != null && head.end < head.capacity()) {
            Block from = head.next;
            int part = Math.min(from.end - from.start, head.capacity() - head.end);
            head.bytes.copyFrom(head.end, from.bytes, from.start, part);
            head.end += part;
            from.start += part;
            if (from.start == from.end) {
                head.next = from.next;
                drop(from);
            }
        }
        if (head.next == null) {
            tail = head;
        }
        return true;
    }

    private static void moveToFront(Block block) {
        int distance = block.start;
        int size = block.end - distance;
        // In pieces no longer than the distance, so that source and target of each do not overlap.
        for (int done = 0; distance > 0 && done < size; done += distance) {
            block.bytes.copyFrom(done, block.bytes, distance + done, Math.min(distance, size - done));
        }
        block.start = 0;
        block.end = size;
    }

    /** Forgets the first {@code size} bytes, which lie in {@link #first}. */
    void consume(int size) {
        head.start += size;
        length -= size;
        if (head.start == head.end) {
            Block empty = head;
            head = empty.next;
            if (head == null) {
                tail = null;
            }
            drop(empty);
        }
    }

    private void drop(Block block) {
        block.next = null;
        if (block.tag == LARGE) {
            block.release();
        } else {
            retention.release(block);
        }
    }

    void clear() {
        while (head != null) {
            Block block = head;
            head = block.next;
            drop(block);
        }
        tail = null;
        length = 0;
    }
}
