// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.buffer;

/** A fixed number of blocks of one size, made once; taking and returning one costs a few instructions. */
public final class BlockPool {
    private final int blockBytes;
    private final int blocks;
    private Block free;
    private int available;

    /** Cuts {@code memory} into blocks of {@code blockBytes} each. */
    public BlockPool(Bytes memory, int blockBytes) {
        this.blockBytes = blockBytes;
        this.blocks = memory.length() / blockBytes;
        for (int i = blocks - 1; i >= 0; i--) {
            put(new Block(this, new Bytes().wrap(memory, i * blockBytes, blockBytes)));
        }
    }

    /** Returns a block with one reference, or null when all are in use: the caller counts that. */
    public Block take() {
        Block block = free;
        if (block == null) {
            return null;
        }
        free = block.next;
        available--;
        block.taken();
        return block;
    }

    void put(Block block) {
        block.next = free;
        free = block;
        available++;
    }

    public int available() {
        return available;
    }

    public int capacity() {
        return blocks;
    }

    public int blockBytes() {
        return blockBytes;
    }
}
