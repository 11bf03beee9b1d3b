// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.storage.device.BlockDevice;

/** Reads a half of a log from its beginning to where it ends, and tells a torn end from damage. */
final class LogReader {
    private static final int SECTOR = BlockDevice.SECTOR_BYTES;
    private static final int BLOCK_SECTORS = Directory.BLOCK_SECTORS;
    /** An empty log costs one small read; a long one is read in large pieces. */
    private static final int FIRST_WINDOW_SECTORS = 128;

    private static final int WINDOW_SECTORS = LogStream.BUFFER_BYTES / SECTOR;
    /** How far behind a bad batch a good one is looked for: the bad one and another may be as long as they can. */
    private static final int SEARCH_SECTORS = 2 * LogFormat.MAXIMUM_BATCH_BYTES / SECTOR;

    private final DiskIo io;
    private final Bytes window;
    private final Crc32c crc;
    private final Area area;
    private final long base;
    private final long sectors;
    private long windowStart;
    private long windowEnd;
    private int windowSize = FIRST_WINDOW_SECTORS;

    private long position;
    private long epoch;
    private long number = -1;
    private long tornEnd;

    LogReader(DiskIo io, Bytes window, Crc32c crc, Area area) {
        this.io = io;
        this.window = window;
        this.crc = crc;
        this.area = area;
        base = area.halfBase(area.half);
        sectors = area.halfSectors();
        epoch = area.firstEpoch - 1;
    }

    /** Sectors of the half in use, after {@link #read}. */
    long position() {
        return position;
    }

    /** Bytes behind the end that were written but never completely, as far as they can be recognised. */
    long tornBytes() {
        return Math.max(0, tornEnd - position) * SECTOR;
    }

    /** Whether the log would go on at a sector if the batch there had been written completely. */
    boolean isTornAt(long sector) throws StorageException {
        return load(sector, 1) && follows(sector);
    }

    /** Presents all records; at the end, {@link #position} is behind the last good batch. */
    void read(RecordLog.Visitor visitor) throws StorageException {
        while (advance()) {
            int at = at(position);
            int end = LogFormat.end(window, at);
            int next = at + LogFormat.HEADER_BYTES;
            while (next < end) {
                int length = window.i32Little(next);
                int data = next + LogFormat.RECORD_HEADER_BYTES;
                if (length < 0 || length > end - data) {
                    throw damaged(position, "contains a record that leaves its batch");
                }
                visitor.record(window, data, length);
                next = data + length;
            }
            epoch = LogFormat.epoch(window, at);
            number = LogFormat.number(window, at);
            position += LogFormat.sectors(window, at);
        }
        tornEnd = position;
        if (isTornAt(position)) {
            tornEnd = position + LogFormat.sectors(window, at(position));
        }
        if (position < area.durableSectors || isDurableBehindTheEnd()) {
            throw damaged(position, "is damaged");
        }
    }

    private StorageException damaged(long where, String how) {
        long sector = base + where;
        return new StorageException(StorageException.Cause.DAMAGED, sector, "the log " + how + " at sector " + sector);
    }

    private int at(long sector) {
        return (int) (sector - windowStart) * SECTOR;
    }

    /** Moves to the next batch, if there is a good one. */
    private boolean advance() throws StorageException {
        if (isNext(position)) {
            return true;
        }
        // A device with larger blocks than the one before makes the log go on at the next such block.
        for (int unit = 2; unit <= BLOCK_SECTORS; unit *= 2) {
            long aligned = (position + unit - 1) & -unit;
            if (aligned != position && isNext(aligned)) {
                position = aligned;
                return true;
            }
        }
        return false;
    }

    private boolean isNext(long sector) throws StorageException {
        return load(sector, 1) && follows(sector) && isGood(sector);
    }

    /** The next one of the same life, or the first one of a later life. */
    private boolean follows(long sector) {
        int at = at(sector);
        if (LogFormat.gap(window, at) != sector - position) {
            return false;
        }
        long itsEpoch = LogFormat.epoch(window, at);
        long itsNumber = LogFormat.number(window, at);
        return itsEpoch == epoch ? itsNumber == number + 1 && number >= 0 : itsEpoch > epoch && itsNumber == 0;
    }

    private boolean isGood(long sector) throws StorageException {
        int size = LogFormat.sectors(window, at(sector));
        return size != 0 && load(sector, size) && LogFormat.isIntact(window, at(sector), area.seed, crc);
    }

    /** Gets sectors into the window; false if the half ends before. */
    private boolean load(long first, int count) throws StorageException {
        if (first + count > sectors) {
            return false;
        }
        if (first < windowStart || first + count > windowEnd) {
            windowStart = first & -BLOCK_SECTORS;
            if (first - windowStart + count > windowSize) {
                windowSize = WINDOW_SECTORS;
            }
            windowEnd = Math.min(sectors, windowStart + windowSize);
            windowSize = WINDOW_SECTORS;
            io.read(base + windowStart, window, 0, (int) (windowEnd - windowStart) * SECTOR);
        }
        return true;
    }

    /**
     * Whether a batch behind the end says that the one that is missing there was durable: then it was damaged, and nothing
     * may be thrown away. Without that it may have torn, whatever lies behind it: many batches may wait for one flush, and
     * of them a disk keeps what it likes. The search goes on behind every good batch.
     */
    private boolean isDurableBehindTheEnd() throws StorageException {
        long end = position + SEARCH_SECTORS;
        long sector = position + 1;
        while (sector < end && load(sector, 1)) {
            int size = 1;
            if (isLater(at(sector)) && isGood(sector)) {
                int at = at(sector);
                long missing = LogFormat.epoch(window, at) == epoch ? number + 1 : 0;
                if (LogFormat.durable(window, at) > missing) {
                    return true;
                }
                size = LogFormat.sectors(window, at);
                tornEnd = Math.max(tornEnd, sector + size);
                end = sector + size + SEARCH_SECTORS;
            }
            sector += size;
        }
        return false;
    }

    /** Of the same life but behind the end, or of a later life that there was. */
    private boolean isLater(int at) {
        long itsEpoch = LogFormat.epoch(window, at);
        return itsEpoch == epoch
                ? number >= 0 && LogFormat.number(window, at) > number
                : itsEpoch > epoch && itsEpoch < area.lengthOrNextEpoch;
    }
}
