// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Values that are {@link Members}: hashes, sets and sorted sets. What is large is given back in the background. */
@Rare
abstract class MemberValues extends ValueType {
    /** As Redis would pack it; the encoding changes one way only. */
    static final int COMPACT = 0;

    static final int TABLE = 1;

    private static final int AT_ONCE = 256;
    private static final int STEP = 64;
    private static final int NODE_ESTIMATE = 48;
    // Of one command of a log that is rewritten, but for the last bucket of its part.
    private static final int BATCH = 64;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int MOST_BUCKETS = 256;

    /** Frees what nobody can find any more; tables that wait are chained through their counts. */
    private final class Undertaker extends BackgroundTask {
        private int first;

        @Override
        boolean step() {
            if (first != 0) {
                int following = memory.i32Little(first);
                if (members.destroy(first, STEP)) {
                    first = following;
                }
            }
            return first != 0;
        }

        void add(int header) {
            memory.put32Little(header, first);
            first = header;
            keyspace.background.add(this, keyspace.nowNanos());
        }
    }

    final Keyspace keyspace;
    final Members members;
    final Bytes memory;
    private final int kind;
    private final int type;
    private final Undertaker undertaker = new Undertaker();

    MemberValues(Keyspace keyspace, Members members, int kind, int type) {
        this.keyspace = keyspace;
        this.members = members;
        this.kind = kind;
        this.type = type;
        memory = keyspace.memory;
    }

    /** Makes an entry with an empty table for the key just looked up in vain; 0 if there is no memory. */
    final int create(Database database, Bytes key, int at, int length) {
        int header = members.create(kind);
        if (header == 0) {
            return 0;
        }
        int entry = database.create(key, at, length, type, COMPACT, 0);
        if (entry == 0) {
            members.destroy(header, Integer.MAX_VALUE);
            return 0;
        }
        Entry.setValue(memory, entry, header);
        return entry;
    }

    @Override
    final void release(int entry) {
        int header = Entry.value(memory, entry);
        if (members.count(header) <= AT_ONCE) {
            members.destroy(header, Integer.MAX_VALUE);
        } else {
            undertaker.add(header);
        }
    }

    @Override
    final long bytes(int entry) {
        int header = Entry.value(memory, entry);
        return Members.headerBytes(kind) + 4L * members.buckets(header) + (long) members.count(header) * NODE_ESTIMATE;
    }

    @Override
    final boolean copy(int source, int target) {
        int from = Entry.value(memory, source);
        int to = members.create(kind);
        for (int node = to == 0 ? 0 : members.firstNode(from); node != 0; node = members.after(from, node)) {
            if (!copyNode(from, node, to)) {
                members.destroy(to, Integer.MAX_VALUE);
                return false;
            }
        }
        Entry.setValue(memory, target, to);
        return to != 0;
    }

    /** Adds a copy of a node to another table. */
    abstract boolean copyNode(int from, int node, int to);

    abstract String rewriteCommand();

    @Override
    final int rewrite(int entry, int from, Effects effects) {
        int header = Entry.value(memory, entry);
        int count = 0;
        int bytes = 0;
        int behind = from;
        for (int bucket = 0; bucket < MOST_BUCKETS && count < BATCH && bytes < BATCH_BYTES; bucket++) {
            int node = members.first(header, members.bucketAtCursor(header, behind));
            for (; node != 0; node = members.next(node)) {
                count++;
                bytes += members.nodeBytes(header, node);
            }
            behind = members.cursorBehind(header, behind);
            if (behind == 0) {
                break;
            }
        }
        if (count > 0) {
            effects.begin(2 + (kind == Members.SET ? 1 : 2) * count);
            effects.text(rewriteCommand());
            effects.bytes(memory, Entry.keyAt(memory, entry), Entry.keyLength(memory, entry));
            rewriteNodes(header, from, behind, effects);
            effects.end();
        }
        return behind;
    }

    private void rewriteNodes(int header, int from, int behind, Effects effects) {
        int cursor = from;
        do {
            int node = members.first(header, members.bucketAtCursor(header, cursor));
            for (; node != 0; node = members.next(node)) {
                rewriteNode(header, node, effects);
            }
            cursor = members.cursorBehind(header, cursor);
        } while (cursor != behind);
    }

    abstract void rewriteNode(int header, int node, Effects effects);
}
