// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.block;

import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;

/**
 * What a disk says about itself (virtio 1.2, 5.2.4), little-endian:
 *
 * <pre>
 * 0 capacity u64 | 8 size_max u32 | 12 seg_max u32 | 16 geometry | 20 blk_size u32 | 24 topology | 32 writeback u8
 * 36 max_discard_sectors u32 | 40 max_discard_seg u32 | 44 discard_sector_alignment u32
 * 48 max_write_zeroes_sectors u32 | 52 max_write_zeroes_seg u32 | 56 write_zeroes_may_unmap u8
 * </pre>
 */
final class Geometry {
    static final long SEGMENT_SIZE_LIMIT = 1L << 1;
    static final long SEGMENT_COUNT_LIMIT = 1L << 2;
    static final long READ_ONLY = 1L << 5;
    static final long BLOCK_SIZE = 1L << 6;
    static final long FLUSH = 1L << 9;
    static final long DISCARD = 1L << 13;
    static final long WRITE_ZEROES = 1L << 14;

    private static final int CAPACITY = 0;
    private static final int SIZE_MAX = 8;
    private static final int SEG_MAX = 12;
    private static final int BLK_SIZE = 20;
    private static final int MAX_DISCARD_SECTORS = 36;
    private static final int MAX_WRITE_ZEROES_SECTORS = 48;
    private static final int LARGEST_BLOCK = 4096;
    private static final int LONGEST_SEGMENT = 1 << 30;
    private static final int READ_ATTEMPTS = 100;

    final long sectors;
    final int blockBytes;
    /** Longest segment in bytes, a multiple of the largest block. */
    final int segmentBytes;
    /** Most segments of a request. */
    final int segments;

    final long discardSectors;
    final long zeroSectors;

    /** Reads it from a device that has agreed on features. */
    Geometry(VirtioDevice device) {
        Transport transport = device.transport();
        sectors = capacity(device);
        if (sectors < 1 || sectors > Long.MAX_VALUE / BlockDevice.SECTOR_BYTES) {
            throw device.failed("has a capacity of " + sectors + " sectors");
        }
        blockBytes = device.has(BLOCK_SIZE) ? transport.configuration32(BLK_SIZE) : BlockDevice.SECTOR_BYTES;
        if (blockBytes < BlockDevice.SECTOR_BYTES || blockBytes > LARGEST_BLOCK || Integer.bitCount(blockBytes) != 1) {
            throw device.failed("has blocks of " + blockBytes + " bytes; 512 to 4096 are supported");
        }
        int sizeLimit = device.has(SEGMENT_SIZE_LIMIT) ? transport.configuration32(SIZE_MAX) : LONGEST_SEGMENT;
        segmentBytes = sizeLimit <= 0 ? LONGEST_SEGMENT : Math.min(sizeLimit, LONGEST_SEGMENT) & -LARGEST_BLOCK;
        if (segmentBytes == 0) {
            throw device.failed("has segments of at most " + sizeLimit + " bytes; 4096 is the least");
        }
        int countLimit = device.has(SEGMENT_COUNT_LIMIT) ? transport.configuration32(SEG_MAX) : 1;
        segments = Math.max(1, Math.min(countLimit <= 0 ? 1 : countLimit, BlockRequest.MAXIMUM_SEGMENTS));
        discardSectors = device.has(DISCARD) ? transport.configuration32(MAX_DISCARD_SECTORS) & 0xffff_ffffL : 0;
        zeroSectors = device.has(WRITE_ZEROES) ? transport.configuration32(MAX_WRITE_ZEROES_SECTORS) & 0xffff_ffffL : 0;
    }

    /** Two accesses, repeated if the configuration changed between them (2.5.2). */
    private static long capacity(VirtioDevice device) {
        Transport transport = device.transport();
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            int generation = transport.configurationGeneration();
            long low = transport.configuration32(CAPACITY) & 0xffff_ffffL;
            long high = transport.configuration32(CAPACITY + 4);
            if (transport.configurationGeneration() == generation) {
                return high << 32 | low;
            }
        }
        throw device.failed("changes its capacity all the time");
    }
}
