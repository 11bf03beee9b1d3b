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
    /** How far behind the end batches are looked for that prove it to be damage. */
    private static final int SEARCH_SECTORS = 1024;

    private final DiskIo io;
    private final Bytes window;
    private final Crc32c crc;
    private final long base;
    private final long sectors;
    private final int seed;
    private long windowStart;
    private long windowEnd;
    private int windowSize = FIRST_WINDOW_SECTORS;

    private long position;
    private long epoch;
    private long number = -1;
    private long tornEnd;
    private boolean isTorn;

    /** @param firstEpoch no batch of the half is older */
    LogReader(DiskIo io, Bytes window, Crc32c crc, long base, long sectors, int seed, long firstEpoch) {
        this.io = io;
        this.window = window;
        this.crc = crc;
        this.base = base;
        this.sectors = sectors;
        this.seed = seed;
        epoch = firstEpoch - 1;
    }

    /** Sectors of the half in use, after {@link #read}. */
    long position() {
        return position;
    }

    /** Bytes behind the end that were written but never completely, as far as they can be recognised. */
    long tornBytes() {
        return Math.max(0, tornEnd - position) * SECTOR;
    }

    /** Whether a batch begins at {@link #position} that was written in part. */
    boolean isTorn() {
        return isTorn;
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
        lookBehindTheEnd();
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
        long aligned = (position + BLOCK_SECTORS - 1) & -BLOCK_SECTORS;
        if (aligned != position && isNext(aligned) && LogFormat.epoch(window, at(aligned)) > epoch) {
            position = aligned;
            return true;
        }
        return false;
    }

    private boolean isNext(long sector) throws StorageException {
        return load(sector, 1) && follows(at(sector)) && isGood(sector);
    }

    /** The next one of the same life, or the first one of a later life. */
    private boolean follows(int at) {
        long itsEpoch = LogFormat.epoch(window, at);
        long itsNumber = LogFormat.number(window, at);
        return itsEpoch == epoch ? itsNumber == number + 1 && number >= 0 : itsEpoch > epoch && itsNumber == 0;
    }

    private boolean isGood(long sector) throws StorageException {
        int size = LogFormat.sectors(window, at(sector));
        return size != 0 && load(sector, size) && LogFormat.isIntact(window, at(sector), seed, crc);
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
     * The log ends at a batch that is not there or not good. If a later one says that this one was durable, it did not
     * tear but was damaged, and what follows must not be thrown away.
     */
    private void lookBehindTheEnd() throws StorageException {
        tornEnd = position;
        isTorn = load(position, 1) && follows(at(position));
        if (isTorn) {
            tornEnd = position + LogFormat.sectors(window, at(position));
        }
        long end = Math.min(sectors, position + SEARCH_SECTORS);
        for (long sector = position + 1; sector < end; sector++) {
            if (!load(sector, 1)) {
                break;
            }
            int at = at(sector);
            long itsEpoch = LogFormat.epoch(window, at);
            long itsNumber = LogFormat.number(window, at);
            boolean isSameLife = itsEpoch == epoch && number >= 0;
            boolean isLater = isSameLife ? itsNumber > number : itsEpoch > epoch && itsNumber >= 0;
            if (isLater && itsEpoch - epoch < DiskLog.RESERVED_EPOCHS && isGood(sector)) {
                if (LogFormat.durable(window, at(sector)) > (isSameLife ? number + 1 : 0)) {
                    throw damaged(position, "is damaged");
                }
                tornEnd = Math.max(tornEnd, sector + LogFormat.sectors(window, at(sector)));
            }
        }
    }
}
