// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Makes room by deleting the key, among a few at random, that the policy likes least. */
@Rare
final class Eviction {
    /** Keys that one command may evict before it is refused. */
    private static final int MAXIMUM_VICTIMS = 256;

    private final Keyspace keyspace;
    private final Bytes memory;
    private int policy;
    private int samples;
    /** Where the search for a victim begins, so that no database is favoured. */
    private int nextDatabase;

    private long bestScore;

    Eviction(Keyspace keyspace, int policy, int samples) {
        this.keyspace = keyspace;
        memory = keyspace.memory;
        this.samples = samples;
        setPolicy(policy);
    }

    void setPolicy(int newPolicy) {
        policy = newPolicy;
        keyspace.countsUses = policy == Configuration.ALL_KEYS_LFU || policy == Configuration.VOLATILE_LFU;
        setClock();
    }

    int policy() {
        return policy;
    }

    void setSamples(int newSamples) {
        samples = newSamples;
    }

    int samples() {
        return samples;
    }

    /** Sets the clock that entries are marked with; to be called once a second. */
    void setClock() {
        long seconds = keyspace.nowMillis() / 1000;
        keyspace.accessClock = keyspace.countsUses ? (int) (seconds / 60) & 0xffff : (int) seconds & 0xffffff;
    }

    /** Evicts until there is room; false if there is nothing to evict. */
    boolean makeRoom(MemoryLimit limit) {
        if (policy == Configuration.NO_EVICTION) {
            return false;
        }
        for (int i = 0; i < MAXIMUM_VICTIMS && !limit.hasRoom(); i++) {
            if (!evictOne()) {
                return false;
            }
        }
        return true;
    }

    /** What has been flushed goes before anything else. */
    void reclaim(MemoryLimit limit) {
        for (Database database : keyspace.databases) {
            while (!limit.hasRoom() && database.reclaim()) {
                // Each step frees some cells.
            }
        }
    }

    private boolean evictOne() {
        Database home = null;
        int victim = 0;
        bestScore = Long.MIN_VALUE;
        int count = keyspace.databases.length;
        boolean chance = policy == Configuration.ALL_KEYS_RANDOM || policy == Configuration.VOLATILE_RANDOM;
        for (int i = 0; i < count; i++) {
            Database database = keyspace.databases[(nextDatabase + i) % count];
            int looks = candidates(database) == 0 ? 0 : chance ? 1 : samples;
            for (int look = 0; look < looks; look++) {
                int entry = isVolatilePolicy() ? database.randomVolatileEntry() : database.randomEntry();
                long score = score(entry);
                if (score > bestScore) {
                    bestScore = score;
                    victim = entry;
                    home = database;
                }
            }
            if (chance && victim != 0) {
                break;
            }
        }
        nextDatabase = (nextDatabase + 1) % count;
        if (home == null) {
            return false;
        }
        home.evict(victim);
        return true;
    }

    private int candidates(Database database) {
        return isVolatilePolicy() ? database.volatileCount() : database.size();
    }

    private boolean isVolatilePolicy() {
        return switch (policy) {
            case Configuration.VOLATILE_LRU,
                    Configuration.VOLATILE_LFU,
                    Configuration.VOLATILE_RANDOM,
                    Configuration.VOLATILE_TTL -> true;
            default -> false;
        };
    }

    /** The higher, the sooner it goes. */
    private long score(int entry) {
        return switch (policy) {
            case Configuration.ALL_KEYS_LRU, Configuration.VOLATILE_LRU -> idleSeconds(entry);
            case Configuration.ALL_KEYS_LFU, Configuration.VOLATILE_LFU -> -useCount(entry);
            case Configuration.VOLATILE_TTL -> -Entry.expiry(memory, entry);
            default -> 0;
        };
    }

    /** Seconds since the last use, under a policy that does not count uses. */
    int idleSeconds(int entry) {
        return keyspace.accessClock - Entry.clock(memory, entry) & 0xffffff;
    }

    int useCount(int entry) {
        return Frequency.count(Entry.clock(memory, entry), keyspace.accessClock);
    }
}
