// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;

/**
 * The writing end of one half of a log: records are collected in one buffer while the other is on its way to the disk.
 * Batches are counted from the beginning of the epoch: so many were sealed, written, and are durable.
 */
final class LogStream {
    /** What a reader needs besides the longest batch, because it reads whole blocks. */
    static final int BUFFER_BYTES = LogFormat.MAXIMUM_BATCH_BYTES + Directory.BLOCK_SECTORS * BlockDevice.SECTOR_BYTES;
    /**
     * So much is written without being asked, and takes no further record: sealing a batch costs some five instructions a
     * byte, and nothing else is done meanwhile.
     */
    private static final int WRITE_THRESHOLD_BYTES = 32 << 10;

    private static final class Batch extends BlockRequest {
        final Bytes memory;
        final Bytes segment = new Bytes();
        boolean isPending;

        Batch(Bytes memory) {
            this.memory = memory;
            operation = Operation.WRITE;
            segmentCount = 1;
            segments[0] = segment;
        }

        @Override
        public void completed() {
            isPending = false;
        }
    }

    private final BlockDevice device;
    private final Crc32c crc;
    private final int unitSectors;
    private Batch filling;
    private Batch writing;
    /** End of the records in the buffer that is being filled. */
    private int end = LogFormat.HEADER_BYTES;

    private long base;
    private long sectors;
    private long position;
    /** Between the end of what was there before and the first batch, which begins with a block of the device. */
    private int gap;

    private int seed;
    private long epoch;
    private long sealed;
    private long written;
    private long durable;
    /** What the flush that is on its way covers. */
    private long flushing;

    private long writtenPosition;
    private long flushingPosition;
    private long durablePosition;

    LogStream(BlockDevice device, MemorySource memory, Crc32c crc) {
        this.device = device;
        this.crc = crc;
        unitSectors = device.blockBytes() / BlockDevice.SECTOR_BYTES;
        filling = new Batch(memory.allocate(BUFFER_BYTES));
        writing = new Batch(memory.allocate(BUFFER_BYTES));
    }

    /** Starts at {@code startPosition} of a half; nothing may be on its way. */
    void begin(long halfBase, long halfSectors, long startPosition, long newEpoch, int logSeed) {
        base = halfBase;
        sectors = halfSectors;
        position = alignUp(startPosition);
        gap = (int) (position - startPosition);
        epoch = newEpoch;
        seed = logSeed;
        sealed = 0;
        written = 0;
        durable = 0;
        writtenPosition = position;
        durablePosition = position;
        // A flush that is on its way was started before there was anything of this.
        beginFlush();
        end = LogFormat.HEADER_BYTES;
    }

    /** The first sector from this one on where a batch may begin. */
    long alignUp(long sector) {
        return (sector + unitSectors - 1) & -unitSectors;
    }

    private int sectorsFor(int bytes) {
        return (int) alignUp((bytes + BlockDevice.SECTOR_BYTES - 1) / BlockDevice.SECTOR_BYTES);
    }

    /** A buffer for reading, free while nothing was appended. */
    Bytes readBuffer() {
        return filling.memory;
    }

    boolean isBusy() {
        return writing.isPending;
    }

    long epoch() {
        return epoch;
    }

    /** Bytes of the half that are used, those included that are still to be written. */
    long usedBytes() {
        long pending = end == LogFormat.HEADER_BYTES ? 0 : sectorsFor(end);
        return (position + pending) * BlockDevice.SECTOR_BYTES;
    }

    boolean fits(int length) {
        int size = LogFormat.RECORD_HEADER_BYTES + length;
        if (takes(length)) {
            return position + sectorsFor(end + size) <= sectors;
        }
        return position + sectorsFor(end) + sectorsFor(LogFormat.HEADER_BYTES + size) <= sectors;
    }

    /** Whether {@link #append} would find room in a buffer, now or after handing one to the device. */
    boolean hasRoom(int length) {
        return takes(length) || submit();
    }

    /** Whether the batch that is being filled takes the record, if the half does. */
    private boolean takes(int length) {
        return !isFull() && end + LogFormat.RECORD_HEADER_BYTES + length <= LogFormat.MAXIMUM_BATCH_BYTES;
    }

    /** Copies a record that fits and for which there is room. */
    void append(Bytes data, int offset, int length) {
        Bytes buffer = filling.memory;
        buffer.put32Little(end, length);
        buffer.copyFrom(end + LogFormat.RECORD_HEADER_BYTES, data, offset, length);
        end += LogFormat.RECORD_HEADER_BYTES + length;
    }

    /** How many batches must be durable so that everything appended is. */
    long target() {
        return end == LogFormat.HEADER_BYTES ? sealed : sealed + 1;
    }

    long written() {
        return written;
    }

    long durable() {
        return durable;
    }

    /** Sectors of the half that the durable batches take, with all that is before them. */
    long durablePosition() {
        return durablePosition;
    }

    /** Notes what a flush that is started now makes durable. */
    void beginFlush() {
        flushing = written;
        flushingPosition = writtenPosition;
    }

    void endFlush() {
        durable = flushing;
        durablePosition = flushingPosition;
    }

    boolean isFull() {
        return end >= WRITE_THRESHOLD_BYTES;
    }

    /** Hands what was appended to the device; false if there is nothing, or the previous batch is still on its way. */
    boolean submit() {
        if (end == LogFormat.HEADER_BYTES || writing.isPending || written < sealed) {
            return false;
        }
        Batch batch = filling;
        int batchSectors = sectorsFor(end);
        LogFormat.seal(batch.memory, end, epoch, sealed, durable, batchSectors, gap, seed, crc);
        batch.segment.wrap(batch.memory, 0, batchSectors * BlockDevice.SECTOR_BYTES);
        batch.sector = base + position;
        batch.isPending = true;
        if (!device.submit(batch)) {
            batch.isPending = false;
            return false;
        }
        filling = writing;
        writing = batch;
        position += batchSectors;
        gap = 0;
        sealed++;
        end = LogFormat.HEADER_BYTES;
        return true;
    }

    /** Notes that a write has ended; returns its failure, or null. */
    StorageException collect() {
        if (written < sealed && !writing.isPending) {
            written = sealed;
            writtenPosition = position;
            if (writing.status != BlockRequest.Status.OK) {
                return DiskIo.failure(writing);
            }
        }
        return null;
    }
}
