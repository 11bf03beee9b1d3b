// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * Runs of pages of one arena: allocation and release take constant time. Free runs are kept in lists by length, eight for
 * each power of two, and merge with their free neighbours; a list's links lie in the free pages themselves. Page 0 is never
 * given out, so that a handle is never 0.
 */
@Rare
final class Pages {
    static final int SHIFT = 12;
    static final int PAGE_BYTES = 1 << SHIFT;

    private static final int SUBLISTS_SHIFT = 3;
    private static final int SUBLISTS = 1 << SUBLISTS_SHIFT;
    private static final int LEVELS = 20;
    /** Runs looked at in a list whose members may or may not be long enough. */
    private static final int MAXIMUM_LOOKS = 16;

    private static final int NEXT = 0;
    private static final int PREVIOUS = 4;

    private final Bytes memory;
    /**
     * An int for each page. The first page of a used run holds its length; the first and the last page of a free run hold its
     * negated length; the last page of a longer used run holds {@link #INTERIOR}; others hold anything but what is above.
     */
    private final Bytes map;

    private static final int INTERIOR = 0;
    /** First pages of the lists; 0 ends a list, too. */
    private final int[] heads = new int[LEVELS * SUBLISTS];

    private final int[] sublistBits = new int[LEVELS];
    private int levelBits;
    private final int pages;
    private int freePages;

    /** @param map four bytes for each page of {@code memory} */
    Pages(Bytes memory, Bytes map) {
        this.memory = memory;
        this.map = map;
        pages = memory.length() >>> SHIFT;
        setMark(0, 1);
        freePages = pages - 1;
        if (freePages > 0) {
            insert(1, freePages);
        }
    }

    static int mapBytes(int memoryBytes) {
        return (memoryBytes >>> SHIFT) * Integer.BYTES;
    }

    int freePages() {
        return freePages;
    }

    int pages() {
        return pages;
    }

    /** Returns the first page of a run of {@code count} pages, or 0. */
    int allocate(int count) {
        int list = findList(count);
        int page;
        if (list >= 0) {
            page = heads[list];
        } else {
            page = searchList(listOf(count), count);
            if (page == 0) {
                return 0;
            }
        }
        int length = -mark(page);
        remove(page, length);
        if (length > count) {
            insert(page + count, length - count);
        }
        markUsed(page, count);
        freePages -= count;
        return page;
    }

    /** What {@link #setInside} left for a page inside a used run. */
    int inside(int page) {
        return mark(page);
    }

    /** Lets the owner of a used run keep a positive number for one of its pages; the first one's tells its length. */
    void setInside(int page, int value) {
        setMark(page, value);
    }

    void free(int page, int count) {
        freePages += count;
        int first = page;
        int length = count;
        int before = mark(page - 1);
        if (before < 0) {
            first += before;
            length -= before;
            remove(first, -before);
        }
        int behind = page + count < pages ? mark(page + count) : 1;
        if (behind < 0) {
            remove(page + count, -behind);
            length -= behind;
        }
        insert(first, length);
    }

    /** Lengthens a used run in place; false if what follows is not free. */
    boolean extend(int page, int count, int newCount) {
        int behind = page + count;
        int available = behind < pages ? -mark(behind) : 0;
        int wanted = newCount - count;
        if (available < wanted) {
            return false;
        }
        remove(behind, available);
        if (available > wanted) {
            insert(behind + wanted, available - wanted);
        }
        // The former last page is now inside and must not look like the end of a free run.
        setMark(behind - 1, INTERIOR);
        markUsed(page, newCount);
        freePages -= wanted;
        return true;
    }

    private void markUsed(int page, int count) {
        setMark(page + count - 1, INTERIOR);
        setMark(page, count);
    }

    /** First non-empty list all of whose runs have {@code count} pages or more, or -1. */
    private int findList(int count) {
        int rounded = count;
        if (count >= SUBLISTS) {
            rounded += (1 << (floorLog2(count) - SUBLISTS_SHIFT)) - 1;
        }
        int list = listOf(rounded);
        int level = list >>> SUBLISTS_SHIFT;
        int bits = sublistBits[level] & -1 << (list & (SUBLISTS - 1));
        if (bits == 0) {
            int levels = levelBits & -1 << level & ~(1 << level);
            if (levels == 0) {
                return -1;
            }
            level = Integer.numberOfTrailingZeros(levels);
            bits = sublistBits[level];
        }
        return (level << SUBLISTS_SHIFT) + Integer.numberOfTrailingZeros(bits);
    }

    private int searchList(int list, int count) {
        int page = heads[list];
        for (int looks = 0; page != 0 && looks < MAXIMUM_LOOKS; looks++) {
            if (-mark(page) >= count) {
                return page;
            }
            page = memory.i32Little((page << SHIFT) + NEXT);
        }
        return 0;
    }

    private static int listOf(int length) {
        if (length < SUBLISTS) {
            return length;
        }
        int log = floorLog2(length);
        return (log - SUBLISTS_SHIFT + 1 << SUBLISTS_SHIFT) + (length >>> log - SUBLISTS_SHIFT) - SUBLISTS;
    }

    private static int floorLog2(int value) {
        return 31 - Integer.numberOfLeadingZeros(value);
    }

    private void insert(int page, int length) {
        setMark(page, -length);
        setMark(page + length - 1, -length);
        int list = listOf(length);
        int head = heads[list];
        memory.put32Little((page << SHIFT) + NEXT, head);
        memory.put32Little((page << SHIFT) + PREVIOUS, 0);
        if (head != 0) {
            memory.put32Little((head << SHIFT) + PREVIOUS, page);
        }
        heads[list] = page;
        sublistBits[list >>> SUBLISTS_SHIFT] |= 1 << (list & (SUBLISTS - 1));
        levelBits |= 1 << (list >>> SUBLISTS_SHIFT);
    }

    private void remove(int page, int length) {
        int next = memory.i32Little((page << SHIFT) + NEXT);
        int previous = memory.i32Little((page << SHIFT) + PREVIOUS);
        if (next != 0) {
            memory.put32Little((next << SHIFT) + PREVIOUS, previous);
        }
        if (previous != 0) {
            memory.put32Little((previous << SHIFT) + NEXT, next);
            return;
        }
        int list = listOf(length);
        heads[list] = next;
        if (next == 0) {
            int level = list >>> SUBLISTS_SHIFT;
            sublistBits[level] &= ~(1 << (list & (SUBLISTS - 1)));
            if (sublistBits[level] == 0) {
                levelBits &= ~(1 << level);
            }
        }
    }

    private int mark(int page) {
        return map.i32Little(page * Integer.BYTES);
    }

    private void setMark(int page, int value) {
        map.put32Little(page * Integer.BYTES, value);
    }
}
