// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** Sorted sets: single members, and the ends. */
@Rare
final class SortedSetCommands extends SortedCommands implements PopFromMany.Values {
    private static final String[] COMMANDS = {
        "zadd -4 wmF 1 1 1",
        "zincrby 4 wmF 1 1 1",
        "zrem -3 wF 1 1 1",
        "zscore 3 rF 1 1 1",
        "zmscore -3 rF 1 1 1",
        "zcard 2 rF 1 1 1",
        "zrank 3 rF 1 1 1",
        "zrevrank 3 rF 1 1 1",
        "zpopmin -2 wF 1 1 1",
        "zpopmax -2 wF 1 1 1",
        "zmpop -4 wx 0 0 0",
        "zrandmember -2 r 1 1 1",
        "zscan -3 r 1 1 1",
    };

    private static final int NX = 1;
    private static final int XX = 2;
    private static final int GT = 4;
    private static final int LT = 8;
    private static final int CHANGES = 16;
    private static final int INCREMENT = 32;

    private static final int NOTHING = 0;
    private static final int ADDED = 1;
    private static final int UPDATED = 2;
    private static final int SAME = 3;
    private static final int NOT_A_NUMBER = 4;
    private static final int NO_MEMORY = 5;

    private final PopFromMany popFromMany;
    private final RandomReplies random;
    private double newScore;

    SortedSetCommands(KvServer server, SortedSetValues sorted, FloatText floats) {
        super(server, sorted, floats);
        popFromMany = new PopFromMany(this, Entry.SORTED_SET, "min", "max", this);
        server.table.add(new BlockingPops(this, popFromMany, null));
        random = new RandomReplies(this, (node, reply) -> score(list.score(node), reply));
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0 -> add(client, arguments, 0, reply);
            case 1 -> add(client, arguments, INCREMENT, reply);
            case 2 -> remove(client, arguments, reply);
            case 3 -> scores(client, arguments, false, reply);
            case 4 -> scores(client, arguments, true, reply);
            case 5 -> size(client, arguments, reply);
            case 6 -> rank(client, arguments, false, reply);
            case 7 -> rank(client, arguments, true, reply);
            case 8 -> pop(client, arguments, false, reply);
            case 9 -> pop(client, arguments, true, reply);
            case 10 -> popFromMany.execute(client, arguments, 1, reply);
            case 11 -> random.answer(client, arguments, Entry.SORTED_SET, "withscores", reply);
            default -> scan(client, arguments, reply);
        }
    }

    private static int option(Arguments arguments, int index) {
        if (arguments.length(index) == 4) {
            return arguments.is(index, "incr") ? INCREMENT : 0;
        }
        if (arguments.length(index) != 2) {
            return 0;
        }
        if (arguments.is(index, "nx")) {
            return NX;
        }
        if (arguments.is(index, "xx")) {
            return XX;
        }
        if (arguments.is(index, "gt")) {
            return GT;
        }
        if (arguments.is(index, "lt")) {
            return LT;
        }
        return arguments.is(index, "ch") ? CHANGES : 0;
    }

    /** ZADD, and ZINCRBY, which is one with an option that is {@code given}: Redis takes the others there too. */
    private void add(KvClient client, Arguments arguments, int given, Reply reply) {
        int options = given;
        int first = 2;
        for (; first < arguments.count(); first++) {
            int option = option(arguments, first);
            if (option == 0) {
                break;
            }
            options |= option;
        }
        int words = arguments.count() - first;
        if (words == 0 || (words & 1) != 0) {
            reply.error(SYNTAX);
        } else if ((options & (NX | XX)) == (NX | XX)) {
            reply.error("ERR XX and NX options at the same time are not compatible");
        } else if (Integer.bitCount(options & (NX | GT | LT)) > 1) {
            reply.error("ERR GT, LT, and/or NX options at the same time are not compatible");
        } else if ((options & INCREMENT) != 0 && words > 2) {
            reply.error("ERR INCR option supports a single increment-element pair");
        } else {
            addPairs(client, arguments, first, options, reply);
        }
    }

    private void addPairs(KvClient client, Arguments arguments, int first, int options, Reply reply) {
        for (int i = first; i < arguments.count(); i += 2) {
            if (!readFloat(arguments, i)) {
                reply.error(NOT_A_FLOAT);
                return;
            }
        }
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        if (entry == 0 && (options & XX) == 0) {
            entry = sorted.create(client.database, arguments.data(), arguments.at(1), arguments.length(1));
            if (entry == 0) {
                outOfMemory(reply);
                return;
            }
        }
        int added = 0;
        int updated = 0;
        int result = NOTHING;
        for (int i = first; entry != 0 && i < arguments.count(); i += 2) {
            readFloat(arguments, i);
            result = addOne(entry, arguments, i + 1, floats.value(), options);
            added += result == ADDED ? 1 : 0;
            updated += result == UPDATED ? 1 : 0;
            if (result >= NOT_A_NUMBER) {
                break;
            }
        }
        if (added + updated > 0) {
            changed(client, arguments, 1);
        }
        if (entry != 0) {
            deleteIfEmpty(client, entry);
        }
        addReply(options, result, added, updated, reply);
    }

    private void addReply(int options, int result, int added, int updated, Reply reply) {
        if (result == NOT_A_NUMBER) {
            reply.error("ERR resulting score is not a number (NaN)");
        } else if (result == NO_MEMORY) {
            outOfMemory(reply);
        } else if ((options & INCREMENT) == 0) {
            reply.integer((options & CHANGES) != 0 ? added + updated : added);
        } else if (result == NOTHING) {
            reply.nil();
        } else {
            score(newScore, reply);
        }
    }

    private int addOne(int entry, Arguments arguments, int index, double given, int options) {
        int header = header(entry);
        int node = find(header, arguments, index);
        if (node == 0) {
            if ((options & XX) != 0) {
                return NOTHING;
            }
            newScore = given;
            int length = arguments.length(index);
            // First, for Redis would not pack the score of the member that is too many or too long.
            sorted.grow(entry, length);
            return sorted.add(header, arguments.data(), arguments.at(index), length, kept(entry, given))
                    ? ADDED
                    : NO_MEMORY;
        }
        if ((options & NX) != 0) {
            return NOTHING;
        }
        double old = list.score(node);
        double wanted = (options & INCREMENT) != 0 ? old + given : given;
        if (Double.isNaN(wanted)) {
            return NOT_A_NUMBER;
        }
        if (((options & LT) != 0 && wanted >= old) || ((options & GT) != 0 && wanted <= old)) {
            return NOTHING;
        }
        newScore = wanted;
        if (wanted == old) {
            return SAME;
        }
        list.move(header, node, kept(entry, wanted));
        return UPDATED;
    }

    /** As long as Redis would pack the set, it keeps whole scores as integers, which have no negative zero. */
    private double kept(int entry, double score) {
        return Entry.encoding(memory, entry) == MemberValues.COMPACT ? score + 0.0 : score;
    }

    private void remove(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        int removed = 0;
        for (int i = 2; entry != 0 && i < arguments.count(); i++) {
            int header = header(entry);
            int node = find(header, arguments, i);
            if (node != 0) {
                removed++;
                sorted.remove(header, node);
                entry = deleteIfEmpty(client, entry) ? 0 : entry;
            }
        }
        if (removed > 0) {
            changed(client, arguments, 1);
        }
        reply.integer(removed);
    }

    private void scores(KvClient client, Arguments arguments, boolean many, Reply reply) {
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        if (many) {
            reply.array(arguments.count() - 2);
        }
        for (int i = 2; i < arguments.count(); i++) {
            int node = entry == 0 ? 0 : find(header(entry), arguments, i);
            if (node == 0) {
                reply.nil();
            } else {
                score(list.score(node), reply);
            }
        }
    }

    private void size(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.SORTED_SET, reply)) {
            reply.integer(entry == 0 ? 0 : members.count(header(entry)));
        }
    }

    private void rank(KvClient client, Arguments arguments, boolean fromEnd, Reply reply) {
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        int header = header(entry);
        int node = entry == 0 ? 0 : find(header, arguments, 2);
        if (node == 0) {
            reply.nil();
        } else {
            int rank = list.rank(header, node);
            reply.integer(fromEnd ? members.count(header) - 1 - rank : rank);
        }
    }

    private void pop(KvClient client, Arguments arguments, boolean fromEnd, Reply reply) {
        if (arguments.count() > 3) {
            reply.error(SYNTAX);
            return;
        }
        boolean hasCount = arguments.count() == 3;
        long count = hasCount ? positive(arguments, 2, reply) : 1;
        if (count < 0) {
            return;
        }
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        if (entry == 0) {
            reply.array(0);
            return;
        }
        int pops = (int) Math.min(count, members.count(header(entry)));
        boolean nests = hasCount && reply.isResp3();
        reply.array(nests ? pops : 2 * pops);
        popSome(client, arguments, 1, entry, pops, fromEnd, nests, reply);
    }

    @Override
    public int count(int header) {
        return members.count(header);
    }

    @Override
    public void popSome(
            KvClient client,
            Arguments arguments,
            int keyIndex,
            int entry,
            int pops,
            boolean fromEnd,
            boolean nests,
            Reply reply) {
        int header = header(entry);
        for (int i = 0; i < pops; i++) {
            int node = fromEnd ? list.last(header) : list.first(header);
            memberAndScore(header, node, true, nests, reply);
            sorted.remove(header, node);
        }
        if (pops > 0) {
            deleteIfEmpty(client, entry);
            changed(client, arguments, keyIndex);
        }
    }
}
