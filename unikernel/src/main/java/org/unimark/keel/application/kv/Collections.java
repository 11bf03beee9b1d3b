// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** Puts the types that are collections, and their commands, into a server. */
@Rare
final class Collections {
    private Collections() {}

    static void addTo(KvServer server) {
        Keyspace keyspace = server.keyspace;
        Members members = new Members(server.slabs, keyspace.keyHash);
        FloatText floats = new FloatText();
        HashValues hashes = new HashValues(keyspace, members);
        SetValues sets = new SetValues(keyspace, members);
        keyspace.types[Entry.HASH] = hashes;
        keyspace.types[Entry.SET] = sets;
        SortedSetValues sorted = new SortedSetValues(server, members, floats);
        keyspace.types[Entry.SORTED_SET] = sorted;
        ListValues lists = new ListValues(keyspace);
        keyspace.types[Entry.LIST] = lists;
        server.table.add(new ListCommands(server, lists));
        server.table.add(new HashCommands(server, hashes, floats));
        server.table.add(new SetCommands(server, sets));
        server.table.add(new SortedSetCommands(server, sorted, floats));
        server.table.add(new SortedRangeCommands(server, sorted, floats));
        server.table.add(new SortedAlgebraCommands(server, sorted, floats));
    }
}
