// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.buffer;

/**
 * A pooled, reference-counted piece of memory of fixed size: a received frame, a transmitted header, a piece of a send
 * queue. It returns to its pool when the last holder lets go, whether that is the stack or a device.
 */
public final class Block {
    /** The whole memory of the block. */
    public final Bytes bytes;

    /** For queues that run through the blocks themselves; belongs to whoever holds the only queue the block is in. */
    public Block next;

    /** First meaningful byte, for the holder's use. */
    public int start;

    /** Position behind the last meaningful byte, for the holder's use. */
    public int end;

    /** A number for the holder's use: TCP keeps the sequence number of the first meaningful byte here. */
    public int tag;

    private final BlockPool pool;
    private int references;

    Block(BlockPool pool, Bytes bytes) {
        this.pool = pool;
        this.bytes = bytes;
    }

    public int capacity() {
        return bytes.length();
    }

    public Block retain() {
        if (references <= 0) {
            throw new IllegalStateException("retain of a free block");
        }
        references++;
        return this;
    }

    public void release() {
        if (references <= 0) {
            throw new IllegalStateException("release of a free block");
        }
        if (--references == 0) {
            pool.put(this);
        }
    }

    /** Whether the caller holds the only reference. */
    public boolean isExclusive() {
        return references == 1;
    }

    void taken() {
        references = 1;
        next = null;
        start = 0;
        end = 0;
        tag = 0;
    }
}
