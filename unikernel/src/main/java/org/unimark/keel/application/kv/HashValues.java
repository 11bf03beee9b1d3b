// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** Hashes: the value of a field lies behind it in its node. */
@Rare
final class HashValues extends MemberValues {
    HashValues(Keyspace keyspace, Members members) {
        super(keyspace, members, Members.HASH, Entry.HASH);
    }

    @Override
    String name() {
        return "hash";
    }

    @Override
    String encoding(int entry) {
        return Entry.encoding(memory, entry) == COMPACT ? "listpack" : "hashtable";
    }

    @Override
    boolean copyNode(int from, int node, int to) {
        int length = members.length(node);
        members.find(to, memory, node + Members.NODE_BYTES, length);
        int copy = members.insert(to, memory, node + Members.NODE_BYTES, length, members.extra(node));
        if (copy != 0) {
            memory.copyFrom(members.valueAt(copy), memory, members.valueAt(node), members.extra(node));
        }
        return copy != 0;
    }

    @Override
    String rewriteCommand() {
        return "HSET";
    }

    @Override
    void rewriteNode(int header, int node, Effects effects) {
        effects.bytes(memory, node + Members.NODE_BYTES, members.length(node));
        effects.bytes(memory, members.valueAt(node), members.extra(node));
    }
}
