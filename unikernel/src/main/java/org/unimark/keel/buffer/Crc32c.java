// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.buffer;

import org.unimark.keel.machine.Memory;

/**
 * CRC-32C (Castagnoli, RFC 3720, 12.1), eight bytes at a time with a table for each: less than five instructions a byte, on
 * any processor.
 */
public final class Crc32c {
    /** Memory that the tables take. */
    public static final int TABLE_BYTES = 8 * 256 * 4;

    private static final int POLYNOMIAL = 0x82f6_3b78;
    private static final int TABLE = 256 * 4;
    /** A byte of a word, shifted so that it counts entries of a table. */
    private static final long INDEX = 0xff << 2;

    private final long tables;

    /** {@code memory} holds {@link #TABLE_BYTES} and belongs to this object from now on. */
    public Crc32c(Bytes memory) {
        tables = memory.address(0, TABLE_BYTES);
        for (int value = 0; value < 256; value++) {
            int remainder = value;
            for (int bit = 0; bit < 8; bit++) {
                remainder = remainder >>> 1 ^ ((remainder & 1) == 0 ? 0 : POLYNOMIAL);
            }
            Memory.putInt(tables + 4L * value, remainder);
        }
        for (int at = TABLE; at < TABLE_BYTES; at += 4) {
            int remainder = Memory.getInt(tables + at - TABLE);
            Memory.putInt(tables + at, remainder >>> 8 ^ Memory.getInt(tables + 4L * (remainder & 0xff)));
        }
    }

    /** The checksum of {@code size} bytes behind those whose checksum is {@code before}; that of nothing is 0. */
    public int update(int before, Bytes data, int at, int size) {
        long from = data.address(at, size);
        long end = from + size;
        long table = tables;
        int remainder = ~before;
        for (; from + 8 <= end; from += 8) {
            long word = Memory.getLong(from) ^ remainder & 0xffff_ffffL;
            remainder = Memory.getInt(table + 7 * TABLE + (word << 2 & INDEX))
                    ^ Memory.getInt(table + 6 * TABLE + (word >>> 6 & INDEX))
                    ^ Memory.getInt(table + 5 * TABLE + (word >>> 14 & INDEX))
                    ^ Memory.getInt(table + 4 * TABLE + (word >>> 22 & INDEX))
                    ^ Memory.getInt(table + 3 * TABLE + (word >>> 30 & INDEX))
                    ^ Memory.getInt(table + 2 * TABLE + (word >>> 38 & INDEX))
                    ^ Memory.getInt(table + TABLE + (word >>> 46 & INDEX))
                    ^ Memory.getInt(table + (word >>> 54 & INDEX));
        }
        for (; from < end; from++) {
            remainder =
                    remainder >>> 8 ^ Memory.getInt(table + ((remainder ^ Memory.getByte(from)) << 2 & (int) INDEX));
        }
        return ~remainder;
    }
}
