// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.storage.device.BlockDevice;

/**
 * An extent in one piece of the disk. What is written waits in the cache until a sync, or until the cache needs the room.
 * The length on the disk never covers bytes that the disk may not have: when an extent has grown, its data is made durable
 * first and its length then. So after a crash nothing shows through that the place held before.
 */
final class DiskExtent implements Extent {
    private static final int BLOCK_BYTES = BlockCache.BLOCK_BYTES;

    private final DiskStorage storage;
    private final BlockCache cache;
    private final Area area;
    private boolean isOpen;
    private long firstBlock;
    private long length;
    private long readEnd;

    DiskExtent(DiskStorage storage, BlockCache cache, Area area) {
        this.storage = storage;
        this.cache = cache;
        this.area = area;
    }

    /** Takes what the area says now; without effect on an extent that is open. */
    DiskExtent open() {
        if (!isOpen) {
            isOpen = true;
            firstBlock = area.firstSector / Directory.BLOCK_SECTORS;
            length = area.lengthOrNextEpoch;
            readEnd = -1;
        }
        return this;
    }

    /** The extent was deleted. */
    void close() {
        isOpen = false;
        cache.discard(firstBlock, firstBlock + area.sectors / Directory.BLOCK_SECTORS);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long capacity() {
        return area.sectors * BlockDevice.SECTOR_BYTES;
    }

    @Override
    public void read(long position, Bytes target, int at, int bytes) throws StorageException {
        checkOpen();
        target.check(at, bytes);
        if (position < 0 || position > length - bytes) {
            throw new IndexOutOfBoundsException("a read outside the extent");
        }
        long endBlock = firstBlock + (length + BLOCK_BYTES - 1) / BLOCK_BYTES;
        boolean isForward = position == readEnd;
        int done = 0;
        while (done < bytes) {
            long block = firstBlock + (position + done) / BLOCK_BYTES;
            int within = (int) ((position + done) % BLOCK_BYTES);
            int size = Math.min(bytes - done, BLOCK_BYTES - within);
            int slot = cache.load(block, isForward ? endBlock : block + (bytes - done + BLOCK_BYTES - 1) / BLOCK_BYTES);
            target.copyFrom(at + done, cache.memory(), BlockCache.at(slot) + within, size);
            done += size;
        }
        readEnd = position + bytes;
    }

    @Override
    public void write(long position, Bytes source, int at, int bytes) throws StorageException {
        checkWritable();
        source.check(at, bytes);
        checkRoom(position, bytes);
        if (position > length) {
            fillZeros(position);
        }
        int done = 0;
        while (done < bytes) {
            int within = (int) ((position + done) % BLOCK_BYTES);
            int size = Math.min(bytes - done, BLOCK_BYTES - within);
            int slot = slotForWriting(position + done - within, within == 0 && size == BLOCK_BYTES);
            cache.memory().copyFrom(BlockCache.at(slot) + within, source, at + done, size);
            cache.markDirty(slot);
            done += size;
            length = Math.max(length, position + done);
        }
    }

    private void checkRoom(long position, long bytes) throws StorageException {
        if (position < 0) {
            throw new IndexOutOfBoundsException("a negative position");
        }
        if (position > capacity() - bytes) {
            throw new StorageException(
                    StorageException.Cause.FULL, -1, "the extent cannot grow beyond the size it was made with");
        }
    }

    /** The slot of the block that begins at {@code start}; bytes behind the length are zeros or about to be written. */
    private int slotForWriting(long start, boolean isWhole) throws StorageException {
        long block = firstBlock + start / BLOCK_BYTES;
        if (isWhole) {
            return cache.claim(block);
        }
        if (start >= length) {
            int slot = cache.claim(block);
            cache.memory().fill(BlockCache.at(slot), BLOCK_BYTES, 0);
            return slot;
        }
        return cache.load(block, block + 1);
    }

    /** Extends with zeros. */
    private void fillZeros(long newLength) throws StorageException {
        while (length < newLength) {
            int within = (int) (length % BLOCK_BYTES);
            int size = (int) Math.min(newLength - length, BLOCK_BYTES - within);
            int slot = slotForWriting(length - within, false);
            cache.memory().fill(BlockCache.at(slot) + within, size, 0);
            cache.markDirty(slot);
            length += size;
        }
    }

    @Override
    public void setLength(long newLength) throws StorageException {
        checkWritable();
        checkRoom(newLength, 0);
        if (newLength > length) {
            fillZeros(newLength);
        } else {
            length = newLength;
            cache.discard(
                    firstBlock + (newLength + BLOCK_BYTES - 1) / BLOCK_BYTES,
                    firstBlock + area.sectors / Directory.BLOCK_SECTORS);
        }
    }

    @Override
    public void sync() throws StorageException {
        checkOpen();
        cache.write(firstBlock, firstBlock + area.sectors / Directory.BLOCK_SECTORS);
        if (!area.isOnDisk || length > area.lengthOrNextEpoch) {
            cache.flush();
        }
        if (!area.isOnDisk || length != area.lengthOrNextEpoch) {
            long before = area.lengthOrNextEpoch;
            area.lengthOrNextEpoch = length;
            try {
                storage.update(area);
            } catch (StorageException failed) {
                area.lengthOrNextEpoch = before;
                throw failed;
            }
            cache.flushed();
        } else {
            cache.flush();
        }
    }

    private void checkOpen() {
        if (!isOpen) {
            throw new IllegalStateException("the extent was deleted");
        }
    }

    private void checkWritable() throws StorageException {
        checkOpen();
        storage.checkWritable();
    }
}
