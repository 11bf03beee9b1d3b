// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Sets. */
@Rare
final class SetCommands extends CollectionCommands {
    private static final String[] COMMANDS = {
        "sadd -3 wmF 1 1 1",
        "srem -3 wF 1 1 1",
        "smembers 2 r 1 1 1",
        "sismember 3 rF 1 1 1",
        "smismember -3 rF 1 1 1",
        "scard 2 rF 1 1 1",
        "spop -2 wF 1 1 1",
        "srandmember -2 r 1 1 1",
        "smove 4 wF 1 2 1",
        "sinter -2 r 1 -1 1",
        "sunion -2 r 1 -1 1",
        "sdiff -2 r 1 -1 1",
        "sinterstore -3 wm 1 -1 1",
        "sunionstore -3 wm 1 -1 1",
        "sdiffstore -3 wm 1 -1 1",
        "sintercard -3 rx 0 0 0",
        "sscan -3 r 1 1 1",
    };

    private static final int INTERSECTION = 0;
    private static final int UNION = 1;
    private static final int DIFFERENCE = 2;
    /** Beyond this Redis does not keep a set of integers as an array. */
    private static final int COMPACT_MEMBERS = 512;

    private final SetValues sets;
    private final RandomReplies random;

    SetCommands(KvServer server, SetValues sets) {
        super(server, sets.members, Entry.SET, 1);
        this.sets = sets;
        random = new RandomReplies(this, null);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "set";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0 -> add(client, arguments, reply);
            case 1 -> remove(client, arguments, reply);
            case 2 -> all(client, arguments, reply);
            case 3 -> contains(client, arguments, false, reply);
            case 4 -> contains(client, arguments, true, reply);
            case 5 -> size(client, arguments, reply);
            case 6 -> pop(client, arguments, reply);
            case 7 -> random(client, arguments, reply);
            case 8 -> move(client, arguments, reply);
            case 9 -> combine(INTERSECTION, client, arguments, reply);
            case 10 -> combine(UNION, client, arguments, reply);
            case 11 -> combine(DIFFERENCE, client, arguments, reply);
            case 12 -> combineAndStore(INTERSECTION, client, arguments, reply);
            case 13 -> combineAndStore(UNION, client, arguments, reply);
            case 14 -> combineAndStore(DIFFERENCE, client, arguments, reply);
            case 15 -> intersectionSize(client, arguments, reply);
            default -> scan(client, arguments, reply);
        }
    }

    /** Adds a member to the set; 1 if it is new, 0 if not, -1 if there is no memory. */
    private int addTo(int entry, Bytes data, int at, int length) {
        int header = Entry.value(memory, entry);
        if (members.find(header, data, at, length) != 0) {
            return 0;
        }
        if (members.insert(header, data, at, length, 0) == 0) {
            return -1;
        }
        if (Entry.encoding(memory, entry) == MemberValues.COMPACT
                && (members.count(header) > COMPACT_MEMBERS || !numbers.parseCanonical(data, at, length))) {
            Entry.setKind(memory, entry, Entry.SET, MemberValues.TABLE);
        }
        return 1;
    }

    private void add(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.SET, reply)) {
            return;
        }
        if (entry == 0) {
            entry = sets.create(client.database, arguments.data(), arguments.at(1), arguments.length(1));
            if (entry == 0) {
                outOfMemory(reply);
                return;
            }
        }
        int added = 0;
        for (int i = 2; i < arguments.count(); i++) {
            int result = addTo(entry, arguments.data(), arguments.at(i), arguments.length(i));
            if (result < 0) {
                if (added > 0) {
                    changed(client, arguments, 1);
                }
                deleteIfEmpty(client, entry);
                outOfMemory(reply);
                return;
            }
            added += result;
        }
        if (added > 0) {
            changed(client, arguments, 1);
        }
        reply.integer(added);
    }

    private void remove(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.SET, reply)) {
            return;
        }
        int removed = 0;
        for (int i = 2; entry != 0 && i < arguments.count(); i++) {
            int header = header(entry);
            int node = find(header, arguments, i);
            if (node != 0) {
                removed++;
                members.removeFound(header, node);
                entry = deleteIfEmpty(client, entry) ? 0 : entry;
            }
        }
        if (removed > 0) {
            changed(client, arguments, 1);
        }
        reply.integer(removed);
    }

    private void all(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.SET, reply)) {
            replyAll(header(entry), reply);
        }
    }

    private void replyAll(int header, Reply reply) {
        reply.set(header == 0 ? 0 : members.count(header));
        for (int node = header == 0 ? 0 : members.firstNode(header); node != 0; node = members.after(header, node)) {
            member(header, node, reply);
        }
    }

    private void contains(KvClient client, Arguments arguments, boolean many, Reply reply) {
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.SET, reply)) {
            return;
        }
        if (many) {
            reply.array(arguments.count() - 2);
        }
        for (int i = 2; i < arguments.count(); i++) {
            reply.integer(entry != 0 && find(header(entry), arguments, i) != 0 ? 1 : 0);
        }
    }

    private void size(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.SET, reply)) {
            reply.integer(entry == 0 ? 0 : members.count(header(entry)));
        }
    }

    private void pop(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.count() > 3) {
            reply.error(SYNTAX);
            return;
        }
        long count = arguments.count() == 3 ? positive(arguments, 2, reply) : 1;
        if (count < 0) {
            return;
        }
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.SET, reply)) {
            return;
        }
        if (entry == 0 && arguments.count() == 2) {
            reply.nil();
            return;
        }
        int pops = entry == 0 ? 0 : (int) Math.min(count, members.count(header(entry)));
        if (arguments.count() == 3) {
            reply.set(pops);
        }
        if (pops > 0) {
            popSome(client, arguments, entry, pops, reply);
        }
    }

    private void popSome(KvClient client, Arguments arguments, int entry, int pops, Reply reply) {
        int header = header(entry);
        boolean logs = effects.isOn();
        effects.instead();
        if (logs) {
            effects.begin(2 + pops);
            effects.text("SREM");
            effect(arguments, 1);
        }
        for (int i = 0; i < pops; i++) {
            int node = members.random(header, keyspace.random.nextLong());
            member(header, node, reply);
            if (logs) {
                effects.bytes(memory, members.memberAt(header, node), members.length(node));
            }
            members.remove(header, node);
        }
        if (logs) {
            effects.end();
        }
        deleteIfEmpty(client, entry);
        changed(client, arguments, 1);
    }

    private void random(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.count() > 3) {
            reply.error(SYNTAX);
            return;
        }
        if (arguments.count() == 3 && !integer(arguments, 2, reply)) {
            return;
        }
        long count = numbers.value();
        if (arguments.count() == 3 && count == Long.MIN_VALUE) {
            reply.error(NOT_A_CHOICE);
            return;
        }
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.SET, reply)) {
            return;
        }
        random.choose(header(entry), arguments.count() == 2, count, false, reply);
    }

    private void move(KvClient client, Arguments arguments, Reply reply) {
        int target = lookup(client, arguments, 2);
        int source = lookup(client, arguments, 1);
        if (source == 0) {
            reply.integer(0);
            return;
        }
        if (isWrongType(source, Entry.SET, reply) || isWrongType(target, Entry.SET, reply)) {
            return;
        }
        int node = find(header(source), arguments, 3);
        if (node == 0 || source == target) {
            reply.integer(node == 0 ? 0 : 1);
            return;
        }
        if (target == 0) {
            lookup(client, arguments, 2);
            target = sets.create(client.database, arguments.data(), arguments.at(2), arguments.length(2));
        }
        if (target == 0 || addTo(target, arguments.data(), arguments.at(3), arguments.length(3)) < 0) {
            if (target != 0) {
                deleteIfEmpty(client, target);
            }
            outOfMemory(reply);
            return;
        }
        members.removeFound(header(source), find(header(source), arguments, 3));
        deleteIfEmpty(client, source);
        changed(client, arguments, 1);
        changed(client, arguments, 2);
        reply.integer(1);
    }

    /** Whether a key from {@code first} to {@code end} is no set; then the error has been composed. */
    private boolean hasWrongType(KvClient client, Arguments arguments, int first, int end, Reply reply) {
        for (int i = first; i < end; i++) {
            if (isWrongType(read(client, arguments, i), Entry.SET, reply)) {
                return true;
            }
        }
        return false;
    }

    private int headerOf(KvClient client, Arguments arguments, int index) {
        return header(client.database.peek(arguments.data(), arguments.at(index), arguments.length(index)));
    }

    /** Makes a set of its own of the sets of words {@code first} to {@code end}; 0 if there is no memory. */
    private int combined(int how, KvClient client, Arguments arguments, int first, int end, long limit) {
        int result = members.create(Members.SET);
        boolean ok = result != 0;
        int base = how == INTERSECTION ? smallest(client, arguments, first, end) : first;
        for (int i = base; ok && i < (how == UNION ? end : base + 1); i++) {
            int from = headerOf(client, arguments, i);
            int node = from == 0 ? 0 : members.firstNode(from);
            for (; ok && node != 0 && members.count(result) < limit; node = members.after(from, node)) {
                int at = members.memberAt(from, node);
                int length = members.length(node);
                if (belongs(how, client, arguments, first, end, i, at, length)
                        && members.find(result, memory, at, length) == 0) {
                    ok = members.insert(result, memory, at, length, 0) != 0;
                }
            }
        }
        if (!ok && result != 0) {
            members.destroy(result, Integer.MAX_VALUE);
        }
        return ok ? result : 0;
    }

    private int smallest(KvClient client, Arguments arguments, int first, int end) {
        int best = first;
        int bestCount = Integer.MAX_VALUE;
        for (int i = first; i < end; i++) {
            int header = headerOf(client, arguments, i);
            int count = header == 0 ? 0 : members.count(header);
            if (count < bestCount) {
                best = i;
                bestCount = count;
            }
        }
        return best;
    }

    private boolean belongs(
            int how, KvClient client, Arguments arguments, int first, int end, int from, int at, int length) {
        if (how == UNION) {
            return true;
        }
        for (int i = first; i < end; i++) {
            if (i != from) {
                int header = headerOf(client, arguments, i);
                boolean isIn = header != 0 && members.find(header, memory, at, length) != 0;
                if (isIn == (how == DIFFERENCE)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void combine(int how, KvClient client, Arguments arguments, Reply reply) {
        if (hasWrongType(client, arguments, 1, arguments.count(), reply)) {
            return;
        }
        int result = combined(how, client, arguments, 1, arguments.count(), Long.MAX_VALUE);
        if (result == 0) {
            outOfMemory(reply);
            return;
        }
        replyAll(result, reply);
        members.destroy(result, Integer.MAX_VALUE);
    }

    private void combineAndStore(int how, KvClient client, Arguments arguments, Reply reply) {
        if (hasWrongType(client, arguments, 2, arguments.count(), reply)) {
            return;
        }
        int result = combined(how, client, arguments, 2, arguments.count(), Long.MAX_VALUE);
        if (result == 0) {
            outOfMemory(reply);
            return;
        }
        int count = members.count(result);
        int old = lookup(client, arguments, 1);
        if (old != 0) {
            client.database.delete(old);
            changed(client, arguments, 1);
        }
        if (count > 0) {
            lookup(client, arguments, 1);
            int entry = client.database.create(
                    arguments.data(), arguments.at(1), arguments.length(1), Entry.SET, encodingOf(result), 0);
            if (entry == 0) {
                members.destroy(result, Integer.MAX_VALUE);
                outOfMemory(reply);
                return;
            }
            Entry.setValue(memory, entry, result);
            changed(client, arguments, 1);
        } else {
            members.destroy(result, Integer.MAX_VALUE);
        }
        reply.integer(count);
    }

    private int encodingOf(int header) {
        if (members.count(header) > COMPACT_MEMBERS) {
            return MemberValues.TABLE;
        }
        for (int node = members.firstNode(header); node != 0; node = members.after(header, node)) {
            if (!numbers.parseCanonical(memory, members.memberAt(header, node), members.length(node))) {
                return MemberValues.TABLE;
            }
        }
        return MemberValues.COMPACT;
    }

    private void intersectionSize(KvClient client, Arguments arguments, Reply reply) {
        if (!arguments.number(1, numbers) || numbers.value() < 1) {
            reply.error("ERR numkeys should be greater than 0");
            return;
        }
        if (numbers.value() > arguments.count() - 2) {
            reply.error("ERR Number of keys can't be greater than number of args");
            return;
        }
        int end = 2 + (int) numbers.value();
        long limit = 0;
        for (int i = end; i < arguments.count(); i += 2) {
            if (i + 1 == arguments.count() || !arguments.is(i, "limit")) {
                reply.error(SYNTAX);
                return;
            }
            if (!arguments.number(i + 1, numbers) || numbers.value() < 0) {
                reply.error("ERR LIMIT can't be negative");
                return;
            }
            limit = numbers.value();
        }
        if (hasWrongType(client, arguments, 2, end, reply)) {
            return;
        }
        int result = combined(INTERSECTION, client, arguments, 2, end, limit == 0 ? Long.MAX_VALUE : limit);
        if (result == 0) {
            outOfMemory(reply);
            return;
        }
        reply.integer(members.count(result));
        members.destroy(result, Integer.MAX_VALUE);
    }

    @Override
    void scanned(int header, int node, Reply reply) {
        member(header, node, reply);
    }
}
