// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** The entries of a database that was flushed: out of reach, and given back in steps. */
@Rare
final class Remains extends BackgroundTask {
    private static final int BUCKETS_A_STEP = 64;

    private final Database database;
    private final Bytes memory;
    private final Dictionary keys;
    /** Next to be emptied, downwards. */
    private int bucket;

    Remains(Database database) {
        this.database = database;
        memory = database.keyspace.memory;
        keys = new Dictionary(database.keyspace.slabs, database.keyspace.keyHash);
    }

    /** Takes all entries. If there are some from an earlier time still, those go at once. */
    void takeFrom(Dictionary living) {
        while (keys.size() > 0) {
            step();
        }
        keys.swap(living);
        bucket = keys.buckets();
        if (keys.size() > 0) {
            database.keyspace.background.add(this, database.keyspace.nowNanos());
        }
    }

    @Override
    boolean step() {
        for (int i = 0; i < BUCKETS_A_STEP && bucket > 0; i++) {
            int entry = keys.detach(--bucket);
            while (entry != 0) {
                int next = Entry.next(memory, entry);
                database.free(entry);
                entry = next;
            }
        }
        if (bucket > 0) {
            return true;
        }
        keys.release();
        return false;
    }
}
