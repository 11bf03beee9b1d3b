// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** HRANDFIELD, SRANDMEMBER and ZRANDMEMBER: members of a collection by chance. */
@Rare
final class RandomReplies {
    /** What may follow a member. */
    interface Detail {
        void add(int node, Reply reply);
    }

    private static final int MAXIMUM = 1 << 20;

    private final CollectionCommands commands;
    private final RandomMembers members;
    private final Detail detail;

    /** {@code detail} is null where nothing follows. */
    RandomReplies(CollectionCommands commands, Detail detail) {
        this.commands = commands;
        this.detail = detail;
        members = new RandomMembers(commands.server, commands.members);
    }

    /** A command whose key may be followed by a count, and that by the word that asks for details. */
    void answer(KvClient client, Arguments arguments, int type, String detailWord, Reply reply) {
        boolean detailed = arguments.count() == 4 && arguments.is(3, detailWord);
        if (arguments.count() > 2) {
            if (!commands.integer(arguments, 2, reply)) {
                return;
            }
            if (commands.numbers.value() == Long.MIN_VALUE) {
                reply.error(CollectionCommands.NOT_A_CHOICE);
                return;
            }
            if (arguments.count() > 4 || (arguments.count() == 4 && !detailed)) {
                reply.error(DataCommands.SYNTAX);
                return;
            }
        }
        long count = arguments.count() > 2 ? commands.numbers.value() : 0;
        if (detailed && (count < -(Long.MAX_VALUE / 2) || count > Long.MAX_VALUE / 2)) {
            reply.error(CollectionCommands.OUT_OF_RANGE);
            return;
        }
        int entry = commands.read(client, arguments, 1);
        if (!commands.isWrongType(entry, type, reply)) {
            choose(commands.header(entry), arguments.count() == 2, count, detailed, reply);
        }
    }

    /** Members of the table {@code header}, 0 for none: a single one, or as many as {@code count} asks for. */
    void choose(int header, boolean single, long count, boolean detailed, Reply reply) {
        if (single) {
            if (header == 0) {
                reply.nil();
            } else {
                commands.member(header, commands.members.random(header, next()), reply);
            }
        } else if (header == 0 || count == 0) {
            reply.array(0);
        } else if (count < -MAXIMUM) {
            reply.error(CollectionCommands.OUT_OF_RANGE);
        } else {
            chooseMany(header, count, detailed, reply);
        }
    }

    private void chooseMany(int header, long count, boolean detailed, Reply reply) {
        int replies = members.begin(header, count);
        boolean nests = detailed && reply.isResp3();
        reply.array(detailed && !nests ? 2 * replies : replies);
        for (int i = 0; i < replies; i++) {
            int node = members.next(next());
            if (nests) {
                reply.array(2);
            }
            commands.member(header, node, reply);
            if (detailed) {
                detail.add(node, reply);
            }
        }
    }

    private long next() {
        return commands.keyspace.random.nextLong();
    }
}
