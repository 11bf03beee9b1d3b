// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;
import org.unimark.keel.text.Numbers;

/** Hashes. */
@Rare
final class HashCommands extends CollectionCommands {
    private static final String[] COMMANDS = {
        "hset -4 wmF 1 1 1",
        "hsetnx 4 wmF 1 1 1",
        "hmset -4 wmF 1 1 1",
        "hget 3 rF 1 1 1",
        "hmget -3 rF 1 1 1",
        "hgetall 2 r 1 1 1",
        "hkeys 2 r 1 1 1",
        "hvals 2 r 1 1 1",
        "hdel -3 wF 1 1 1",
        "hexists 3 rF 1 1 1",
        "hlen 2 rF 1 1 1",
        "hstrlen 3 rF 1 1 1",
        "hincrby 4 wmF 1 1 1",
        "hincrbyfloat 4 wmF 1 1 1",
        "hscan -3 r 1 1 1",
        "hrandfield -2 r 1 1 1",
    };

    private static final int FIELDS = 1;
    private static final int VALUES = 2;
    /** Beyond these Redis does not pack a hash. */
    private static final int COMPACT_FIELDS = 512;

    private static final int COMPACT_BYTES = 64;

    private final HashValues hashes;
    private final FloatText floats;
    private final RandomReplies random;

    HashCommands(KvServer server, HashValues hashes, FloatText floats) {
        super(server, hashes.members, Entry.HASH, 2);
        this.hashes = hashes;
        this.floats = floats;
        random = new RandomReplies(this, this::value);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "hash";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0 -> set(client, arguments, false, reply);
            case 1 -> setIfAbsent(client, arguments, reply);
            case 2 -> set(client, arguments, true, reply);
            case 3 -> get(client, arguments, reply);
            case 4 -> getMany(client, arguments, reply);
            case 5 -> getAll(client, arguments, FIELDS | VALUES, reply);
            case 6 -> getAll(client, arguments, FIELDS, reply);
            case 7 -> getAll(client, arguments, VALUES, reply);
            case 8 -> delete(client, arguments, reply);
            case 9 -> exists(client, arguments, reply);
            case 10 -> length(client, arguments, reply);
            case 11 -> valueLength(client, arguments, reply);
            case 12 -> increment(client, arguments, reply);
            case 13 -> incrementFloat(client, arguments, reply);
            case 14 -> scan(client, arguments, reply);
            default -> random.answer(client, arguments, Entry.HASH, "withvalues", reply);
        }
    }

    /** The entry of the hash, made if need be; 0 if an error has been composed. */
    private int forChange(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.HASH, reply)) {
            return 0;
        }
        return entry != 0 ? entry : make(client, arguments, reply);
    }

    private int make(KvClient client, Arguments arguments, Reply reply) {
        int entry = hashes.create(client.database, arguments.data(), arguments.at(1), arguments.length(1));
        if (entry == 0) {
            outOfMemory(reply);
        }
        return entry;
    }

    private void set(KvClient client, Arguments arguments, boolean saysOk, Reply reply) {
        if ((arguments.count() & 1) != 0) {
            wrongNumber(saysOk ? "hmset" : "hset", reply);
            return;
        }
        int entry = forChange(client, arguments, reply);
        if (entry == 0) {
            return;
        }
        int before = members.count(Entry.value(memory, entry));
        for (int i = 2; i < arguments.count(); i += 2) {
            if (!put(entry, arguments, i, arguments.data(), arguments.at(i + 1), arguments.length(i + 1))) {
                changed(client, arguments, 1);
                deleteIfEmpty(client, entry);
                outOfMemory(reply);
                return;
            }
        }
        changed(client, arguments, 1);
        if (saysOk) {
            reply.ok();
        } else {
            reply.integer(members.count(Entry.value(memory, entry)) - before);
        }
    }

    /** Sets one field; false if there is no memory. */
    private boolean put(int entry, Arguments arguments, int fieldIndex, Bytes value, int at, int length) {
        int header = Entry.value(memory, entry);
        int fieldLength = arguments.length(fieldIndex);
        int node = find(header, arguments, fieldIndex);
        if (node == 0) {
            node = members.insert(header, arguments.data(), arguments.at(fieldIndex), fieldLength, length);
        } else if (members.extra(node) != length) {
            node = members.resizeValue(node, length);
        }
        if (node == 0) {
            return false;
        }
        memory.copyFrom(members.valueAt(node), value, at, length);
        if (fieldLength > COMPACT_BYTES || length > COMPACT_BYTES || members.count(header) > COMPACT_FIELDS) {
            Entry.setKind(memory, entry, Entry.HASH, MemberValues.TABLE);
        }
        return true;
    }

    private void setIfAbsent(KvClient client, Arguments arguments, Reply reply) {
        int entry = forChange(client, arguments, reply);
        if (entry == 0) {
            return;
        }
        if (find(Entry.value(memory, entry), arguments, 2) != 0) {
            reply.integer(0);
        } else if (put(entry, arguments, 2, arguments.data(), arguments.at(3), arguments.length(3))) {
            changed(client, arguments, 1);
            reply.integer(1);
        } else {
            deleteIfEmpty(client, entry);
            outOfMemory(reply);
        }
    }

    /** The node of word 2 for reading; 0 also if an error has been composed, of which {@link #failed} tells. */
    private int field(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        failed = isWrongType(entry, Entry.HASH, reply);
        return failed || entry == 0 ? 0 : find(Entry.value(memory, entry), arguments, 2);
    }

    private boolean failed;

    private void get(KvClient client, Arguments arguments, Reply reply) {
        int node = field(client, arguments, reply);
        if (!failed) {
            value(node, reply);
        }
    }

    private void value(int node, Reply reply) {
        if (node == 0) {
            reply.nil();
        } else {
            reply.bulk(memory, members.valueAt(node), members.extra(node));
        }
    }

    private void getMany(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.HASH, reply)) {
            return;
        }
        reply.array(arguments.count() - 2);
        for (int i = 2; i < arguments.count(); i++) {
            value(entry == 0 ? 0 : find(Entry.value(memory, entry), arguments, i), reply);
        }
    }

    private void getAll(KvClient client, Arguments arguments, int what, Reply reply) {
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.HASH, reply)) {
            return;
        }
        int header = entry == 0 ? 0 : Entry.value(memory, entry);
        int count = entry == 0 ? 0 : members.count(header);
        if (what == (FIELDS | VALUES)) {
            reply.map(count);
        } else {
            reply.array(count);
        }
        int node = entry == 0 ? 0 : members.firstNode(header);
        for (; node != 0; node = members.after(header, node)) {
            if ((what & FIELDS) != 0) {
                member(header, node, reply);
            }
            if ((what & VALUES) != 0) {
                value(node, reply);
            }
        }
    }

    private void delete(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.HASH, reply)) {
            return;
        }
        int deleted = 0;
        for (int i = 2; entry != 0 && i < arguments.count(); i++) {
            int header = Entry.value(memory, entry);
            int node = find(header, arguments, i);
            if (node != 0) {
                deleted++;
                members.removeFound(header, node);
                entry = deleteIfEmpty(client, entry) ? 0 : entry;
            }
        }
        if (deleted > 0) {
            changed(client, arguments, 1);
        }
        reply.integer(deleted);
    }

    private void exists(KvClient client, Arguments arguments, Reply reply) {
        int node = field(client, arguments, reply);
        if (!failed) {
            reply.integer(node == 0 ? 0 : 1);
        }
    }

    private void length(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.HASH, reply)) {
            reply.integer(entry == 0 ? 0 : members.count(Entry.value(memory, entry)));
        }
    }

    private void valueLength(KvClient client, Arguments arguments, Reply reply) {
        int node = field(client, arguments, reply);
        if (!failed) {
            reply.integer(node == 0 ? 0 : members.extra(node));
        }
    }

    private void increment(KvClient client, Arguments arguments, Reply reply) {
        if (!integer(arguments, 3, reply)) {
            return;
        }
        long by = numbers.value();
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.HASH, reply)) {
            return;
        }
        long old = 0;
        int node = entry == 0 ? 0 : find(Entry.value(memory, entry), arguments, 2);
        if (node != 0) {
            if (!numbers.parseCanonical(memory, members.valueAt(node), members.extra(node))) {
                reply.error("ERR hash value is not an integer");
                return;
            }
            old = numbers.value();
        }
        long sum = old + by;
        if (((old ^ sum) & (by ^ sum)) < 0) {
            reply.error("ERR increment or decrement would overflow");
            return;
        }
        int length = Numbers.format(sum, server.scratch, 0);
        if (store(client, arguments, entry, length, reply)) {
            reply.integer(sum);
        }
    }

    /** Stores the text in the scratch area as the field's value. */
    private boolean store(KvClient client, Arguments arguments, int found, int length, Reply reply) {
        int entry = found != 0 ? found : make(client, arguments, reply);
        if (entry == 0) {
            return false;
        }
        if (!put(entry, arguments, 2, server.scratch, 0, length)) {
            deleteIfEmpty(client, entry);
            outOfMemory(reply);
            return false;
        }
        changed(client, arguments, 1);
        return true;
    }

    private void incrementFloat(KvClient client, Arguments arguments, Reply reply) {
        if (!floats.parseExtended(arguments.data(), arguments.at(3), arguments.length(3))) {
            reply.error(NOT_A_FLOAT);
            return;
        }
        if (floats.isInfinite()) {
            reply.error("ERR value is NaN or Infinity");
            return;
        }
        boolean isInfinite = false;
        floats.keep();
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.HASH, reply)) {
            return;
        }
        int node = entry == 0 ? 0 : find(Entry.value(memory, entry), arguments, 2);
        if (node != 0) {
            if (!floats.parseExtended(memory, members.valueAt(node), members.extra(node))) {
                reply.error("ERR hash value is not a float");
                return;
            }
            isInfinite = floats.isInfinite();
            floats.add();
        }
        if (isInfinite) {
            reply.error("ERR increment would produce NaN or Infinity");
            return;
        }
        int length = floats.formatDecimals(server.scratch, 0);
        if (store(client, arguments, entry, length, reply)) {
            logValue(arguments, length);
            reply.bulk(server.scratch, 0, length);
        }
    }

    /** The sum itself is logged: it must not depend on who adds. */
    private void logValue(Arguments arguments, int length) {
        effects.instead();
        effects.begin(4);
        effects.text("HSET");
        effect(arguments, 1);
        effect(arguments, 2);
        effects.bytes(server.scratch, 0, length);
        effects.end();
    }

    @Override
    void scanned(int header, int node, Reply reply) {
        member(header, node, reply);
        value(node, reply);
    }
}
