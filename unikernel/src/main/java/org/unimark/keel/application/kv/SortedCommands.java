// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** What commands about sorted sets have in common. */
@Rare
abstract class SortedCommands extends CollectionCommands {
    static final String BAD_SCORES = "ERR min or max is not a float";
    static final String BAD_MEMBERS = "ERR min or max not valid string range item";

    /** Redis packs whole scores up to here as integers. */
    private static final double PACKED_LIMIT = 1L << 62;

    final SortedSetValues sorted;
    final SkipList list;
    final FloatText floats;

    SortedCommands(KvServer server, SortedSetValues sorted, FloatText floats) {
        super(server, sorted.members, Entry.SORTED_SET, 2);
        this.sorted = sorted;
        this.floats = floats;
        list = sorted.list;
    }

    @Override
    String group() {
        return "sorted-set";
    }

    final void score(double score, Reply reply) {
        int length = floats.format(score, server.scratch, 0);
        if (reply.isResp3()) {
            reply.raw(",");
            reply.raw(server.scratch, 0, length);
            reply.raw("\r\n");
        } else {
            reply.bulk(server.scratch, 0, length);
        }
    }

    /** A member, and its score if wanted; a pair of its own in RESP3 if that {@code nests}. */
    final void memberAndScore(int header, int node, boolean withScore, boolean nests, Reply reply) {
        if (withScore && nests) {
            reply.array(2);
        }
        member(header, node, reply);
        if (withScore) {
            score(list.score(node), reply);
        }
    }

    final boolean readFloat(Arguments arguments, int index) {
        return floats.parseDouble(arguments.data(), arguments.at(index), arguments.length(index));
    }

    /** Puts a table that was made in the place of whatever the key of word {@code index} is; composes the size. */
    final void storeResult(KvClient client, Arguments arguments, int index, int result, Reply reply) {
        Database database = client.database;
        int count = members.count(result);
        int old = lookup(client, arguments, index);
        if (old != 0) {
            database.delete(old);
            changed(client, arguments, index);
        }
        if (count == 0) {
            members.destroy(result, Integer.MAX_VALUE);
            reply.integer(0);
            return;
        }
        int encoding = sorted.encodingOf(result);
        if (encoding == MemberValues.COMPACT) {
            list.dropNegativeZeros(result);
        }
        lookup(client, arguments, index);
        int entry = database.create(
                arguments.data(), arguments.at(index), arguments.length(index), Entry.SORTED_SET, encoding, 0);
        if (entry == 0) {
            members.destroy(result, Integer.MAX_VALUE);
            outOfMemory(reply);
            return;
        }
        Entry.setValue(memory, entry, result);
        changed(client, arguments, index);
        reply.integer(count);
    }

    @Override
    void scanned(int header, int node, Reply reply) {
        member(header, node, reply);
        // A scan shows scores as texts in RESP3, too; and a whole one as the integer that it is packed as.
        double score = list.score(node);
        if (isPacked() && Math.abs(score) <= PACKED_LIMIT && (long) score == score) {
            reply.bulk((long) score);
        } else {
            reply.bulk(server.scratch, 0, floats.format(score, server.scratch, 0));
        }
    }
}
