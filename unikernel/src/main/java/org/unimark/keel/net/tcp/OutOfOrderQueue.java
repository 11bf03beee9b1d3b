// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;

/**
 * Segments that arrived ahead of a gap, in order, without overlap; what to tell the peer about them (RFC 2018). A block's
 * {@code tag} is the sequence number of its first byte. Pooled: only connections with a gap have one.
 */
final class OutOfOrderQueue {
    /** Ranges remembered in the order of their last growth, for the order of SACK blocks. */
    private static final int REMEMBERED = 4;

    private final RetentionLimit retention;
    private final int maximumBlocks;
    private Block head;
    private int blocks;
    private int bytes;

    /** A sequence number inside each of the ranges that grew last, the latest first. */
    private final int[] recent = new int[REMEMBERED];

    private int remembered;
    private int rangeLeft;
    private int rangeRight;

    /** For the pool. */
    OutOfOrderQueue next;

    OutOfOrderQueue(RetentionLimit retention, int maximumBlocks) {
        this.retention = retention;
        this.maximumBlocks = maximumBlocks;
    }

    boolean isEmpty() {
        return head == null;
    }

    int blocks() {
        return blocks;
    }

    /** Bytes held. */
    int bytes() {
        return bytes;
    }

    /**
     * Keeps {@code block.bytes[start, end)}, which begin at {@code sequence}. Bytes that are here already stay as they came
     * first: nobody can change them later.
     *
     * @return false if a limit was reached and nothing was kept
     */
    boolean insert(Block block, int start, int end, int sequence) {
        Block before = null;
        Block after = head;
        while (after != null && SequenceNumber.isAtOrBefore(after.tag, sequence)) {
            before = after;
            after = after.next;
        }
        int first = start;
        int firstSequence = sequence;
        if (before != null) {
            int overlap = endOf(before) - sequence;
            if (overlap > 0) {
                first += overlap;
                firstSequence += overlap;
            }
        }
        int lastSequence = sequence + (end - start);
        // Nothing overlaps before, so what follows begins at or behind the new bytes.
        while (after != null && SequenceNumber.isAtOrBefore(endOf(after), lastSequence)) {
            after = removeAfter(before, after);
        }
        if (after != null) {
            lastSequence = SequenceNumber.earlier(lastSequence, after.tag);
        }
        remember(sequence);
        if (!SequenceNumber.isBefore(firstSequence, lastSequence)) {
            return true;
        }
        if (blocks == maximumBlocks || !retention.retain(block)) {
            return false;
        }
        block.start = first;
        block.end = first + (lastSequence - firstSequence);
        block.tag = firstSequence;
        linkAfter(before, block, after);
        return true;
    }

    private static int endOf(Block block) {
        return block.tag + (block.end - block.start);
    }

    private void linkAfter(Block before, Block block, Block after) {
        block.next = after;
        if (before == null) {
            head = block;
        } else {
            before.next = block;
        }
        blocks++;
        bytes += block.end - block.start;
    }

    private Block removeAfter(Block before, Block block) {
        Block after = block.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        forget(block);
        return after;
    }

    private void forget(Block block) {
        blocks--;
        bytes -= block.end - block.start;
        block.next = null;
        retention.release(block);
    }

    /** The first block if it continues at {@code receiveNext} or before; it stays in the queue. */
    Block continuing(int receiveNext) {
        return head != null && SequenceNumber.isAtOrBefore(head.tag, receiveNext) ? head : null;
    }

    /** Drops the first block. */
    void removeFirst() {
        removeAfter(null, head);
    }

    void clear() {
        while (head != null) {
            removeFirst();
        }
        remembered = 0;
    }

    private void remember(int sequence) {
        int keep = Math.min(remembered, REMEMBERED - 1);
        for (int i = keep; i > 0; i--) {
            recent[i] = recent[i - 1];
        }
        recent[0] = sequence;
        remembered = keep + 1;
    }

    /**
     * Finds the range to report as SACK block number {@code index}: the range that grew last first (RFC 2018, 4), each once.
     *
     * @return false if there is no such block; otherwise {@link #rangeLeft} and {@link #rangeRight} tell it
     */
    boolean findRange(int index) {
        int found = 0;
        for (int i = 0; i < remembered; i++) {
            if (findRangeAround(recent[i]) && !isReportedBefore(i)) {
                if (found == index) {
                    return true;
                }
                found++;
            }
        }
        return false;
    }

    /** Whether an earlier remembered number lies in the range found last. */
    private boolean isReportedBefore(int index) {
        for (int i = 0; i < index; i++) {
            if (SequenceNumber.isWithin(recent[i], rangeLeft, rangeRight - rangeLeft)) {
                return true;
            }
        }
        return false;
    }

    private boolean findRangeAround(int sequence) {
        Block block = head;
        while (block != null) {
            rangeLeft = block.tag;
            rangeRight = endOf(block);
            while (block.next != null && block.next.tag == rangeRight) {
                block = block.next;
                rangeRight = endOf(block);
            }
            if (SequenceNumber.isWithin(sequence, rangeLeft, rangeRight - rangeLeft)) {
                return true;
            }
            block = block.next;
        }
        return false;
    }

    int rangeLeft() {
        return rangeLeft;
    }

    int rangeRight() {
        return rangeRight;
    }
}
