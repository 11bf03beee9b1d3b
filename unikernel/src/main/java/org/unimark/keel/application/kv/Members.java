// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * The members of one hash, set or sorted set: a table with linear hashing, which grows and shrinks by one bucket at a time.
 * Its state lies in a header outside the Java heap; this class knows how to work with any of them:
 *
 * <pre>
 * header:  0 count      4 buckets     8 mask of the smaller half   12 first segment
 *         16 its ints  20 directory  24 its ints                   28 kind
 *         32 what {@link SkipList} needs
 * node:    0 next of the bucket       4 hash                        8 length of the member
 *         12 length of the value, or levels of a sorted set         16 member and value, or what {@link SkipList} says
 * </pre>
 */
@Rare
final class Members {
    static final int SET = 0;
    static final int HASH = 1;
    static final int SORTED_SET = 2;

    static final int HEADER_BYTES = 32;
    private static final int COUNT = 0;
    private static final int BUCKETS = 4;
    private static final int LOW_MASK = 8;
    private static final int FIRST = 12;
    private static final int FIRST_INTS = 16;
    private static final int DIRECTORY = 20;
    private static final int DIRECTORY_INTS = 24;
    private static final int KIND = 28;

    private static final int NEXT = 0;
    private static final int NODE_HASH = 4;
    private static final int LENGTH = 8;
    private static final int EXTRA = 12;
    static final int NODE_BYTES = 16;

    private static final int SMALLEST = 4;
    private static final int SEGMENT_SHIFT = 9;
    private static final int SEGMENT_INTS = 1 << SEGMENT_SHIFT;
    private static final int SEGMENT_BYTES = SEGMENT_INTS * Integer.BYTES;

    private final Slabs slabs;
    private final Bytes memory;
    private final KeyHash keyHash;
    private int foundLink;
    private int foundHash;

    Members(Slabs slabs, KeyHash keyHash) {
        this.slabs = slabs;
        this.keyHash = keyHash;
        memory = slabs.memory();
    }

    static int headerBytes(int kind) {
        return kind == SORTED_SET ? SkipList.HEADER_BYTES : HEADER_BYTES;
    }

    /** Makes an empty table, or returns 0 if there is no memory. */
    int create(int kind) {
        int bytes = headerBytes(kind);
        int header = slabs.allocate(bytes);
        if (header == 0) {
            return 0;
        }
        int table = slabs.allocate(SMALLEST * Integer.BYTES);
        if (table == 0) {
            slabs.free(header, bytes);
            return 0;
        }
        memory.fill(header, bytes, 0);
        memory.fill(table, SMALLEST * Integer.BYTES, 0);
        memory.put32Little(header + BUCKETS, SMALLEST);
        memory.put32Little(header + LOW_MASK, SMALLEST - 1);
        memory.put32Little(header + FIRST, table);
        memory.put32Little(header + FIRST_INTS, SMALLEST);
        memory.put32Little(header + KIND, kind);
        return header;
    }

    int count(int header) {
        return memory.i32Little(header + COUNT);
    }

    int kind(int header) {
        return memory.i32Little(header + KIND);
    }

    int next(int node) {
        return memory.i32Little(node + NEXT);
    }

    int length(int node) {
        return memory.i32Little(node + LENGTH);
    }

    /** Length of the value, or number of levels. */
    int extra(int node) {
        return memory.i32Little(node + EXTRA);
    }

    int memberAt(int header, int node) {
        return kind(header) == SORTED_SET ? SkipList.memberAt(node, extra(node)) : node + NODE_BYTES;
    }

    /** Of a hash. */
    int valueAt(int node) {
        return node + NODE_BYTES + length(node);
    }

    int nodeBytes(int header, int node) {
        int extra = extra(node);
        return length(node) + (kind(header) == SORTED_SET ? SkipList.memberAt(0, extra) : NODE_BYTES + extra);
    }

    /** The node of that member, or 0. */
    int find(int header, Bytes data, int at, int length) {
        int hash = keyHash.of(data, at, length);
        foundHash = hash;
        int link = bucketAt(header, bucketOf(header, hash));
        int node = memory.i32Little(link);
        while (node != 0) {
            if (memory.i32Little(node + NODE_HASH) == hash
                    && length(node) == length
                    && memory.matches(memberAt(header, node), data, at, length)) {
                foundLink = link;
                return node;
            }
            link = node + NEXT;
            node = memory.i32Little(link);
        }
        return 0;
    }

    /** Adds the member that {@link #find} was just asked for in vain; 0 if there is no memory. */
    int insert(int header, Bytes data, int at, int length, int extra) {
        boolean isSorted = kind(header) == SORTED_SET;
        int memberOffset = isSorted ? SkipList.memberAt(0, extra) : NODE_BYTES;
        int node = slabs.allocate(memberOffset + length + (isSorted ? 0 : extra));
        if (node == 0) {
            return 0;
        }
        int hash = foundHash;
        memory.put32Little(node + NODE_HASH, hash);
        memory.put32Little(node + LENGTH, length);
        memory.put32Little(node + EXTRA, extra);
        memory.copyFrom(node + memberOffset, data, at, length);
        int count = count(header) + 1;
        if (count > memory.i32Little(header + BUCKETS)) {
            split(header);
        }
        int link = bucketAt(header, bucketOf(header, hash));
        memory.put32Little(node + NEXT, memory.i32Little(link));
        memory.put32Little(link, node);
        memory.put32Little(header + COUNT, count);
        return node;
    }

    /** Gives the node that {@link #find} returned room for a value of another length; 0 if there is no memory. */
    int resizeValue(int node, int length) {
        int memberLength = length(node);
        int moved = slabs.resize(node, NODE_BYTES + memberLength + extra(node), NODE_BYTES + memberLength + length);
        if (moved != 0) {
            memory.put32Little(moved + EXTRA, length);
            memory.put32Little(foundLink, moved);
        }
        return moved;
    }

    /** Removes what {@link #find} returned. */
    void removeFound(int header, int node) {
        memory.put32Little(foundLink, next(node));
        slabs.free(node, nodeBytes(header, node));
        removed(header);
    }

    /** Removes a node that is known by its handle. */
    void remove(int header, int node) {
        int link = bucketAt(header, bucketOf(header, memory.i32Little(node + NODE_HASH)));
        while (memory.i32Little(link) != node) {
            link = memory.i32Little(link) + NEXT;
        }
        foundLink = link;
        removeFound(header, node);
    }

    private void removed(int header) {
        int count = count(header) - 1;
        memory.put32Little(header + COUNT, count);
        int buckets = memory.i32Little(header + BUCKETS);
        if (count < buckets >> 2 && buckets > SMALLEST) {
            merge(header);
            if (memory.i32Little(header + BUCKETS) > SMALLEST) {
                merge(header);
            }
        }
    }

    int buckets(int header) {
        return memory.i32Little(header + BUCKETS);
    }

    int first(int header, int bucket) {
        return memory.i32Little(bucketAt(header, bucket));
    }

    /** The first node of all, or 0; with {@link #after}, all nodes as long as none is added or removed. */
    int firstNode(int header) {
        return firstFrom(header, 0);
    }

    int after(int header, int node) {
        int next = next(node);
        return next != 0 ? next : firstFrom(header, bucketOf(header, memory.i32Little(node + NODE_HASH)) + 1);
    }

    private int firstFrom(int header, int from) {
        int buckets = buckets(header);
        for (int bucket = from; bucket < buckets; bucket++) {
            int node = first(header, bucket);
            if (node != 0) {
                return node;
            }
        }
        return 0;
    }

    /** A node at random; those of crowded buckets are a little rarer. */
    int random(int header, long random) {
        int buckets = buckets(header);
        int bucket = (int) ((random >>> 33) * buckets >>> 31);
        int node = first(header, bucket);
        while (node == 0) {
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
            node = first(header, bucket);
        }
        for (int skip = (int) random & 3; skip > 0 && next(node) != 0; skip--) {
            node = next(node);
        }
        return node;
    }

    /** The bucket that a cursor stands at, as in {@link Dictionary}. */
    int bucketAtCursor(int header, int cursor) {
        return bucketOf(header, cursor);
    }

    int cursorBehind(int header, int cursor) {
        int low = memory.i32Little(header + LOW_MASK);
        int mask = (cursor & low) + low + 1 < buckets(header) ? low << 1 | 1 : low;
        return Integer.reverse(Integer.reverse(cursor | ~mask) + 1);
    }

    /** Frees up to {@code limit} nodes; true when all is gone, the header too. */
    boolean destroy(int header, int limit) {
        int bucket = buckets(header) - 1;
        int left = limit;
        while (bucket >= 0 && left > 0) {
            int link = bucketAt(header, bucket);
            int node = memory.i32Little(link);
            if (node == 0) {
                bucket--;
                left--;
                memory.put32Little(header + BUCKETS, bucket + 1);
                continue;
            }
            memory.put32Little(link, next(node));
            slabs.free(node, nodeBytes(header, node));
            left--;
        }
        if (bucket >= 0) {
            return false;
        }
        freeTables(header);
        return true;
    }

    private void freeTables(int header) {
        int directory = memory.i32Little(header + DIRECTORY);
        int ints = memory.i32Little(header + DIRECTORY_INTS);
        for (int i = 0; i < ints; i++) {
            int segment = memory.i32Little(directory + i * Integer.BYTES);
            if (segment != 0) {
                slabs.free(segment, SEGMENT_BYTES);
            }
        }
        if (directory != 0) {
            slabs.free(directory, ints * Integer.BYTES);
        }
        slabs.free(memory.i32Little(header + FIRST), memory.i32Little(header + FIRST_INTS) * Integer.BYTES);
        if (kind(header) == SORTED_SET) {
            SkipList.release(slabs, header);
        }
        slabs.free(header, headerBytes(kind(header)));
    }

    private int bucketOf(int header, int hash) {
        int low = memory.i32Little(header + LOW_MASK);
        int bucket = hash & (low << 1 | 1);
        return bucket < buckets(header) ? bucket : hash & low;
    }

    private int bucketAt(int header, int bucket) {
        if (bucket < SEGMENT_INTS) {
            return memory.i32Little(header + FIRST) + bucket * Integer.BYTES;
        }
        int directory = memory.i32Little(header + DIRECTORY);
        int segment = memory.i32Little(directory + ((bucket >>> SEGMENT_SHIFT) - 1) * Integer.BYTES);
        return segment + (bucket & SEGMENT_INTS - 1) * Integer.BYTES;
    }

    /** Without memory for another segment, buckets become longer, which is slow but right. */
    private void split(int header) {
        int bucket = buckets(header);
        if (!reach(header, bucket)) {
            return;
        }
        int upper = memory.i32Little(header + LOW_MASK) + 1;
        int lowLink = bucketAt(header, bucket - upper);
        int node = memory.i32Little(lowLink);
        int high = 0;
        int low = 0;
        while (node != 0) {
            int next = next(node);
            boolean isHigh = (memory.i32Little(node + NODE_HASH) & upper) != 0;
            memory.put32Little(node + NEXT, isHigh ? high : low);
            if (isHigh) {
                high = node;
            } else {
                low = node;
            }
            node = next;
        }
        memory.put32Little(lowLink, low);
        memory.put32Little(bucketAt(header, bucket), high);
        memory.put32Little(header + BUCKETS, bucket + 1);
        if (bucket + 1 == upper << 1) {
            memory.put32Little(header + LOW_MASK, bucket);
        }
    }

    /** Makes room for a bucket of that number. */
    private boolean reach(int header, int bucket) {
        if (bucket < SEGMENT_INTS) {
            int ints = memory.i32Little(header + FIRST_INTS);
            return bucket < ints || growFirst(header, ints);
        }
        int index = (bucket >>> SEGMENT_SHIFT) - 1;
        int ints = memory.i32Little(header + DIRECTORY_INTS);
        if (index >= ints && !growDirectory(header, ints)) {
            return false;
        }
        int slot = memory.i32Little(header + DIRECTORY) + index * Integer.BYTES;
        if (memory.i32Little(slot) == 0) {
            memory.put32Little(slot, slabs.allocate(SEGMENT_BYTES));
        }
        return memory.i32Little(slot) != 0;
    }

    private boolean growFirst(int header, int ints) {
        int bytes = ints * Integer.BYTES;
        int grown = slabs.resize(memory.i32Little(header + FIRST), bytes, 2 * bytes);
        if (grown != 0) {
            memory.put32Little(header + FIRST, grown);
            memory.put32Little(header + FIRST_INTS, 2 * ints);
        }
        return grown != 0;
    }

    private boolean growDirectory(int header, int ints) {
        int bytes = ints * Integer.BYTES;
        int newBytes = ints == 0 ? 16 : 2 * bytes;
        int grown = ints == 0
                ? slabs.allocate(newBytes)
                : slabs.resize(memory.i32Little(header + DIRECTORY), bytes, newBytes);
        if (grown != 0) {
            memory.fill(grown + bytes, newBytes - bytes, 0);
            memory.put32Little(header + DIRECTORY, grown);
            memory.put32Little(header + DIRECTORY_INTS, newBytes / Integer.BYTES);
        }
        return grown != 0;
    }

    private void merge(int header) {
        int bucket = buckets(header) - 1;
        int low = memory.i32Little(header + LOW_MASK);
        if (bucket == low) {
            low >>>= 1;
            memory.put32Little(header + LOW_MASK, low);
        }
        int node = memory.i32Little(bucketAt(header, bucket));
        int lowLink = bucketAt(header, bucket - low - 1);
        while (node != 0) {
            int next = next(node);
            memory.put32Little(node + NEXT, memory.i32Little(lowLink));
            memory.put32Little(lowLink, node);
            node = next;
        }
        memory.put32Little(header + BUCKETS, bucket);
        if (bucket >= SEGMENT_INTS && (bucket & SEGMENT_INTS - 1) == 0) {
            int slot = memory.i32Little(header + DIRECTORY) + ((bucket >>> SEGMENT_SHIFT) - 1) * Integer.BYTES;
            slabs.free(memory.i32Little(slot), SEGMENT_BYTES);
            memory.put32Little(slot, 0);
        }
    }
}
