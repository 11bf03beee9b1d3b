// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.storage.device.BlockDevice;

/**
 * A batch of records: what one write appends to a log. It begins at a sector that no other batch shares, so that nothing
 * durable is ever written over; little-endian:
 *
 * <pre>
 *  0 CRC-32C u32, from the log's seed on, of bytes 4 to the end of the records
 *  4 bytes of records u32
 *  8 epoch u64                of the life of the log that wrote it
 * 16 number u64               within the epoch, from 0 on
 * 24 durable u64              how many batches of the epoch were known to be durable when this one was written
 * 32 sectors u32              from this batch to the next
 * 36 gap u32               sectors between the end of the batch before and this one
 * 40 records, each { length u32, bytes }
 * </pre>
 *
 * <p>An epoch is used once: it is reserved in the directory before it is used. So bytes of an earlier life, however intact,
 * never continue a log.
 */
final class LogFormat {
    static final int HEADER_BYTES = 40;
    static final int RECORD_HEADER_BYTES = 4;
    /** Longest batch: the longest record fits, with something to spare for others. */
    static final int MAXIMUM_BATCH_BYTES = RecordLog.MAXIMUM_RECORD_BYTES + (64 << 10);

    private static final int LENGTH = 4;
    private static final int EPOCH = 8;
    private static final int NUMBER = 16;
    private static final int DURABLE = 24;
    private static final int SECTORS = 32;
    private static final int GAP = 36;

    private LogFormat() {}

    /** Writes the header of a batch whose records end at {@code end}. */
    static void seal(
            Bytes batch, int end, long epoch, long number, long durable, int sectors, int gap, int seed, Crc32c crc) {
        batch.put32Little(LENGTH, end - HEADER_BYTES);
        batch.putPairLittle(EPOCH, epoch, number);
        batch.putPairLittle(DURABLE, durable, sectors | (long) gap << 32);
        batch.put32Little(0, crc.update(seed, batch, LENGTH, end - LENGTH));
    }

    static long epoch(Bytes window, int at) {
        return window.i64Little(at + EPOCH);
    }

    static long number(Bytes window, int at) {
        return window.i64Little(at + NUMBER);
    }

    static long durable(Bytes window, int at) {
        return window.i64Little(at + DURABLE);
    }

    static int gap(Bytes window, int at) {
        return window.i32Little(at + GAP);
    }

    /** Sectors of a batch, or 0 if no batch has such a header. */
    static int sectors(Bytes window, int at) {
        int length = window.i32Little(at + LENGTH);
        int sectors = window.i32Little(at + SECTORS);
        boolean isPlausible = length > 0
                && length <= MAXIMUM_BATCH_BYTES - HEADER_BYTES
                && sectors > 0
                && sectors <= MAXIMUM_BATCH_BYTES / BlockDevice.SECTOR_BYTES
                && HEADER_BYTES + length <= sectors * BlockDevice.SECTOR_BYTES;
        return isPlausible ? sectors : 0;
    }

    /** Where the records of a batch end whose {@link #sectors} are plausible. */
    static int end(Bytes window, int at) {
        return at + HEADER_BYTES + window.i32Little(at + LENGTH);
    }

    /** Whether the checksum is right; the whole batch must lie in the window. */
    static boolean isIntact(Bytes window, int at, int seed, Crc32c crc) {
        return window.i32Little(at) == crc.update(seed, window, at + LENGTH, end(window, at) - at - LENGTH);
    }
}
