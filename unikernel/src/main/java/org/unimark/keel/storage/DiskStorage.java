// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.device.BlockDevice;

/** Logs and extents on a formatted disk. The event loop polls it; everything that waits for a log is told from there. */
@Rare
public final class DiskStorage implements Storage, Poller {
    /** Blocks of extents that are kept in memory, of 4096 bytes. */
    private static final int CACHE_BLOCKS = 256;

    private final DiskIo io;
    private final MemorySource memory;
    private final RandomSource random;
    private final Crc32c crc;
    private final Directory directory;
    private final Bytes staged = new Bytes();
    private final DiskLog[] logs = new DiskLog[Directory.ENTRIES];
    private final DiskExtent[] extents = new DiskExtent[Directory.ENTRIES];
    private BlockCache cache;
    private boolean needsAttention;

    /**
     * Opens a disk, without changing it.
     *
     * @param random names new logs, so that no other bytes pass for theirs
     * @throws StorageException if it is not formatted, damaged, of another version or fails
     */
    public DiskStorage(BlockDevice device, Waiter waiter, MemorySource memory, RandomSource random)
            throws StorageException {
        this.memory = memory;
        this.random = random;
        io = new DiskIo(device, waiter);
        crc = new Crc32c(memory.allocate(Crc32c.TABLE_BYTES));
        Bytes mirror = memory.allocate(Directory.BYTES);
        if (device.sectors() * BlockDevice.SECTOR_BYTES < Directory.BYTES) {
            throw new StorageException(StorageException.Cause.FOREIGN, 0, "the disk is too small to be formatted");
        }
        io.read(0, mirror, 0, Directory.BYTES);
        directory = new Directory(Superblock.parse(mirror, device.sectors(), crc), mirror, crc);
        directory.parse();
    }

    DiskIo io() {
        return io;
    }

    Crc32c crc() {
        return crc;
    }

    Area[] areas() {
        return directory.areas;
    }

    /** The next poll has something to do. */
    void attend() {
        needsAttention = true;
    }

    void checkWritable() throws StorageException {
        if (io.device.isReadOnly()) {
            throw new StorageException(StorageException.Cause.READ_ONLY, -1, "the disk is read-only");
        }
    }

    /** Puts the state of an area into the directory's mirror, to be written by the caller. */
    long stage(Area area, Bytes target) {
        awaitEntries();
        return directory.stage(area, target, io.device.blockBytes());
    }

    /** The mirror must not change while the device reads it. */
    private void awaitEntries() {
        for (DiskLog log : logs) {
            while (log != null && log.isEntryPending()) {
                io.await();
            }
        }
    }

    /** Makes the state of an area durable, and everything that was written before. */
    void update(Area area) throws StorageException {
        long sector = stage(area, staged);
        io.write(sector, staged, 0, staged.length());
        io.flush();
        area.isOnDisk = area.kind != Area.Kind.FREE;
    }

    @Override
    public RecordLog log(String name, long capacityBytes) throws StorageException {
        if (io.maximumBytes() < LogStream.BUFFER_BYTES) {
            throw new StorageException(
                    StorageException.Cause.IO_ERROR,
                    -1,
                    "the disk takes " + io.maximumBytes() + " bytes at once, and a log needs "
                            + LogStream.BUFFER_BYTES);
        }
        Area area = directory.find(name);
        if (area == null) {
            checkWritable();
            area = directory.allocate(Area.Kind.LOG, name, 2 * wholeBlocks(capacityBytes));
            area.seed = (int) random.nextLong();
            area.firstEpoch = 1;
            area.lengthOrNextEpoch = 1;
            try {
                update(area);
            } catch (StorageException failed) {
                area.kind = Area.Kind.FREE;
                throw failed;
            }
        }
        require(area, Area.Kind.LOG);
        if (logs[area.index] == null) {
            logs[area.index] = new DiskLog(this, area, memory);
        }
        return logs[area.index];
    }

    private static long wholeBlocks(long bytes) {
        return (bytes + BlockCache.BLOCK_BYTES - 1) & -BlockCache.BLOCK_BYTES;
    }

    private static void require(Area area, Area.Kind kind) {
        if (area.kind != kind) {
            throw new IllegalArgumentException("the disk has something else of that name");
        }
    }

    @Override
    public Extent find(String name) throws StorageException {
        Area area = directory.find(name);
        return area == null ? null : extent(area);
    }

    @Override
    public Extent open(String name, long capacityBytes) throws StorageException {
        Area area = directory.find(name);
        if (area == null) {
            checkWritable();
            // The disk hears of it at the first sync.
            area = directory.allocate(Area.Kind.EXTENT, name, capacityBytes);
        }
        return extent(area);
    }

    private DiskExtent extent(Area area) {
        require(area, Area.Kind.EXTENT);
        if (cache == null) {
            cache = new BlockCache(io, memory, CACHE_BLOCKS);
        }
        if (extents[area.index] == null) {
            extents[area.index] = new DiskExtent(this, cache, area);
        }
        return extents[area.index].open();
    }

    @Override
    public boolean delete(String name) throws StorageException {
        Area area = directory.find(name);
        if (area == null) {
            return false;
        }
        require(area, Area.Kind.EXTENT);
        checkWritable();
        if (area.isOnDisk) {
            area.kind = Area.Kind.FREE;
            try {
                update(area);
            } catch (StorageException failed) {
                area.kind = Area.Kind.EXTENT;
                throw failed;
            }
        }
        area.kind = Area.Kind.FREE;
        if (extents[area.index] != null) {
            extents[area.index].close();
        }
        return true;
    }

    @Override
    public long freeBytes() {
        return directory.freeBytes();
    }

    @Override
    public int poll(long nowNanos) {
        int work = io.device.poll();
        if (work != 0 || needsAttention) {
            needsAttention = false;
            for (DiskLog log : logs) {
                if (log != null) {
                    work += log.advance();
                }
            }
            io.device.flush();
        }
        return work;
    }

    @Override
    public boolean prepareToSleep() {
        return !needsAttention && io.device.enableInterrupts();
    }
}
