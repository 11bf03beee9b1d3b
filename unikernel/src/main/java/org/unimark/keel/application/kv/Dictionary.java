// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/**
 * Entries by key: linear hashing. An insertion that finds the table full splits one bucket in two, a removal that finds it
 * empty merges two, so that no operation ever copies a table, and none is held twice. Buckets are handles of first entries,
 * in segments that a directory lists.
 */
final class Dictionary {
    private static final int SMALLEST = 16;

    private final Bytes memory;
    private final KeyHash keyHash;
    private final IntTable table;
    private int buckets;
    /** One less than the highest power of two that is not above {@link #buckets}. */
    private int lowMask;

    private int entries;

    /** Where the handle of the entry that {@link #find} returned is stored. */
    private int foundLink;

    /** Hash of the key that {@link #find} looked for. */
    private int foundHash;

    Dictionary(Slabs slabs, KeyHash keyHash) {
        memory = slabs.memory();
        table = new IntTable(slabs);
        this.keyHash = keyHash;
    }

    int size() {
        return entries;
    }

    int buckets() {
        return buckets;
    }

    long tableBytes() {
        return table.bytes();
    }

    /** Returns the entry with that key, or 0. */
    int find(Bytes data, int at, int length) {
        int hash = keyHash.of(data, at, length);
        foundHash = hash;
        if (entries == 0) {
            return 0;
        }
        int link = bucketAt(bucketOf(hash));
        int entry = memory.i32Little(link);
        while (entry != 0) {
            if (Entry.resembles(memory, entry, hash, length)
                    && memory.matches(Entry.keyAt(memory, entry), data, at, length)) {
                foundLink = link;
                return entry;
            }
            link = entry + Entry.NEXT;
            entry = memory.i32Little(link);
        }
        return 0;
    }

    /** Hash of the key that was looked for last. */
    int hash() {
        return foundHash;
    }

    /** Makes room for one entry more; false if there is no memory. Before {@link #insert}, always. */
    boolean prepare() {
        if (entries >= buckets) {
            return buckets == 0 ? create() : split();
        }
        return true;
    }

    /** Adds an entry whose hash is set and whose key is not there. */
    void insert(int entry) {
        int link = bucketAt(bucketOf(Entry.hash(memory, entry)));
        Entry.setNext(memory, entry, memory.i32Little(link));
        memory.put32Little(link, entry);
        entries++;
    }

    /** Puts an entry in the place of the one that {@link #find} returned, whose cell has moved or goes. */
    void replaceFound(int entry, int next) {
        memory.put32Little(foundLink, entry);
        Entry.setNext(memory, entry, next);
    }

    /** Takes out what {@link #find} returned; the cell is the caller's. */
    void removeFound(int entry) {
        memory.put32Little(foundLink, Entry.next(memory, entry));
        removed();
    }

    /** Takes out an entry that is known by its handle. */
    void remove(int entry) {
        locate(entry);
        removeFound(entry);
    }

    /** Makes an entry that is known by its handle the one that was found. */
    void locate(int entry) {
        int link = bucketAt(bucketOf(Entry.hash(memory, entry)));
        int at = memory.i32Little(link);
        while (at != entry) {
            link = at + Entry.NEXT;
            at = memory.i32Little(link);
        }
        foundLink = link;
    }

    private void removed() {
        entries--;
        if (entries < buckets >> 2 && buckets > SMALLEST) {
            merge();
            if (buckets > SMALLEST) {
                merge();
            }
        }
    }

    /** First entry of a bucket, for those who walk over all. */
    int first(int bucket) {
        return memory.i32Little(bucketAt(bucket));
    }

    /** An entry at random, or 0 if there is none; entries of crowded buckets are a little rarer. */
    int random(long random) {
        if (entries == 0) {
            return 0;
        }
        int bucket = (int) ((random >>> 33) * buckets >>> 31);
        int entry = first(bucket);
        while (entry == 0) {
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
            entry = first(bucket);
        }
        for (int skip = (int) random & 3; skip > 0 && Entry.next(memory, entry) != 0; skip--) {
            entry = Entry.next(memory, entry);
        }
        return entry;
    }

    /**
     * The bucket that a cursor stands at. A cursor is a hash with its bits counted from the lowest: whatever is split or merged
     * meanwhile, what lies before it has been visited, and what lies behind has not.
     */
    int bucketAtCursor(int cursor) {
        return bucketOf(cursor);
    }

    /** Where a walk goes on behind the bucket of {@code cursor}; 0 at the end. */
    int cursorBehind(int cursor) {
        int mask = buckets == 0 ? 0 : maskOf(cursor);
        int next = cursor | ~mask;
        return Integer.reverse(Integer.reverse(next) + 1);
    }

    private int maskOf(int hash) {
        // A bucket that has been split, and its upper half, are told apart by one bit more.
        return (hash & lowMask) + lowMask + 1 < buckets ? lowMask << 1 | 1 : lowMask;
    }

    private int bucketOf(int hash) {
        int bucket = hash & (lowMask << 1 | 1);
        return bucket < buckets ? bucket : hash & lowMask;
    }

    private int bucketAt(int bucket) {
        return table.position(bucket);
    }

    private boolean create() {
        if (!table.reach(SMALLEST)) {
            return false;
        }
        buckets = SMALLEST;
        lowMask = SMALLEST - 1;
        return true;
    }

    /** Without memory for another segment, buckets become longer, which is slow but right. */
    private boolean split() {
        int bucket = buckets;
        if (!table.reach(bucket + 1)) {
            return true;
        }
        int upper = lowMask + 1;
        buckets = bucket + 1;
        int lowLink = bucketAt(bucket - upper);
        int entry = memory.i32Little(lowLink);
        int high = 0;
        int low = 0;
        while (entry != 0) {
            int next = Entry.next(memory, entry);
            if ((Entry.hash(memory, entry) & upper) != 0) {
                Entry.setNext(memory, entry, high);
                high = entry;
            } else {
                Entry.setNext(memory, entry, low);
                low = entry;
            }
            entry = next;
        }
        memory.put32Little(lowLink, low);
        memory.put32Little(bucketAt(bucket), high);
        if (buckets == upper << 1) {
            lowMask = buckets - 1;
        }
        return true;
    }

    private void merge() {
        int bucket = buckets - 1;
        if (bucket == lowMask) {
            lowMask >>>= 1;
        }
        int entry = memory.i32Little(bucketAt(bucket));
        memory.put32Little(bucketAt(bucket), 0);
        int lowLink = bucketAt(bucket - lowMask - 1);
        while (entry != 0) {
            int next = Entry.next(memory, entry);
            Entry.setNext(memory, entry, memory.i32Little(lowLink));
            memory.put32Little(lowLink, entry);
            entry = next;
        }
        buckets = bucket;
        table.shrink(bucket);
    }

    /** Exchanges contents. */
    void swap(Dictionary other) {
        int otherBuckets = other.buckets;
        int otherMask = other.lowMask;
        int otherEntries = other.entries;
        other.buckets = buckets;
        other.lowMask = lowMask;
        other.entries = entries;
        buckets = otherBuckets;
        lowMask = otherMask;
        entries = otherEntries;
        table.swap(other.table);
    }

    /** Takes all entries out of a bucket and returns the first. */
    int detach(int bucket) {
        int first = first(bucket);
        memory.put32Little(bucketAt(bucket), 0);
        for (int entry = first; entry != 0; entry = Entry.next(memory, entry)) {
            entries--;
        }
        return first;
    }

    /** Gives back the memory of a dictionary that has no entries any more. */
    void release() {
        table.shrink(0);
        buckets = 0;
        lowMask = 0;
    }
}
