// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** Sorted sets: members in a table, and in order in a skip list through the same nodes. */
@Rare
final class SortedSetValues extends MemberValues {
    /** Beyond these Redis does not pack a sorted set. */
    private static final int COMPACT_MEMBERS = 128;

    private static final int COMPACT_BYTES = 64;

    final SkipList list;
    private final FloatText floats;
    private final Bytes scratch;

    SortedSetValues(KvServer server, Members members, FloatText floats) {
        super(server.keyspace, members, Members.SORTED_SET, Entry.SORTED_SET);
        this.floats = floats;
        scratch = server.scratch;
        list = new SkipList(keyspace.slabs, members, keyspace.random);
    }

    @Override
    String name() {
        return "zset";
    }

    @Override
    String encoding(int entry) {
        return Entry.encoding(memory, entry) == COMPACT ? "listpack" : "skiplist";
    }

    /** Adds the member just looked for in vain; false if there is no memory. */
    boolean add(int header, Bytes data, int at, int length, double score) {
        int levels = list.randomLevels(header);
        int node = levels == 0 ? 0 : members.insert(header, data, at, length, levels);
        if (node == 0) {
            return false;
        }
        list.link(header, node, score);
        return true;
    }

    void remove(int header, int node) {
        list.unlink(header, node);
        members.remove(header, node);
    }

    /** A member of that length is about to be added. */
    void grow(int entry, int length) {
        if (length > COMPACT_BYTES || members.count(Entry.value(memory, entry)) >= COMPACT_MEMBERS) {
            Entry.setKind(memory, entry, Entry.SORTED_SET, TABLE);
        }
    }

    /** How Redis would keep what a command has made as a whole. */
    int encodingOf(int header) {
        if (members.count(header) > COMPACT_MEMBERS) {
            return TABLE;
        }
        for (int node = members.firstNode(header); node != 0; node = members.after(header, node)) {
            if (members.length(node) > COMPACT_BYTES) {
                return TABLE;
            }
        }
        return COMPACT;
    }

    @Override
    boolean copyNode(int from, int node, int to) {
        int at = members.memberAt(from, node);
        members.find(to, memory, at, members.length(node));
        return add(to, memory, at, members.length(node), list.score(node));
    }

    @Override
    String rewriteCommand() {
        return "ZADD";
    }

    @Override
    void rewriteNode(int header, int node, Effects effects) {
        effects.bytes(scratch, 0, floats.format(list.score(node), scratch, 0));
        effects.bytes(memory, members.memberAt(header, node), members.length(node));
    }
}
