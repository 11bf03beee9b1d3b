// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.RandomSource;

/** All databases, the memory that they share, and what is counted about them. */
final class Keyspace {
    /** Hears of changes of keys. */
    interface ChangeListener {
        void changed(int database, Bytes key, int at, int length);

        /** Every key that is in the database goes, or has come. */
        void allChanged(int database);
    }

    final Slabs slabs;
    final Bytes memory;
    final KeyHash keyHash;
    final Chance random;
    final Background background;
    final Effects effects;
    final Database[] databases;
    /** By {@link Entry}'s numbers of types. */
    final ValueType[] types = new ValueType[5];

    /** Asked only while {@link #watchedKeys} is not 0. */
    ChangeListener watchers;

    /** Keys that some client watches, each counted once. */
    int watchedKeys;

    /** Asked only while {@link #blockedClients} is not 0. */
    ChangeListener waiters;

    /** Clients with a command that waits for a key. */
    int blockedClients;

    /** Changes since boot: how the log knows that a command changed anything. */
    long changes;

    /** What {@link Entry#setClock} gets when an entry is used; seconds, or minutes for the LFU policies. */
    int accessClock;

    boolean countsUses;

    long hits;
    long misses;
    long expired;
    long evicted;

    private final Clock clock;
    private long nowMillis;
    private boolean timeIsKnown;

    Keyspace(Slabs slabs, RandomSource random, Clock clock, Background background, Effects effects, int databaseCount) {
        this.slabs = slabs;
        this.random = new Chance(random.nextLong());
        this.clock = clock;
        this.background = background;
        this.effects = effects;
        memory = slabs.memory();
        keyHash = new KeyHash(random.nextLong(), random.nextLong(), random.nextLong());
        databases = new Database[databaseCount];
        for (int i = 0; i < databaseCount; i++) {
            databases[i] = new Database(this, i);
        }
    }

    /** A new turn of the event loop: time has passed. */
    void beginTurn() {
        timeIsKnown = false;
    }

    /** Milliseconds since 1970, the same throughout a turn. */
    long nowMillis() {
        if (!timeIsKnown) {
            timeIsKnown = true;
            nowMillis = clock.epochMillis();
        }
        return nowMillis;
    }

    long nowNanos() {
        return clock.nanos();
    }

    /** A key was changed, made or deleted by a command. */
    void changed(Database database, Bytes key, int at, int length) {
        if (countChange()) {
            tell(database, key, at, length);
        }
    }

    /** Counts a change; whether somebody has to be told which key it was. */
    boolean countChange() {
        changes++;
        return (watchedKeys | blockedClients) != 0;
    }

    /** Tells those who watch a key, or wait for it, of a change that was counted. */
    void tell(Database database, Bytes key, int at, int length) {
        if (watchedKeys != 0) {
            watchers.changed(database.number, key, at, length);
        }
        if (blockedClients != 0) {
            waiters.changed(database.number, key, at, length);
        }
    }

    /** The same about an entry that is in place. */
    void changed(Database database, int entry) {
        changed(database, memory, Entry.keyAt(memory, entry), Entry.keyLength(memory, entry));
    }

    /** All keys that are in the database are about to go, or have come: whoever watches one or waits for one has to know. */
    void allChanged(Database database) {
        changes++;
        if (watchedKeys != 0) {
            watchers.allChanged(database.number);
        }
        if (blockedClients != 0) {
            waiters.allChanged(database.number);
        }
    }

    int size() {
        int size = 0;
        for (Database database : databases) {
            size += database.size();
        }
        return size;
    }

    /** A number from 0 to {@code limit - 1}. */
    int random(int limit) {
        return (int) ((random.nextLong() >>> 33) * limit >>> 31);
    }
}
