// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** Sets. */
@Rare
final class SetValues extends MemberValues {
    SetValues(Keyspace keyspace, Members members) {
        super(keyspace, members, Members.SET, Entry.SET);
    }

    @Override
    String name() {
        return "set";
    }

    @Override
    String encoding(int entry) {
        return Entry.encoding(memory, entry) == COMPACT ? "intset" : "hashtable";
    }

    @Override
    boolean copyNode(int from, int node, int to) {
        int length = members.length(node);
        members.find(to, memory, node + Members.NODE_BYTES, length);
        return members.insert(to, memory, node + Members.NODE_BYTES, length, 0) != 0;
    }

    @Override
    String rewriteCommand() {
        return "SADD";
    }

    @Override
    void rewriteNode(int header, int node, Effects effects) {
        effects.bytes(memory, node + Members.NODE_BYTES, members.length(node));
    }
}
