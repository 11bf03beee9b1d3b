// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.net;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.net.device.ReceiveSink;
import org.unimark.keel.virtio.ring.Virtqueue;

/**
 * Frames from the device. Every descriptor is a block of the pool, lent to the device; a block that the stack keeps is
 * replaced by a fresh one, and while the pool has none the ring runs with fewer.
 */
final class ReceiveQueue {
    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int SHORTEST = PacketHeader.BYTES + ETHERNET_HEADER_BYTES;

    private final Virtqueue queue;
    private final BlockPool pool;
    private final boolean mergeable;
    private final boolean checksums;
    /** By descriptor: the block that the device writes to; null where it has none. */
    private final Block[] blocks;

    private final Counter frames;
    private final Counter malformed;
    private final Counter oversized;
    private final Counter starved;

    /** Descriptors without a block, because the pool was empty. */
    private int missing;

    /** Buffers that are still to come of a packet that is spread over several. */
    private int expected;
    /** Gathers such a packet; null while it is being dropped. */
    private Block assembly;

    ReceiveQueue(Virtqueue queue, BlockPool pool, boolean mergeable, boolean checksums, Counters counters) {
        this.queue = queue;
        this.pool = pool;
        this.mergeable = mergeable;
        this.checksums = checksums;
        blocks = new Block[queue.size()];
        missing = queue.size();
        frames = counters.counter("virtio_net.frames_received");
        malformed = counters.counter("virtio_net.receive_malformed");
        oversized = counters.counter("virtio_net.receive_oversized");
        starved = counters.counter("virtio_net.receive_buffers_missing");
    }

    Virtqueue queue() {
        return queue;
    }

    /** Delivers at most {@code budget} buffers' worth of frames and returns how many buffers that were. */
    int poll(ReceiveSink sink, int budget) {
        int taken = 0;
        while (taken < budget) {
            int head = queue.nextUsed();
            if (head < 0) {
                if (head == Virtqueue.NONE) {
                    break;
                }
            } else {
                received(head, sink);
            }
            taken++;
        }
        if (missing != 0) {
            refill();
        }
        queue.flush();
        return taken;
    }

    private void received(int head, ReceiveSink sink) {
        Block block = blocks[head];
        int length = queue.usedLength();
        if (expected != 0) {
            continuePacket(head, block, length, sink);
            return;
        }
        if (length < SHORTEST || length > block.capacity()) {
            malformed.increment();
            queue.lendAgain(head);
            return;
        }
        block.start = PacketHeader.BYTES;
        block.end = length;
        if (mergeable && PacketHeader.buffers(block.bytes) != 1) {
            beginPacket(head, block);
            return;
        }
        deliver(block, sink);
        if (block.isExclusive()) {
            queue.lendAgain(head);
        } else {
            replace(head);
            block.release();
        }
    }

    private void deliver(Block block, ReceiveSink sink) {
        frames.increment();
        sink.receive(block, checksums && PacketHeader.vouchesForChecksum(block.bytes));
    }

    /** Lends a fresh block, if there is one, in place of one that somebody keeps. */
    private void replace(int head) {
        Block fresh = pool.take();
        blocks[head] = fresh;
        if (fresh == null) {
            starved.increment();
            missing++;
            queue.release(head);
        } else {
            queue.lendAgain(head, address(fresh));
        }
    }

    /** Lends blocks to descriptors that have none, as far as the pool goes. */
    void refill() {
        while (missing > 0) {
            Block fresh = pool.take();
            if (fresh == null) {
                return;
            }
            int head = queue.begin(1);
            queue.endWritable(head, head, address(fresh), pool.blockBytes());
            blocks[head] = fresh;
            missing--;
        }
    }

    private long address(Block block) {
        return block.bytes.address(0, pool.blockBytes());
    }

    /** The first buffer of a packet in several (5.1.6.4): keeps it, and appends the others if they fit. */
    private void beginPacket(int head, Block block) {
        int buffers = PacketHeader.buffers(block.bytes);
        if (buffers == 0 || buffers > queue.size()) {
            malformed.increment();
            queue.lendAgain(head);
            return;
        }
        expected = buffers - 1;
        assembly = block;
        replace(head);
    }

    private void continuePacket(int head, Block block, int length, ReceiveSink sink) {
        expected--;
        if (assembly != null) {
            if (length <= 0 || length > block.capacity()) {
                malformed.increment();
                dropAssembly();
            } else if (length > assembly.capacity() - assembly.end) {
                oversized.increment();
                dropAssembly();
            } else {
                assembly.bytes.copyFrom(assembly.end, block.bytes, 0, length);
                assembly.end += length;
            }
        }
        queue.lendAgain(head);
        if (expected == 0 && assembly != null) {
            deliver(assembly, sink);
            dropAssembly();
        }
    }

    private void dropAssembly() {
        assembly.release();
        assembly = null;
    }

    /** After a reset of the device: everything is lent anew. */
    void restart() {
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] != null) {
                blocks[i].release();
                blocks[i] = null;
            }
        }
        if (assembly != null) {
            dropAssembly();
        }
        expected = 0;
        missing = queue.size();
        queue.reset();
        refill();
    }
}
