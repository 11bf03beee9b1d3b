// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import java.util.Arrays;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;

/**
 * Blocks of extents in memory: what was written and waits for a sync, and what was read or written of late. A fixed number;
 * the next one to go is found by a hand that spares what was used since it last came by.
 */
final class BlockCache {
    static final int BLOCK_BYTES = Directory.BLOCK_SECTORS * BlockDevice.SECTOR_BYTES;
    /** Blocks that are read at once where reading goes forward. */
    static final int READ_AHEAD_BLOCKS = 16;

    private static final int NONE = -1;
    private static final int REQUESTS = 4;
    private static final int MAXIMUM_SEGMENTS = 32;

    private final DiskIo io;
    private final Bytes memory;
    private final int slots;
    /** Segments of a request, and bytes of a segment, that this device takes and that are of use. */
    private final int requestSegments;

    private final int segmentBytes;
    /** By slot: the number of its block on the disk, or {@link #NONE}. */
    private final long[] blocks;

    private final boolean[] isDirty;
    private final boolean[] isUsed;
    private final int[] following;
    private final int[] buckets;
    private final int[] dirty;
    private final int[] sorted;
    private final DiskIo.Pending[] requests = new DiskIo.Pending[REQUESTS];
    private int dirtyCount;
    private int hand;
    private boolean isUnflushed;

    /** @param slots a power of two */
    BlockCache(DiskIo io, MemorySource source, int slots) {
        this.io = io;
        this.slots = slots;
        requestSegments = Math.min(MAXIMUM_SEGMENTS, io.device.maximumSegments());
        segmentBytes = io.device.segmentBytes();
        memory = source.allocate(slots * BLOCK_BYTES);
        blocks = new long[slots];
        isDirty = new boolean[slots];
        isUsed = new boolean[slots];
        following = new int[slots];
        buckets = new int[slots];
        dirty = new int[slots];
        sorted = new int[slots];
        Arrays.fill(blocks, NONE);
        Arrays.fill(buckets, NONE);
        for (int i = 0; i < REQUESTS; i++) {
            DiskIo.Pending request = new DiskIo.Pending();
            for (int segment = 0; segment < requestSegments; segment++) {
                request.segments[segment] = new Bytes();
            }
            requests[i] = request;
        }
    }

    Bytes memory() {
        return memory;
    }

    /** Where a slot's block begins in {@link #memory}. */
    static int at(int slot) {
        return slot * BLOCK_BYTES;
    }

    /** Whether something was written since the last {@link #flush}. */
    boolean isUnflushed() {
        return isUnflushed;
    }

    private int bucket(long block) {
        return (int) block & (slots - 1);
    }

    /** The slot of a block, or {@link #NONE}. */
    private int find(long block) {
        int slot = buckets[bucket(block)];
        while (slot != NONE && blocks[slot] != block) {
            slot = following[slot];
        }
        return slot;
    }

    /** The slot of a block, read if need be; with it, if it is read, blocks before {@code endBlock} that follow it. */
    int load(long block, long endBlock) throws StorageException {
        int slot = find(block);
        if (slot == NONE) {
            slot = read(block, endBlock);
        }
        isUsed[slot] = true;
        return slot;
    }

    private int read(long block, long endBlock) throws StorageException {
        DiskIo.Pending request = requests[0];
        int count = 0;
        int most = Math.min(READ_AHEAD_BLOCKS, requestSegments);
        while (count < most && (count == 0 || block + count < endBlock && find(block + count) == NONE)) {
            int slot = evict();
            // Until the data is there nobody can find it, nor may the hand take it again.
            isUsed[slot] = true;
            sorted[count] = slot;
            insert(slot, block + count);
            request.segments[count].wrap(memory, at(slot), BLOCK_BYTES);
            count++;
        }
        request.operation = BlockRequest.Operation.READ;
        request.sector = block * Directory.BLOCK_SECTORS;
        request.segmentCount = count;
        io.start(request);
        try {
            io.finish(request);
        } catch (StorageException failed) {
            for (int i = 0; i < count; i++) {
                remove(sorted[i]);
            }
            throw failed;
        }
        return sorted[0];
    }

    /** The slot of a block that is about to be written entirely: what it holds now does not matter. */
    int claim(long block) throws StorageException {
        int slot = find(block);
        if (slot == NONE) {
            slot = evict();
            insert(slot, block);
        }
        isUsed[slot] = true;
        return slot;
    }

    private void insert(int slot, long block) {
        int bucket = bucket(block);
        blocks[slot] = block;
        following[slot] = buckets[bucket];
        buckets[bucket] = slot;
    }

    private void remove(int slot) {
        int bucket = bucket(blocks[slot]);
        if (buckets[bucket] == slot) {
            buckets[bucket] = following[slot];
        } else {
            int before = buckets[bucket];
            while (following[before] != slot) {
                before = following[before];
            }
            following[before] = following[slot];
        }
        blocks[slot] = NONE;
        isUsed[slot] = false;
    }

    /** An empty slot. */
    private int evict() throws StorageException {
        if (dirtyCount > slots / 2) {
            write(0, Long.MAX_VALUE);
        }
        // Half of the slots are clean, so the second time around finds one at the latest.
        while (true) {
            int slot = hand;
            hand = (hand + 1) & (slots - 1);
            if (blocks[slot] == NONE) {
                return slot;
            }
            if (!isDirty[slot] && !isUsed[slot]) {
                remove(slot);
                return slot;
            }
            isUsed[slot] = false;
        }
    }

    void markDirty(int slot) {
        if (!isDirty[slot]) {
            isDirty[slot] = true;
            dirty[dirtyCount++] = slot;
        }
    }

    /** Forgets blocks, written or not. */
    void discard(long firstBlock, long endBlock) {
        int kept = 0;
        for (int i = 0; i < dirtyCount; i++) {
            int slot = dirty[i];
            if (blocks[slot] >= firstBlock && blocks[slot] < endBlock) {
                isDirty[slot] = false;
            } else {
                dirty[kept++] = slot;
            }
        }
        dirtyCount = kept;
        for (int slot = 0; slot < slots; slot++) {
            if (blocks[slot] >= firstBlock && blocks[slot] < endBlock) {
                remove(slot);
            }
        }
    }

    /** Writes all dirty blocks of a range, neighbours together, and waits until the device has them. */
    void write(long firstBlock, long endBlock) throws StorageException {
        int count = 0;
        int kept = 0;
        for (int i = 0; i < dirtyCount; i++) {
            int slot = dirty[i];
            if (blocks[slot] >= firstBlock && blocks[slot] < endBlock) {
                sortIn(slot, count++);
            } else {
                dirty[kept++] = slot;
            }
        }
        dirtyCount = kept;
        int next = 0;
        StorageException failure = null;
        while (next < count && failure == null) {
            int started = 0;
            int from = next;
            while (started < REQUESTS && next < count) {
                next = start(requests[started++], next, count);
            }
            failure = finish(started);
            // What could not be written stays dirty: the next sync tries again.
            for (int i = from; i < next && failure == null; i++) {
                isDirty[sorted[i]] = false;
            }
            next = failure == null ? next : from;
        }
        if (failure != null) {
            for (int i = next; i < count; i++) {
                dirty[dirtyCount++] = sorted[i];
            }
            throw failure;
        }
    }

    private void sortIn(int slot, int count) {
        int at = count;
        for (; at > 0 && blocks[sorted[at - 1]] > blocks[slot]; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = slot;
    }

    /** Submits a write of blocks that are neighbours on the disk; returns where the rest begins. */
    private int start(DiskIo.Pending request, int from, int count) {
        long block = blocks[sorted[from]];
        int segments = 0;
        int next = from;
        while (next < count && blocks[sorted[next]] == block + (next - from)) {
            int slot = sorted[next];
            Bytes last = segments == 0 ? null : request.segments[segments - 1];
            if (last != null && slot == sorted[next - 1] + 1 && last.length() < segmentBytes) {
                last.wrap(memory, at(slot) - last.length(), last.length() + BLOCK_BYTES);
            } else if (segments == requestSegments) {
                break;
            } else {
                request.segments[segments++].wrap(memory, at(slot), BLOCK_BYTES);
            }
            next++;
        }
        request.operation = BlockRequest.Operation.WRITE;
        request.sector = block * Directory.BLOCK_SECTORS;
        request.segmentCount = segments;
        isUnflushed = true;
        io.start(request);
        return next;
    }

    /** Waits for all of them, whatever happens to one. */
    private StorageException finish(int started) {
        StorageException failure = null;
        for (int i = 0; i < started; i++) {
            try {
                io.finish(requests[i]);
            } catch (StorageException failed) {
                failure = failed;
            }
        }
        return failure;
    }

    /** Makes durable what was written. */
    void flush() throws StorageException {
        if (isUnflushed) {
            io.flush();
            isUnflushed = false;
        }
    }

    /** Somebody else has flushed the device, after everything that was written. */
    void flushed() {
        isUnflushed = false;
    }
}
