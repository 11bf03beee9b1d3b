// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** One of the numbered databases: entries by key, and a list of those that expire. */
final class Database {
    final Keyspace keyspace;
    final int number;
    final Dictionary keys;

    private final Bytes memory;
    private final Slabs slabs;
    /** Handles of volatile entries in no order; each knows its place. */
    private final IntTable volatiles;

    private int volatileCount;
    /** What was flushed and is taken apart in steps. */
    private final Remains remains;

    Database(Keyspace keyspace, int number) {
        this.keyspace = keyspace;
        this.number = number;
        slabs = keyspace.slabs;
        memory = keyspace.memory;
        keys = new Dictionary(slabs, keyspace.keyHash);
        volatiles = new IntTable(slabs);
        remains = new Remains(this);
    }

    int size() {
        return keys.size();
    }

    int volatileCount() {
        return volatileCount;
    }

    int volatileEntry(int index) {
        return volatiles.get(index);
    }

    /** The entry of that key for reading, or 0: counts a hit or miss, and remembers that it was used. */
    int read(Bytes data, int at, int length) {
        int entry = peek(data, at, length);
        if (entry == 0) {
            keyspace.misses++;
            return 0;
        }
        keyspace.hits++;
        touch(entry);
        return entry;
    }

    /** The entry of that key for a change, or 0: remembers that it was used. */
    int lookup(Bytes data, int at, int length) {
        int entry = peek(data, at, length);
        if (entry != 0) {
            touch(entry);
        }
        return entry;
    }

    /** The entry of that key, or 0; one whose time is over is removed. */
    int peek(Bytes data, int at, int length) {
        int entry = keys.find(data, at, length);
        if (entry != 0
                && Entry.isVolatile(memory, entry)
                && Entry.expiry(memory, entry) <= keyspace.nowMillis()
                && keyspace.effects.mayExpire()) {
            expire(entry);
            return 0;
        }
        return entry;
    }

    private void touch(int entry) {
        int clock = keyspace.accessClock;
        if (keyspace.countsUses) {
            clock = Frequency.used(Entry.clock(memory, entry), clock, keyspace.random);
        }
        Entry.setClock(memory, entry, clock);
    }

    /** What the clock of a new entry is. */
    private int firstClock() {
        return keyspace.countsUses ? Frequency.first(keyspace.accessClock) : keyspace.accessClock;
    }

    /**
     * Adds an entry for the key that {@link #peek} or its like was just asked for in vain. Its payload is 0.
     *
     * @param embeddedBytes room for a value behind the key
     * @return 0 if there is no memory
     */
    int create(Bytes key, int at, int length, int type, int encoding, int embeddedBytes) {
        int hash = keys.hash();
        int entry = keys.prepare() ? slabs.allocate(Entry.HEADER_BYTES + length + embeddedBytes) : 0;
        if (entry == 0) {
            return 0;
        }
        Entry.begin(memory, entry, hash, length, type, encoding, firstClock());
        Entry.setNumber(memory, entry, 0);
        memory.copyFrom(entry + Entry.HEADER_BYTES, key, at, length);
        keys.insert(entry);
        return entry;
    }

    /** Bytes of an entry's cell. */
    int cellBytes(int entry) {
        int embedded = Strings.isEmbedded(memory, entry) ? Entry.value(memory, entry) : 0;
        return Entry.embeddedAt(memory, entry) - entry + embedded;
    }

    /** Deletes an entry and its value. */
    void delete(int entry) {
        keys.remove(entry);
        if (Entry.isVolatile(memory, entry)) {
            forgetVolatile(entry);
        }
        free(entry);
    }

    /** Gives back an entry that is in no table any more. */
    void free(int entry) {
        int bytes = cellBytes(entry);
        keyspace.types[Entry.type(memory, entry)].release(entry);
        slabs.free(entry, bytes);
    }

    /**
     * Makes a cell like that of an entry, under another key, for a database where that key is not or is deleted before
     * {@link #enter} or {@link #adopt}. Its payload is that of the entry: two cells claim one value until then.
     *
     * @return 0 if there is no memory
     */
    @Rare
    int makeNamesake(int entry, Database home, Bytes key, int at, int length) {
        boolean isVolatile = Entry.isVolatile(memory, entry);
        if (!home.keys.prepare() || (isVolatile && !home.volatiles.reach(home.volatileCount + 1))) {
            return 0;
        }
        int header = Entry.keyAt(memory, entry) - entry;
        int embedded = cellBytes(entry) - header - Entry.keyLength(memory, entry);
        int made = slabs.allocate(header + length + embedded);
        if (made == 0) {
            return 0;
        }
        memory.copyFrom(made, memory, entry, header);
        memory.copyFrom(made + header, key, at, length);
        memory.copyFrom(made + header + length, memory, Entry.embeddedAt(memory, entry), embedded);
        Entry.setKey(memory, made, keyspace.keyHash.of(key, at, length), length);
        return made;
    }

    /** Enters a cell that {@link #makeNamesake} made and whose value is its own. */
    @Rare
    void enter(int made) {
        keys.insert(made);
        if (Entry.isVolatile(memory, made)) {
            remember(made);
        }
    }

    /** The namesake takes over the value of an entry of this database, which goes. */
    @Rare
    void adopt(int entry, Database home, int made) {
        int bytes = cellBytes(entry);
        keys.remove(entry);
        if (Entry.isVolatile(memory, entry)) {
            forgetVolatile(entry);
        }
        slabs.free(entry, bytes);
        home.enter(made);
    }

    /** Gives a namesake a copy of the entry's value; false if there is no memory, and then it is gone. */
    @Rare
    boolean copyValue(int entry, int made) {
        int bytes = cellBytes(entry) - Entry.keyLength(memory, entry) + Entry.keyLength(memory, made);
        if (keyspace.types[Entry.type(memory, entry)].copy(entry, made)) {
            return true;
        }
        slabs.free(made, bytes);
        return false;
    }

    /** Deletes an entry whose time is over; the log and those who watch hear of it. */
    @Rare
    void expire(int entry) {
        keyspace.expired++;
        deleteWithEffect(entry);
    }

    @Rare
    void evict(int entry) {
        keyspace.evicted++;
        deleteWithEffect(entry);
    }

    @Rare
    private void deleteWithEffect(int entry) {
        keyspace.changed(this, entry);
        keyspace.effects.deleted(number, memory, entry);
        delete(entry);
    }

    /**
     * Gives an entry a time of expiry; it moves.
     *
     * @return its new handle, or 0 if there is no memory
     */
    @Rare
    int setExpiry(int entry, long epochMillis) {
        if (Entry.isVolatile(memory, entry)) {
            Entry.setExpiry(memory, entry, epochMillis);
            return entry;
        }
        if (!volatiles.reach(volatileCount + 1)) {
            return 0;
        }
        int moved = relocate(entry, Entry.VOLATILE_BYTES);
        if (moved != 0) {
            Entry.setVolatile(memory, moved, true);
            Entry.setExpiry(memory, moved, epochMillis);
            remember(moved);
        }
        return moved;
    }

    @Rare
    private void remember(int entry) {
        Entry.setVolatileIndex(memory, entry, volatileCount);
        volatiles.set(volatileCount++, entry);
    }

    /** Takes the time of expiry from a volatile entry; it moves. Returns its new handle, or 0 if there is no memory. */
    @Rare
    int persist(int entry) {
        int moved = relocate(entry, -Entry.VOLATILE_BYTES);
        if (moved != 0) {
            Entry.setVolatile(memory, moved, false);
        }
        return moved;
    }

    /** Moves an entry into a cell with more or less room before its key; volatile ones leave their list. */
    @Rare
    private int relocate(int entry, int more) {
        int oldBytes = cellBytes(entry);
        int keyAt = Entry.keyAt(memory, entry);
        int moved = slabs.allocate(oldBytes + more);
        if (moved == 0) {
            return 0;
        }
        keys.locate(entry);
        if (more < 0) {
            forgetVolatile(entry);
        }
        memory.copyFrom(moved, memory, entry, Entry.HEADER_BYTES);
        memory.copyFrom(keyAt - entry + moved + more, memory, keyAt, oldBytes - (keyAt - entry));
        keys.replaceFound(moved, Entry.next(memory, entry));
        slabs.free(entry, oldBytes);
        return moved;
    }

    /** An entry has moved to a cell made by a copy of its header. */
    @Rare
    void moved(int from, int to) {
        keys.locate(from);
        keys.replaceFound(to, Entry.next(memory, from));
        if (Entry.isVolatile(memory, to)) {
            volatiles.set(Entry.volatileIndex(memory, to), to);
        }
    }

    /** The cell of a volatile entry goes, or becomes one of an entry that is not. */
    @Rare
    void forgetVolatile(int entry) {
        int index = Entry.volatileIndex(memory, entry);
        int last = volatiles.get(--volatileCount);
        volatiles.set(index, last);
        Entry.setVolatileIndex(memory, last, index);
        // The last segment stays: an entry that takes this one's place has been promised room.
        if (volatileCount > 0) {
            volatiles.shrink(volatileCount);
        }
    }

    /** An entry at random, or 0. */
    @Rare
    int randomEntry() {
        return keys.random(keyspace.random.nextLong());
    }

    @Rare
    int randomVolatileEntry() {
        return volatileCount == 0 ? 0 : volatiles.get(keyspace.random(volatileCount));
    }

    long tableBytes() {
        return keys.tableBytes() + volatiles.bytes();
    }

    /** Deletes everything; what it takes up comes back in steps. */
    @Rare
    void clear() {
        volatileCount = 0;
        volatiles.shrink(0);
        remains.takeFrom(keys);
    }

    /** Gives back some of what was flushed; false if there is none. */
    @Rare
    boolean reclaim() {
        return remains.step();
    }

    /** Exchanges the contents of two databases. */
    @Rare
    void swap(Database other) {
        keys.swap(other.keys);
        volatiles.swap(other.volatiles);
        int count = other.volatileCount;
        other.volatileCount = volatileCount;
        volatileCount = count;
    }
}
