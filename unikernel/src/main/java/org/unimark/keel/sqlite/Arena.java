// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import org.unimark.keel.application.Platform;
import org.unimark.keel.machine.Memory;

/**
 * Bounded memory for SQLite. Freed blocks of up to 1 KiB go to a list of their size and are taken from there again as
 * they are; larger ones, and all when memory runs out, are joined with their free neighbours and kept in lists of sizes
 * with a map of those that are not empty (two-level segregated fit). When nothing fits, a further segment is taken from
 * the platform, up to the bound.
 *
 * <pre>
 *   header: size of the block, a multiple of 16 | FREE | BEFORE_FREE     8 bytes before the block's content
 *   free:   next, previous in the list at its start; size again at its end
 * </pre>
 */
final class Arena {
    private static final int HEADER = 8;
    private static final int UNIT = 16;
    private static final long FREE = 1;
    private static final long BEFORE_FREE = 2;
    private static final long SIZE = ~15L;

    private static final int SMALLEST = 32;
    /** Blocks below this, with their header, are kept by exact size. */
    private static final int SMALL_END = 1024 + UNIT;

    private static final int SMALL_LISTS = SMALL_END / UNIT;

    /** Sizes between two powers of two fall into eight lists. */
    private static final int STEPS_SHIFT = 3;

    private static final int FIRST_POWER = 5;
    private static final int LISTS = (31 - FIRST_POWER) << STEPS_SHIFT;
    private static final int WORD_BITS = 64;

    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int LARGEST = 1 << 30;

    private final Platform platform;
    private final long limitBytes;
    private long takenBytes;
    private long usedBytes;

    /** Addresses of heads: of the small lists, and behind them of the others. */
    private final long small;

    private final long lists;
    private final long[] occupied = new long[LISTS / WORD_BITS + 1];

    /** Takes at most {@code limitBytes} from the platform. */
    Arena(Platform platform, long limitBytes) {
        this.platform = platform;
        this.limitBytes = limitBytes;
        int bytes = (SMALL_LISTS + LISTS) * HEADER;
        small = platform.allocate(bytes).address(0, bytes);
        lists = small + SMALL_LISTS * HEADER;
    }

    /** Bytes in blocks that are in use or kept for reuse, with their headers. */
    long usedBytes() {
        return usedBytes;
    }

    long takenBytes() {
        return takenBytes;
    }

    /** Returns 0 if there is no memory. Addresses are multiples of 16. */
    long allocate(int bytes) {
        if (bytes < SMALL_END - 2 * UNIT && bytes >= 0) {
            int size = sizeFor(bytes);
            long head = small + (size >> 1);
            long block = Memory.getLong(head);
            if (block != 0) {
                Memory.putLong(head, Memory.getLong(block));
                return block;
            }
            return carve(size);
        }
        return bytes < 0 || bytes > LARGEST ? 0 : carve(sizeFor(bytes));
    }

    private static int sizeFor(int bytes) {
        return Math.max(SMALLEST, bytes + HEADER + UNIT - 1 & -UNIT);
    }

    int size(long block) {
        return (int) ((Memory.getLong(block - HEADER) & SIZE) - HEADER);
    }

    int roundUp(int bytes) {
        return sizeFor(bytes) - HEADER;
    }

    void free(long block) {
        if (block == 0) {
            return;
        }
        int size = (int) (Memory.getLong(block - HEADER) & SIZE);
        if (size < SMALL_END) {
            long head = small + (size >> 1);
            Memory.putLong(block, Memory.getLong(head));
            Memory.putLong(head, block);
        } else {
            giveBack(block, size);
        }
    }

    /** Returns 0, and leaves the block as it is, if there is no memory. */
    long resize(long block, int bytes) {
        int room = size(block);
        if (bytes <= room && bytes >= room >> 1) {
            return block;
        }
        long other = allocate(bytes);
        if (other != 0) {
            Memory.copy(block, other, Math.min(room, bytes));
            free(block);
        }
        return other;
    }

    /** Cuts a block of exactly {@code size} with its header from a free one. */
    private long carve(int size) {
        long block = takeFitting(size);
        if (block == 0 && flushSmall()) {
            block = takeFitting(size);
        }
        if (block == 0) {
            if (!addSegment(size)) {
                return 0;
            }
            block = takeFitting(size);
        }
        long header = Memory.getLong(block - HEADER);
        int whole = (int) (header & SIZE);
        long before = header & BEFORE_FREE;
        if (whole - size >= SMALLEST) {
            long rest = block + size;
            Memory.putLong(block - HEADER, size | before);
            putFree(rest, whole - size);
        } else {
            size = whole;
            Memory.putLong(block - HEADER, size | before);
            long next = block + size - HEADER;
            Memory.putLong(next, Memory.getLong(next) & ~BEFORE_FREE);
        }
        usedBytes += size;
        return block;
    }

    /** Joins the block with free neighbours and puts the result into its list. */
    private void giveBack(long block, int size) {
        usedBytes -= size;
        long header = Memory.getLong(block - HEADER);
        if ((header & BEFORE_FREE) != 0) {
            int before = (int) Memory.getLong(block - UNIT);
            block -= before;
            remove(block, before);
            size += before;
        }
        long next = block + size;
        long nextHeader = Memory.getLong(next - HEADER);
        if ((nextHeader & FREE) != 0) {
            int nextSize = (int) (nextHeader & SIZE);
            remove(next, nextSize);
            size += nextSize;
        }
        putFree(block, size);
    }

    /** Small blocks that nobody uses become part of larger ones; false if there are none. */
    private boolean flushSmall() {
        boolean any = false;
        for (int size = SMALLEST; size < SMALL_END; size += UNIT) {
            long head = small + (size >> 1);
            long block = Memory.getLong(head);
            Memory.putLong(head, 0);
            while (block != 0) {
                long next = Memory.getLong(block);
                giveBack(block, size);
                block = next;
                any = true;
            }
        }
        return any;
    }

    private boolean addSegment(int size) {
        long bytes = Math.max(SEGMENT_BYTES, (size + 4L * UNIT + 4095) & -4096L);
        if (takenBytes + bytes > limitBytes || bytes > platform.availableBytes()) {
            bytes = (size + 4L * UNIT + 4095) & -4096L;
            if (takenBytes + bytes > limitBytes || bytes > platform.availableBytes()) {
                return false;
            }
        }
        takenBytes += bytes;
        long start = platform.allocateUncleared((int) bytes).address(0, (int) bytes);
        // Contents start at multiples of 16. The last header is that of a block in use that never ends.
        long block = start + UNIT;
        int whole = (int) bytes - 2 * UNIT;
        Memory.putLong(block + whole - HEADER, 0);
        Memory.putLong(block - HEADER, 0);
        putFree(block, whole);
        return true;
    }

    /** Puts a free block into its list; the block before it is in use. */
    private void putFree(long block, int size) {
        Memory.putLong(block - HEADER, size | FREE);
        Memory.putLong(block + size - UNIT, size);
        long next = block + size - HEADER;
        Memory.putLong(next, Memory.getLong(next) | BEFORE_FREE);
        int list = list(size);
        long head = lists + (long) list * HEADER;
        long first = Memory.getLong(head);
        Memory.putLong(block, first);
        Memory.putLong(block + HEADER, 0);
        if (first != 0) {
            Memory.putLong(first + HEADER, block);
        }
        Memory.putLong(head, block);
        occupied[list / WORD_BITS] |= 1L << list % WORD_BITS;
    }

    private void remove(long block, int size) {
        long next = Memory.getLong(block);
        long previous = Memory.getLong(block + HEADER);
        if (next != 0) {
            Memory.putLong(next + HEADER, previous);
        }
        if (previous != 0) {
            Memory.putLong(previous, next);
            return;
        }
        int list = list(size);
        Memory.putLong(lists + (long) list * HEADER, next);
        if (next == 0) {
            occupied[list / WORD_BITS] &= ~(1L << list % WORD_BITS);
        }
    }

    /** Takes a free block of at least {@code size} out of its list, or returns 0. */
    private long takeFitting(int size) {
        // The first list all of whose blocks are large enough, and then the one that may hold one that is.
        int power = 31 - Integer.numberOfLeadingZeros(size);
        int list = list(size + (1 << power - STEPS_SHIFT) - 1);
        int word = list / WORD_BITS;
        long bits = occupied[word] & -1L << list % WORD_BITS;
        while (bits == 0 && ++word < occupied.length) {
            bits = occupied[word];
        }
        long block = 0;
        if (bits != 0) {
            int found = word * WORD_BITS + Long.numberOfTrailingZeros(bits);
            block = Memory.getLong(lists + (long) found * HEADER);
        } else {
            block = Memory.getLong(lists + (long) list(size) * HEADER);
            while (block != 0 && (Memory.getLong(block - HEADER) & SIZE) < size) {
                block = Memory.getLong(block);
            }
        }
        if (block != 0) {
            remove(block, (int) (Memory.getLong(block - HEADER) & SIZE));
        }
        return block;
    }

    private static int list(int size) {
        int power = 31 - Integer.numberOfLeadingZeros(size);
        return (power - FIRST_POWER << STEPS_SHIFT) + (size >> power - STEPS_SHIFT & (1 << STEPS_SHIFT) - 1);
    }
}
