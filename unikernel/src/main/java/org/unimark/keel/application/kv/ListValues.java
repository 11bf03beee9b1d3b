// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * Lists: a chain of blocks in which the elements lie packed. The first blocks are small, the following ones twice as large
 * as their neighbour up to a limit; there is room at either end, so that pushing and popping move nothing.
 *
 * <pre>
 * header:  0 first block   4 last block   8 elements
 * block:   0 block before  4 next block   8 its bytes  12 begin  16 end  20 elements   24 what is packed
 * element: its length, its bytes, the length of both: one byte, or a mark and four for long ones
 * </pre>
 *
 * One position at a time is looked at: {@link #seek} and its like set it.
 */
@Rare
final class ListValues extends ValueType {
    private static final int HEAD = 0;
    private static final int TAIL = 4;
    private static final int COUNT = 8;
    private static final int HEADER_BYTES = 16;

    private static final int PREVIOUS = 0;
    private static final int NEXT = 4;
    private static final int CAPACITY = 8;
    private static final int BEGIN = 12;
    private static final int END = 16;
    private static final int ELEMENTS = 20;
    private static final int BLOCK_HEADER = 24;

    private static final int SMALLEST_BLOCK = 64;
    private static final int LARGEST_BLOCK = 2048;
    private static final int LONG_MARK = 254;
    private static final int LONG_BYTES = 5;
    private static final int BLOCKS_AT_ONCE = 32;
    private static final int BATCH = 64;

    /** Frees blocks that nobody can find any more; their lists are chained through their counts. */
    private final class Undertaker extends BackgroundTask {
        private int first;

        @Override
        boolean step() {
            if (first != 0 && destroy(first, BLOCKS_AT_ONCE)) {
                int header = first;
                first = memory.i32Little(header + COUNT);
                slabs.free(header, HEADER_BYTES);
            }
            return first != 0;
        }

        void add(int header) {
            memory.put32Little(header + COUNT, first);
            first = header;
            keyspace.background.add(this, keyspace.nowNanos());
        }
    }

    private final Keyspace keyspace;
    private final Slabs slabs;
    private final Bytes memory;
    private final Undertaker undertaker = new Undertaker();
    private int block;
    private int position;

    ListValues(Keyspace keyspace) {
        this.keyspace = keyspace;
        slabs = keyspace.slabs;
        memory = keyspace.memory;
    }

    @Override
    String name() {
        return "list";
    }

    @Override
    String encoding(int entry) {
        return "quicklist";
    }

    /** Makes an entry with an empty list for the key just looked up in vain; 0 if there is no memory. */
    int create(Database database, Bytes key, int at, int length) {
        int header = slabs.allocate(HEADER_BYTES);
        int entry = header == 0 ? 0 : database.create(key, at, length, Entry.LIST, 0, 0);
        if (entry != 0) {
            memory.fill(header, HEADER_BYTES, 0);
            Entry.setValue(memory, entry, header);
        } else if (header != 0) {
            slabs.free(header, HEADER_BYTES);
        }
        return entry;
    }

    int count(int header) {
        return memory.i32Little(header + COUNT);
    }

    @Override
    void release(int entry) {
        int header = Entry.value(memory, entry);
        if (destroy(header, BLOCKS_AT_ONCE)) {
            slabs.free(header, HEADER_BYTES);
        } else {
            undertaker.add(header);
        }
    }

    /** Frees up to {@code limit} blocks; whether none is left. */
    private boolean destroy(int header, int limit) {
        int at = memory.i32Little(header + HEAD);
        for (int left = limit; at != 0 && left > 0; left--) {
            int next = memory.i32Little(at + NEXT);
            slabs.free(at, memory.i32Little(at + CAPACITY));
            at = next;
        }
        memory.put32Little(header + HEAD, at);
        return at == 0;
    }

    @Override
    long bytes(int entry) {
        long bytes = HEADER_BYTES;
        int at = memory.i32Little(Entry.value(memory, entry) + HEAD);
        for (int looks = 0; at != 0 && looks < 1000; looks++) {
            bytes += slabs.usable(memory.i32Little(at + CAPACITY));
            at = memory.i32Little(at + NEXT);
        }
        return bytes;
    }

    @Override
    boolean copy(int source, int target) {
        int to = slabs.allocate(HEADER_BYTES);
        if (to == 0) {
            return false;
        }
        memory.fill(to, HEADER_BYTES, 0);
        for (boolean more = seekFirst(Entry.value(memory, source)); more; more = next()) {
            if (!push(to, false, memory, at(), length())) {
                destroy(to, Integer.MAX_VALUE);
                slabs.free(to, HEADER_BYTES);
                return false;
            }
        }
        Entry.setValue(memory, target, to);
        return true;
    }

    @Override
    int rewrite(int entry, int from, Effects effects) {
        int left = BATCH;
        block = from == 0 ? memory.i32Little(Entry.value(memory, entry) + HEAD) : from;
        while (block != 0 && left > 0) {
            effects.begin(2 + elements());
            effects.text("RPUSH");
            effects.bytes(memory, Entry.keyAt(memory, entry), Entry.keyLength(memory, entry));
            position = begin(block);
            while (position < end(block)) {
                effects.bytes(memory, at(), length());
                position += size(length());
            }
            effects.end();
            left -= elements();
            block = memory.i32Little(block + NEXT);
        }
        return block;
    }

    // Elements.

    /** Length of the element at the position. */
    int length() {
        int first = memory.u8(position);
        return first < LONG_MARK ? first : memory.i32Little(position + 1);
    }

    /** Where its bytes are. */
    int at() {
        return position + (memory.u8(position) < LONG_MARK ? 1 : LONG_BYTES);
    }

    private static int size(int length) {
        int front = length + (length < LONG_MARK ? 1 : LONG_BYTES);
        return front + (front < LONG_MARK ? 1 : LONG_BYTES);
    }

    private void put(int to, Bytes data, int at, int length) {
        int start = to + 1;
        if (length < LONG_MARK) {
            memory.put8(to, length);
        } else {
            memory.put8(to, LONG_MARK);
            memory.put32Little(to + 1, length);
            start = to + LONG_BYTES;
        }
        memory.copyFrom(start, data, at, length);
        int end = start + length;
        int front = end - to;
        if (front < LONG_MARK) {
            memory.put8(end, front);
        } else {
            memory.put32Little(end, front);
            memory.put8(end + 4, LONG_MARK);
        }
    }

    private int before(int end) {
        int last = memory.u8(end - 1);
        return last < LONG_MARK ? end - 1 - last : end - LONG_BYTES - memory.i32Little(end - LONG_BYTES);
    }

    private int begin(int of) {
        return of + memory.i32Little(of + BEGIN);
    }

    private int end(int of) {
        return of + memory.i32Little(of + END);
    }

    // Positions.

    boolean seekFirst(int header) {
        block = memory.i32Little(header + HEAD);
        position = block == 0 ? 0 : begin(block);
        return block != 0;
    }

    boolean seekLast(int header) {
        block = memory.i32Little(header + TAIL);
        position = block == 0 ? 0 : before(end(block));
        return block != 0;
    }

    boolean next() {
        position += size(length());
        return normalize();
    }

    /** A position behind a block is the first one of the next. */
    private boolean normalize() {
        if (position == end(block)) {
            block = memory.i32Little(block + NEXT);
            position = block == 0 ? 0 : begin(block);
        }
        return block != 0;
    }

    boolean previous() {
        if (position == begin(block)) {
            block = memory.i32Little(block + PREVIOUS);
            position = block == 0 ? 0 : end(block);
        }
        if (block == 0) {
            return false;
        }
        position = before(position);
        return true;
    }

    /** Goes to element number {@code index}, negative from the end; false if there is none. */
    boolean seek(int header, long index) {
        int count = count(header);
        long wanted = index < 0 ? index + count : index;
        if (wanted < 0 || wanted >= count) {
            return false;
        }
        if (wanted < count >> 1) {
            seekFirst(header);
            int left = (int) wanted;
            for (int inBlock = elements(); left >= inBlock; inBlock = elements()) {
                left -= inBlock;
                block = memory.i32Little(block + NEXT);
            }
            position = begin(block);
            for (; left > 0; left--) {
                position += size(length());
            }
        } else {
            seekLast(header);
            int left = count - 1 - (int) wanted;
            for (int inBlock = elements(); left >= inBlock; inBlock = elements()) {
                left -= inBlock;
                block = memory.i32Little(block + PREVIOUS);
            }
            position = before(end(block));
            for (; left > 0; left--) {
                position = before(position);
            }
        }
        return true;
    }

    private int elements() {
        return memory.i32Little(block + ELEMENTS);
    }

    boolean matches(Bytes data, int at, int length) {
        return length() == length && memory.matches(at(), data, at, length);
    }

    // Changes.

    private void addTo(int at, int offset, int more) {
        memory.put32Little(at + offset, memory.i32Little(at + offset) + more);
    }

    /** Adds an element at one end; false if there is no memory. */
    boolean push(int header, boolean front, Bytes data, int at, int length) {
        int size = size(length);
        int end = memory.i32Little(header + (front ? HEAD : TAIL));
        boolean fits = end != 0
                && (front
                        ? memory.i32Little(end + BEGIN) - BLOCK_HEADER >= size
                        : memory.i32Little(end + CAPACITY) - memory.i32Little(end + END) >= size);
        if (!fits) {
            int previousBytes = end == 0 ? SMALLEST_BLOCK / 2 : memory.i32Little(end + CAPACITY);
            int bytes = Math.max(Math.min(2 * previousBytes, LARGEST_BLOCK), BLOCK_HEADER + size);
            int made = newBlock(bytes, front ? bytes : BLOCK_HEADER);
            if (made == 0) {
                return false;
            }
            link(header, made, front ? 0 : end, front ? end : 0);
            end = made;
        }
        if (front) {
            addTo(end, BEGIN, -size);
            put(begin(end), data, at, length);
        } else {
            put(end(end), data, at, length);
            addTo(end, END, size);
        }
        addTo(end, ELEMENTS, 1);
        addTo(header, COUNT, 1);
        return true;
    }

    private int newBlock(int bytes, int start) {
        int made = slabs.allocate(bytes);
        if (made != 0) {
            memory.put32Little(made + CAPACITY, bytes);
            memory.put32Little(made + BEGIN, start);
            memory.put32Little(made + END, start);
            memory.put32Little(made + ELEMENTS, 0);
        }
        return made;
    }

    private void link(int header, int made, int previous, int next) {
        memory.put32Little(made + PREVIOUS, previous);
        memory.put32Little(made + NEXT, next);
        memory.put32Little(previous == 0 ? header + HEAD : previous + NEXT, made);
        memory.put32Little(next == 0 ? header + TAIL : next + PREVIOUS, made);
    }

    /** Removes the element at the position, which is then that of the one that followed; false if there is none. */
    boolean remove(int header) {
        int size = size(length());
        int from = block;
        int end = end(from);
        if (position == begin(from)) {
            addTo(from, BEGIN, size);
            position += size;
        } else {
            moveDown(position + size, position, end - position - size);
            addTo(from, END, -size);
        }
        addTo(from, ELEMENTS, -1);
        addTo(header, COUNT, -1);
        normalize();
        if (memory.i32Little(from + ELEMENTS) == 0) {
            int previous = memory.i32Little(from + PREVIOUS);
            int next = memory.i32Little(from + NEXT);
            memory.put32Little(previous == 0 ? header + HEAD : previous + NEXT, next);
            memory.put32Little(next == 0 ? header + TAIL : next + PREVIOUS, previous);
            slabs.free(from, memory.i32Little(from + CAPACITY));
        }
        return block != 0;
    }

    private void moveDown(int from, int to, int length) {
        for (int i = 0; i < length; i++) {
            memory.put8(to + i, memory.u8(from + i));
        }
    }

    private void moveUp(int from, int to, int length) {
        for (int i = length - 1; i >= 0; i--) {
            memory.put8(to + i, memory.u8(from + i));
        }
    }

    /** Inserts an element before or behind the position, which is then that of the new one; false without memory. */
    boolean insert(int header, boolean behind, Bytes data, int at, int length) {
        int size = size(length);
        int where = behind ? position + size(length()) : position;
        int end = end(block);
        int begin = begin(block);
        if (memory.i32Little(block + CAPACITY) - memory.i32Little(block + END) >= size) {
            moveUp(where, where + size, end - where);
            addTo(block, END, size);
        } else if (memory.i32Little(block + BEGIN) - BLOCK_HEADER >= size) {
            moveDown(begin, begin - size, where - begin);
            addTo(block, BEGIN, -size);
            where -= size;
        } else {
            where = split(header, where, size);
            if (where == 0) {
                return false;
            }
        }
        put(where, data, at, length);
        addTo(block, ELEMENTS, 1);
        addTo(header, COUNT, 1);
        position = where;
        return true;
    }

    /** Moves what lies behind {@code where} into a new block, with room at its front; returns where that is, or 0. */
    private int split(int header, int where, int size) {
        int right = end(block) - where;
        int start = BLOCK_HEADER + size;
        int made = newBlock(Math.max(start + right, SMALLEST_BLOCK), BLOCK_HEADER);
        if (made == 0) {
            return 0;
        }
        int moved = 0;
        for (int at = where; at < end(block); moved++) {
            position = at;
            at += size(length());
        }
        memory.copyFrom(made + start, memory, where, right);
        memory.put32Little(made + END, start + right);
        memory.put32Little(made + ELEMENTS, moved);
        memory.put32Little(block + END, where - block);
        addTo(block, ELEMENTS, -moved);
        int left = block;
        link(header, made, left, memory.i32Little(left + NEXT));
        block = made;
        if (memory.i32Little(left + ELEMENTS) == 0) {
            int previous = memory.i32Little(left + PREVIOUS);
            memory.put32Little(previous == 0 ? header + HEAD : previous + NEXT, made);
            memory.put32Little(made + PREVIOUS, previous);
            slabs.free(left, memory.i32Little(left + CAPACITY));
        }
        return made + BLOCK_HEADER;
    }

    /** Replaces the element at the position; false if there is no memory. */
    boolean replace(int header, Bytes data, int at, int length) {
        if (size(length()) == size(length) && length() == length) {
            memory.copyFrom(at(), data, at, length);
            return true;
        }
        if (!insert(header, false, data, at, length)) {
            return false;
        }
        next();
        remove(header);
        return true;
    }
}
