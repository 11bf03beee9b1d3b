// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.arp;

/** All neighbours by address: chained hashing with a secret multiplier, and a bound on the number of entries. */
final class NeighborCache {
    /** Entries; beyond that the stale one that was not used longest makes room, or the new one is refused. */
    static final int MAXIMUM_NEIGHBORS = 256;

    private static final int BUCKET_BITS = 6;

    private final Neighbor[] buckets = new Neighbor[1 << BUCKET_BITS];
    private final int multiplier;
    private Neighbor free;
    private int neighbors;

    /** Makes all entries at once: looking one up is part of sending, which allocates nothing. */
    NeighborCache(ArpEngine engine, long secret) {
        this.multiplier = (int) secret | 1;
        for (int i = 0; i < MAXIMUM_NEIGHBORS; i++) {
            Neighbor neighbor = new Neighbor(engine);
            neighbor.nextInBucket = free;
            free = neighbor;
        }
    }

    private int bucket(int address) {
        return address * multiplier >>> 32 - BUCKET_BITS;
    }

    /** Returns null if the address is unknown. */
    Neighbor find(int address) {
        Neighbor neighbor = buckets[bucket(address)];
        while (neighbor != null && neighbor.address != address) {
            neighbor = neighbor.nextInBucket;
        }
        return neighbor;
    }

    /** Makes an entry for an unknown address in state FREE; null if the cache is full. */
    Neighbor add(int address) {
        Neighbor neighbor = free;
        if (neighbor == null) {
            return null;
        }
        free = neighbor.nextInBucket;
        int bucket = bucket(address);
        neighbor.address = address;
        neighbor.nextInBucket = buckets[bucket];
        buckets[bucket] = neighbor;
        neighbors++;
        return neighbor;
    }

    /** Unlinks an entry, which the caller has reset. */
    void remove(Neighbor neighbor) {
        int bucket = bucket(neighbor.address);
        if (buckets[bucket] == neighbor) {
            buckets[bucket] = neighbor.nextInBucket;
        } else {
            Neighbor before = buckets[bucket];
            while (before.nextInBucket != neighbor) {
                before = before.nextInBucket;
            }
            before.nextInBucket = neighbor.nextInBucket;
        }
        neighbor.address = 0;
        neighbor.nextInBucket = free;
        free = neighbor;
        neighbors--;
    }

    /** The least recently used entry in one of two states, or null; looks at all: rare. */
    Neighbor oldest(Neighbor.State state, Neighbor.State alternative) {
        Neighbor oldest = null;
        for (Neighbor bucket : buckets) {
            for (Neighbor neighbor = bucket; neighbor != null; neighbor = neighbor.nextInBucket) {
                boolean fits = neighbor.state == state || neighbor.state == alternative;
                if (fits && (oldest == null || neighbor.usedNanos < oldest.usedNanos)) {
                    oldest = neighbor;
                }
            }
        }
        return oldest;
    }

    /** Any entry, or null when there is none. */
    Neighbor any() {
        for (Neighbor bucket : buckets) {
            if (bucket != null) {
                return bucket;
            }
        }
        return null;
    }

    int size() {
        return neighbors;
    }
}
