// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * Removes keys whose time is over and which nobody asks for: looks at some at random, and goes on in the background while
 * more than a quarter of them are over.
 */
@Rare
final class ActiveExpiry extends BackgroundTask {
    private static final int LOOKS = 20;
    private static final int WORTHWHILE = LOOKS / 4;

    private final Keyspace keyspace;
    private final Bytes memory;
    private int next;

    ActiveExpiry(Keyspace keyspace) {
        this.keyspace = keyspace;
        memory = keyspace.memory;
    }

    /** Ten times a second. */
    void tick(long nowNanos) {
        if (step()) {
            keyspace.background.add(this, nowNanos);
        }
    }

    @Override
    boolean step() {
        keyspace.beginTurn();
        boolean more = false;
        for (int i = 0; i < keyspace.databases.length; i++) {
            next = next + 1 == keyspace.databases.length ? 0 : next + 1;
            Database database = keyspace.databases[next];
            if (database.volatileCount() > 0) {
                more |= look(database) > WORTHWHILE;
            }
        }
        keyspace.effects.finish();
        return more;
    }

    private int look(Database database) {
        int over = 0;
        long now = keyspace.nowMillis();
        for (int i = 0; i < LOOKS && database.volatileCount() > 0; i++) {
            int entry = database.randomVolatileEntry();
            if (Entry.expiry(memory, entry) <= now) {
                database.expire(entry);
                over++;
            }
        }
        return over;
    }
}
