// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.storage.device.BlockDevice;

/** Makes an empty disk, and says in words what is on one: for tools. */
public final class DiskFormat {
    /** Smallest disk that can be formatted. */
    public static final long MINIMUM_BYTES = 1 << 20;

    private DiskFormat() {}

    /**
     * Writes superblocks and an empty directory. What was on the disk is lost.
     *
     * @throws StorageException if the disk fails, is too small or read-only
     */
    public static void format(BlockDevice device, Waiter waiter, MemorySource memory, RandomSource random)
            throws StorageException {
        if (device.isReadOnly()) {
            throw new StorageException(StorageException.Cause.READ_ONLY, -1, "the disk is read-only");
        }
        if (device.sectors() * BlockDevice.SECTOR_BYTES < MINIMUM_BYTES) {
            throw new StorageException(StorageException.Cause.FULL, -1, "a disk has at least 1 MiB");
        }
        DiskIo io = new DiskIo(device, waiter);
        Crc32c crc = new Crc32c(memory.allocate(Crc32c.TABLE_BYTES));
        Bytes mirror = memory.allocate(Directory.BYTES);
        Superblock superblock = new Superblock(device.sectors(), random.nextLong());
        new Directory(superblock, mirror, crc).emitAll();
        int tables = 2 * Superblock.COPY_STRIDE * BlockDevice.SECTOR_BYTES;
        // The tables first: a disk whose superblock is there is a whole one.
        io.write(0, mirror, 0, Directory.BYTES);
        io.flush();
        for (int copy = 0; copy < Superblock.COPIES; copy++) {
            superblock.emit(mirror, copy * Superblock.COPY_STRIDE * BlockDevice.SECTOR_BYTES, crc);
        }
        io.write(0, mirror, 0, tables);
        io.flush();
    }

    /** One line a fact about a disk; reads all logs, and changes nothing. */
    public static String describe(BlockDevice device, Waiter waiter, MemorySource memory) {
        StringBuilder text = new StringBuilder();
        try {
            DiskStorage storage = new DiskStorage(device, waiter, memory, () -> 0);
            text.append("Keel disk, layout version ").append(Superblock.VERSION);
            text.append(", ")
                    .append(device.sectors() * BlockDevice.SECTOR_BYTES)
                    .append(" bytes, ");
            text.append(storage.freeBytes()).append(" bytes free\n");
            for (Area area : storage.areas()) {
                if (area.kind == Area.Kind.LOG) {
                    describeLog(storage, area, memory, text);
                } else if (area.kind == Area.Kind.EXTENT) {
                    text.append("extent ").append(area.name).append(": ");
                    text.append(area.lengthOrNextEpoch).append(" of ");
                    text.append(area.sectors * BlockDevice.SECTOR_BYTES).append(" bytes, at sector ");
                    text.append(area.firstSector).append('\n');
                }
            }
        } catch (StorageException unusable) {
            text.append(unusable.kind())
                    .append(": ")
                    .append(unusable.getMessage())
                    .append('\n');
        }
        return text.toString();
    }

    private static void describeLog(DiskStorage storage, Area area, MemorySource memory, StringBuilder text) {
        text.append("log ").append(area.name).append(": ");
        LogReader reader = new LogReader(storage.io(), memory.allocate(LogStream.BUFFER_BYTES), storage.crc(), area);
        long[] records = new long[1];
        try {
            reader.read((data, offset, length) -> records[0]++);
            text.append(records[0]).append(" records in ");
            text.append(reader.position() * BlockDevice.SECTOR_BYTES).append(" of ");
            text.append(area.halfSectors() * BlockDevice.SECTOR_BYTES).append(" bytes, at sector ");
            text.append(area.halfBase(area.half));
            if (reader.tornBytes() > 0) {
                text.append(", ").append(reader.tornBytes()).append(" bytes of torn tail");
            }
        } catch (StorageException damaged) {
            text.append(damaged.kind()).append(": ").append(damaged.getMessage());
            text.append(" (").append(records[0]).append(" good records before)");
        }
        text.append('\n');
    }
}
