// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/**
 * Memory for keys and values: cells of up to {@link #LARGEST_CELL} bytes come from slabs of one size each, longer ones are
 * runs of pages. A handle is the position of a cell's first byte in {@link #memory}, a multiple of 16; 0 means none. Cells
 * carry no header: who frees one says how long it was asked to be.
 */
final class Slabs {
    static final int LARGEST_CELL = 2048;

    private static final int UNIT_SHIFT = 4;
    private static final int UNIT = 1 << UNIT_SHIFT;
    private static final int SLAB_PAGES = 4;
    private static final int SLAB_BYTES = SLAB_PAGES * Pages.PAGE_BYTES;
    /** Marks the pages of a slab in the map; the lower bits say which of its pages it is. */
    private static final int SLAB_MARK = 1 << 30;

    // The header of a slab, at its start.
    private static final int FIRST_FREE = 0;
    /** Where cells begin that were never given out. */
    private static final int FRESH = 4;

    private static final int LIVE = 8;
    private static final int CLASS = 12;
    private static final int NEXT = 16;
    private static final int PREVIOUS = 20;
    private static final int HEADER_BYTES = 32;

    private final Bytes memory;
    private final Pages pages;
    /** Class of a size in units, rounded up. */
    private final byte[] classOf = new byte[(LARGEST_CELL >> UNIT_SHIFT) + 1];

    private final int[] cellBytes = new int[64];
    /** Slabs of a class that have a free cell; 0 ends a list. */
    private final int[] partial = new int[64];

    private int classes;
    private long usedBytes;
    private long peakBytes;

    /** @param map {@link Pages#mapBytes} */
    Slabs(Bytes memory, Bytes map) {
        this.memory = memory;
        pages = new Pages(memory, map);
        int units = 1;
        while (units <= LARGEST_CELL >> UNIT_SHIFT) {
            cellBytes[classes++] = units << UNIT_SHIFT;
            // Sixteen bytes apart at first, then eight sizes for each doubling.
            units += units < 16 ? 1 : 1 << 31 - Integer.numberOfLeadingZeros(units) - 3;
        }
        int number = 0;
        for (int i = 1; i < classOf.length; i++) {
            if (i << UNIT_SHIFT > cellBytes[number]) {
                number++;
            }
            classOf[i] = (byte) number;
        }
    }

    Bytes memory() {
        return memory;
    }

    /** Bytes in cells and runs that are given out, rounded up as they are. */
    long usedBytes() {
        return usedBytes;
    }

    long peakBytes() {
        return peakBytes = Math.max(peakBytes, usedBytes);
    }

    /** Bytes of whole pages that belong to nobody. */
    long freeBytes() {
        return (long) pages.freePages() << Pages.SHIFT;
    }

    /** Bytes of pages in use, with what is free inside slabs. */
    long heldBytes() {
        return (long) (pages.pages() - pages.freePages()) << Pages.SHIFT;
    }

    long capacityBytes() {
        return (long) pages.pages() << Pages.SHIFT;
    }

    /** How many bytes a cell for {@code size} bytes really has. */
    int usable(int size) {
        if (size <= LARGEST_CELL) {
            return cellBytes[classOf[size + UNIT - 1 >> UNIT_SHIFT]];
        }
        return pagesFor(size) << Pages.SHIFT;
    }

    private static int pagesFor(int size) {
        // Unsigned, so that sizes near the largest int do not overflow.
        return size + Pages.PAGE_BYTES - 1 >>> Pages.SHIFT;
    }

    /** Returns a cell of at least {@code size} bytes (1 or more) with undefined content, or 0 if there is no memory. */
    int allocate(int size) {
        if (size > LARGEST_CELL) {
            return allocateRun(size);
        }
        int number = classOf[size + UNIT - 1 >> UNIT_SHIFT];
        int slab = partial[number];
        if (slab == 0) {
            slab = newSlab(number);
            if (slab == 0) {
                return 0;
            }
        }
        int bytes = cellBytes[number];
        usedBytes += bytes;
        memory.put32Little(slab + LIVE, memory.i32Little(slab + LIVE) + 1);
        int cell = memory.i32Little(slab + FIRST_FREE);
        int fresh = memory.i32Little(slab + FRESH);
        if (cell != 0) {
            int nextFree = memory.i32Little(cell);
            memory.put32Little(slab + FIRST_FREE, nextFree);
            if (nextFree != 0) {
                return cell;
            }
        } else {
            cell = fresh;
            fresh += bytes;
            memory.put32Little(slab + FRESH, fresh);
        }
        if (fresh + bytes > slab + SLAB_BYTES) {
            unlink(slab, number);
        }
        return cell;
    }

    /** Gives back what {@link #allocate} returned for {@code size} bytes. */
    void free(int cell, int size) {
        if (size > LARGEST_CELL) {
            int count = pagesFor(size);
            usedBytes -= (long) count << Pages.SHIFT;
            pages.free(cell >>> Pages.SHIFT, count);
            return;
        }
        int page = cell >>> Pages.SHIFT;
        int slab = page - (pages.inside(page) & SLAB_PAGES - 1) << Pages.SHIFT;
        int number = memory.i32Little(slab + CLASS);
        int bytes = cellBytes[number];
        usedBytes -= bytes;
        int firstFree = memory.i32Little(slab + FIRST_FREE);
        int live = memory.i32Little(slab + LIVE) - 1;
        memory.put32Little(cell, firstFree);
        memory.put32Little(slab + FIRST_FREE, cell);
        memory.put32Little(slab + LIVE, live);
        if (firstFree == 0 && memory.i32Little(slab + FRESH) + bytes > slab + SLAB_BYTES) {
            link(slab, number);
        } else if (live == 0 && memory.i32Little(slab + NEXT) + memory.i32Little(slab + PREVIOUS) != 0) {
            // The last slab of a class stays, lest one cell that comes and goes takes pages each time.
            unlink(slab, number);
            pages.free(slab >>> Pages.SHIFT, SLAB_PAGES);
        }
    }

    /**
     * Makes a cell longer or shorter, moving its content if need be; returns where it is now, or 0 if there is no memory, and
     * then the cell is as it was.
     */
    int resize(int cell, int oldSize, int newSize) {
        int oldBytes = usable(oldSize);
        int newBytes = usable(newSize);
        if (oldBytes == newBytes && oldSize > LARGEST_CELL == newSize > LARGEST_CELL) {
            return cell;
        }
        if (oldSize > LARGEST_CELL
                && newBytes > oldBytes
                && pages.extend(cell >>> Pages.SHIFT, pagesFor(oldSize), pagesFor(newSize))) {
            usedBytes += newBytes - oldBytes;
            return cell;
        }
        int moved = allocate(newSize);
        if (moved != 0) {
            memory.copyFrom(moved, memory, cell, Math.min(oldSize, newSize));
            free(cell, oldSize);
        }
        return moved;
    }

    private int allocateRun(int size) {
        int count = pagesFor(size);
        int page = pages.allocate(count);
        if (page != 0) {
            usedBytes += (long) count << Pages.SHIFT;
        }
        return page << Pages.SHIFT;
    }

    private int newSlab(int number) {
        int page = pages.allocate(SLAB_PAGES);
        if (page == 0) {
            return 0;
        }
        for (int i = 0; i < SLAB_PAGES; i++) {
            pages.setInside(page + i, SLAB_MARK | i);
        }
        int slab = page << Pages.SHIFT;
        memory.put32Little(slab + FIRST_FREE, 0);
        memory.put32Little(slab + FRESH, slab + HEADER_BYTES);
        memory.put32Little(slab + LIVE, 0);
        memory.put32Little(slab + CLASS, number);
        link(slab, number);
        return slab;
    }

    private void link(int slab, int number) {
        int head = partial[number];
        memory.put32Little(slab + NEXT, head);
        memory.put32Little(slab + PREVIOUS, 0);
        if (head != 0) {
            memory.put32Little(head + PREVIOUS, slab);
        }
        partial[number] = slab;
    }

    private void unlink(int slab, int number) {
        int next = memory.i32Little(slab + NEXT);
        int previous = memory.i32Little(slab + PREVIOUS);
        if (next != 0) {
            memory.put32Little(next + PREVIOUS, previous);
        }
        if (previous != 0) {
            memory.put32Little(previous + NEXT, next);
        } else {
            partial[number] = next;
        }
    }
}
