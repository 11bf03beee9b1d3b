// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** Strings as a whole, in part, and as counters. */
final class StringCommands extends DataCommands {
    private static final String[] COMMANDS = {
        "get 2 rF 1 1 1",
        "set -3 wm 1 1 1",
        "setnx 3 wmF 1 1 1",
        "setex 4 wm 1 1 1",
        "psetex 4 wm 1 1 1",
        "getset 3 wmF 1 1 1",
        "getdel 2 wF 1 1 1",
        "getex -2 wF 1 1 1",
        "mget -2 rF 1 -1 1",
        "mset -3 wm 1 -1 2",
        "msetnx -3 wm 1 -1 2",
        "append 3 wmF 1 1 1",
        "strlen 2 rF 1 1 1",
        "getrange 4 r 1 1 1",
        "substr 4 r 1 1 1",
        "setrange 4 wm 1 1 1",
        "incr 2 wmF 1 1 1",
        "decr 2 wmF 1 1 1",
        "incrby 3 wmF 1 1 1",
        "decrby 3 wmF 1 1 1",
        "incrbyfloat 3 wmF 1 1 1",
    };

    // Conditions and extras of SET.
    private static final int IF_ABSENT = 1;
    private static final int IF_PRESENT = 2;
    private static final int RETURN_OLD = 4;
    private static final int KEEP_TTL = 8;

    private final Strings strings;
    private final ExpireTimes times;
    /** What {@link #options} read. */
    private int optionFlags;

    private int expiryKind;
    private int expiryIndex;

    StringCommands(KvServer server) {
        super(server);
        strings = server.strings;
        times = new ExpireTimes(keyspace, numbers);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "string";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        // Apart from the others, some of which have to tell the collector what they hold.
        if (number == 0) {
            get(client, arguments, reply);
        } else if (number == 1) {
            set(client, arguments, reply);
        } else {
            executeOther(number, client, arguments, reply);
        }
    }

    @Rare
    private void executeOther(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 2 -> setIfAbsent(client, arguments, reply);
            case 3 -> setWithTime(client, arguments, ExpireTimes.EX, reply);
            case 4 -> setWithTime(client, arguments, ExpireTimes.PX, reply);
            case 5 -> getAndSet(client, arguments, reply);
            case 6 -> getAndDelete(client, arguments, reply);
            case 7 -> getAndExpire(client, arguments, reply);
            case 8 -> getMany(client, arguments, reply);
            case 9 -> setMany(client, arguments, false, reply);
            case 10 -> setMany(client, arguments, true, reply);
            case 11 -> append(client, arguments, reply);
            case 12 -> length(client, arguments, reply);
            case 13, 14 -> getRange(client, arguments, reply);
            case 15 -> setRange(client, arguments, reply);
            case 16 -> increment(client, arguments, 1, reply);
            case 17 -> increment(client, arguments, -1, reply);
            case 18 -> incrementBy(client, arguments, false, reply);
            case 19 -> incrementBy(client, arguments, true, reply);
            default -> incrementFloat(client, arguments, reply);
        }
    }

    private void get(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.STRING, reply)) {
            value(entry, reply);
        }
    }

    private void value(int entry, Reply reply) {
        if (entry == 0) {
            reply.nil();
        } else {
            strings.view(entry);
            reply.bulk(strings.bytes(), strings.at(), strings.length());
        }
    }

    private void set(KvClient client, Arguments arguments, Reply reply) {
        optionFlags = 0;
        expiryKind = ExpireTimes.NONE;
        if (arguments.count() > 3) {
            setWithOptions(client, arguments, reply);
        } else if (store(client, arguments, lookup(client, arguments, 1), 2, reply)) {
            reply.ok();
        }
    }

    private void setWithOptions(KvClient client, Arguments arguments, Reply reply) {
        if (!options(arguments)) {
            reply.error(SYNTAX);
            return;
        }
        if (expiryKind != ExpireTimes.NONE && !times.read(arguments, expiryIndex, expiryKind, "set", reply)) {
            return;
        }
        int entry = lookup(client, arguments, 1);
        if ((optionFlags & RETURN_OLD) != 0 && isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        boolean fails = (optionFlags & (entry == 0 ? IF_PRESENT : IF_ABSENT)) != 0;
        if ((optionFlags & RETURN_OLD) != 0) {
            if (fails) {
                value(entry, reply);
                return;
            }
            // The reply is complete before the value goes; if then there is no memory, an error comes too late.
            if (slabs.freeBytes() < 2L * arguments.length(2)) {
                outOfMemory(reply);
                return;
            }
            value(entry, reply);
        }
        if (fails) {
            reply.nil();
        } else if (store(client, arguments, entry, 2, reply) && (optionFlags & RETURN_OLD) == 0) {
            reply.ok();
        }
    }

    /** Reads the options of SET; false if they make no sense. */
    @Rare
    private boolean options(Arguments arguments) {
        for (int i = 3; i < arguments.count(); i++) {
            int kind = ExpireTimes.kind(arguments, i);
            if (kind != ExpireTimes.NONE) {
                if (expiryKind != ExpireTimes.NONE || (optionFlags & KEEP_TTL) != 0 || i + 1 == arguments.count()) {
                    return false;
                }
                expiryKind = kind;
                expiryIndex = ++i;
            } else if (arguments.is(i, "nx") && (optionFlags & IF_PRESENT) == 0) {
                optionFlags |= IF_ABSENT;
            } else if (arguments.is(i, "xx") && (optionFlags & IF_ABSENT) == 0) {
                optionFlags |= IF_PRESENT;
            } else if (arguments.is(i, "get")) {
                optionFlags |= RETURN_OLD;
            } else if (arguments.is(i, "keepttl") && expiryKind == ExpireTimes.NONE) {
                optionFlags |= KEEP_TTL;
            } else {
                return false;
            }
        }
        return true;
    }

    /** Stores word {@code valueIndex} as told by the options, which have been read; false if there is no memory. */
    private boolean store(KvClient client, Arguments arguments, int entry, int valueIndex, Reply reply) {
        Bytes data = arguments.data();
        Database database = client.database;
        boolean keepsTtl = (optionFlags & KEEP_TTL) != 0;
        int stored = strings.set(
                database,
                entry,
                data,
                arguments.at(1),
                arguments.length(1),
                data,
                arguments.at(valueIndex),
                arguments.length(valueIndex),
                keepsTtl);
        if (stored != 0 && expiryKind != ExpireTimes.NONE) {
            stored = expire(database, arguments, stored, valueIndex);
        }
        if (stored == 0) {
            outOfMemory(reply);
            return false;
        }
        changed(client, arguments, 1);
        return true;
    }

    /** Without memory for the time of expiry, the key goes: it must not stay for ever. */
    @Rare
    private int expire(Database database, Arguments arguments, int entry, int valueIndex) {
        int moved = database.setExpiry(entry, times.epochMillis());
        if (moved == 0) {
            database.evict(entry);
            return 0;
        }
        if (effects.isOn()) {
            effects.instead();
            effects.begin(5);
            effects.text("SET");
            effect(arguments, 1);
            effect(arguments, valueIndex);
            effects.text("PXAT");
            effects.number(times.epochMillis());
            effects.end();
        }
        return moved;
    }

    @Rare
    private void setIfAbsent(KvClient client, Arguments arguments, Reply reply) {
        optionFlags = 0;
        expiryKind = ExpireTimes.NONE;
        int entry = lookup(client, arguments, 1);
        if (entry != 0) {
            reply.integer(0);
        } else if (store(client, arguments, 0, 2, reply)) {
            reply.integer(1);
        }
    }

    @Rare
    private void setWithTime(KvClient client, Arguments arguments, int kind, Reply reply) {
        optionFlags = 0;
        expiryKind = kind;
        String name = kind == ExpireTimes.EX ? "setex" : "psetex";
        if (times.read(arguments, 2, kind, name, reply)
                && store(client, arguments, lookup(client, arguments, 1), 3, reply)) {
            reply.ok();
        }
    }

    @Rare
    private void getAndSet(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        if (slabs.freeBytes() < 2L * arguments.length(2)) {
            outOfMemory(reply);
            return;
        }
        optionFlags = 0;
        expiryKind = ExpireTimes.NONE;
        value(entry, reply);
        store(client, arguments, entry, 2, reply);
    }

    @Rare
    private void getAndDelete(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        value(entry, reply);
        if (entry != 0) {
            client.database.delete(entry);
            changed(client, arguments, 1);
        }
    }

    @Rare
    private void getAndExpire(KvClient client, Arguments arguments, Reply reply) {
        int kind = arguments.count() > 2 ? ExpireTimes.kind(arguments, 2) : ExpireTimes.NONE;
        boolean persists = arguments.count() == 3 && arguments.is(2, "persist");
        if (!persists && arguments.count() != (kind == ExpireTimes.NONE ? 2 : 4)) {
            reply.error(SYNTAX);
            return;
        }
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        if (entry == 0) {
            reply.nil();
            return;
        }
        if (kind != ExpireTimes.NONE && !times.read(arguments, 3, kind, "getex", reply)) {
            return;
        }
        value(entry, reply);
        if (kind != ExpireTimes.NONE) {
            expireRead(client, arguments, entry);
        } else if (persists && Entry.isVolatile(memory, entry) && client.database.persist(entry) != 0) {
            effects.instead();
            effects.begin(2);
            effects.text("PERSIST");
            effect(arguments, 1);
            effects.end();
            changed(client, arguments, 1);
        }
    }

    @Rare
    private void expireRead(KvClient client, Arguments arguments, int entry) {
        Database database = client.database;
        effects.instead();
        if (times.epochMillis() <= keyspace.nowMillis()) {
            database.delete(entry);
            effects.begin(2);
            effects.text("DEL");
            effect(arguments, 1);
        } else if (database.setExpiry(entry, times.epochMillis()) != 0) {
            effects.begin(3);
            effects.text("PEXPIREAT");
            effect(arguments, 1);
            effects.number(times.epochMillis());
        } else {
            return;
        }
        effects.end();
        changed(client, arguments, 1);
    }

    @Rare
    private void getMany(KvClient client, Arguments arguments, Reply reply) {
        reply.array(arguments.count() - 1);
        for (int i = 1; i < arguments.count(); i++) {
            int entry = read(client, arguments, i);
            value(entry != 0 && Entry.type(memory, entry) == Entry.STRING ? entry : 0, reply);
        }
    }

    @Rare
    private void setMany(KvClient client, Arguments arguments, boolean ifAllAbsent, Reply reply) {
        if ((arguments.count() & 1) == 0) {
            reply.beginError("ERR wrong number of arguments for '");
            reply.raw(ifAllAbsent ? "msetnx" : "mset");
            reply.raw("' command");
            reply.endError();
            return;
        }
        if (ifAllAbsent) {
            for (int i = 1; i < arguments.count(); i += 2) {
                if (lookup(client, arguments, i) != 0) {
                    reply.integer(0);
                    return;
                }
            }
        }
        for (int i = 1; i < arguments.count(); i += 2) {
            if (!setOne(client, arguments, i)) {
                logSome(arguments, i);
                outOfMemory(reply);
                return;
            }
        }
        if (ifAllAbsent) {
            reply.integer(1);
        } else {
            reply.ok();
        }
    }

    @Rare
    private boolean setOne(KvClient client, Arguments arguments, int index) {
        Bytes data = arguments.data();
        int stored = strings.set(
                client.database,
                lookup(client, arguments, index),
                data,
                arguments.at(index),
                arguments.length(index),
                data,
                arguments.at(index + 1),
                arguments.length(index + 1),
                false);
        if (stored != 0) {
            changed(client, arguments, index);
        }
        return stored != 0;
    }

    /** Memory ran out in the middle: what was set before word {@code end} stays. */
    @Rare
    private void logSome(Arguments arguments, int end) {
        effects.instead();
        for (int i = 1; i < end; i += 2) {
            effects.begin(3);
            effects.text("SET");
            effect(arguments, i);
            effect(arguments, i + 1);
            effects.end();
        }
    }

    @Rare
    private void append(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        int more = arguments.length(2);
        if (entry == 0) {
            optionFlags = 0;
            expiryKind = ExpireTimes.NONE;
            if (store(client, arguments, 0, 2, reply)) {
                reply.integer(more);
            }
            return;
        }
        int length = strings.lengthOf(entry);
        if ((long) length + more > Strings.MAXIMUM_BYTES) {
            reply.error(TOO_LONG);
            return;
        }
        int grown = strings.makeWritable(client.database, entry, length + more);
        if (grown == 0) {
            outOfMemory(reply);
            return;
        }
        strings.view(grown);
        memory.copyFrom(strings.at() + length, arguments.data(), arguments.at(2), more);
        changed(client, arguments, 1);
        reply.integer(length + more);
    }

    @Rare
    private void length(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.STRING, reply)) {
            reply.integer(entry == 0 ? 0 : strings.lengthOf(entry));
        }
    }

    @Rare
    private void getRange(KvClient client, Arguments arguments, Reply reply) {
        if (!integer(arguments, 2, reply)) {
            return;
        }
        long first = numbers.value();
        if (!integer(arguments, 3, reply)) {
            return;
        }
        long last = numbers.value();
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        if (entry == 0) {
            reply.bulk("");
            return;
        }
        strings.view(entry);
        int length = strings.length();
        boolean isBackward = first < 0 && last < 0 && first > last;
        first = Math.max(0, first < 0 ? first + length : first);
        last = Math.min(length - 1, Math.max(0, last < 0 ? last + length : last));
        if (isBackward || first > last || length == 0) {
            reply.bulk("");
        } else {
            reply.bulk(strings.bytes(), strings.at() + (int) first, (int) (last - first) + 1);
        }
    }

    @Rare
    private void setRange(KvClient client, Arguments arguments, Reply reply) {
        if (!integer(arguments, 2, reply)) {
            return;
        }
        long offset = numbers.value();
        if (offset < 0) {
            reply.error("ERR offset is out of range");
            return;
        }
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        int length = entry == 0 ? 0 : strings.lengthOf(entry);
        int size = arguments.length(3);
        if (size == 0) {
            reply.integer(length);
            return;
        }
        if (offset + size > Strings.MAXIMUM_BYTES || offset > Strings.MAXIMUM_BYTES) {
            reply.error(TOO_LONG);
            return;
        }
        int newLength = Math.max(length, (int) offset + size);
        int writable = strings.writable(client.database, entry, arguments, 1, newLength);
        if (writable == 0) {
            outOfMemory(reply);
            return;
        }
        strings.view(writable);
        memory.copyFrom(strings.at() + (int) offset, arguments.data(), arguments.at(3), size);
        changed(client, arguments, 1);
        reply.integer(newLength);
    }

    private void incrementBy(KvClient client, Arguments arguments, boolean negates, Reply reply) {
        if (!integer(arguments, 2, reply)) {
            return;
        }
        long by = numbers.value();
        if (negates && by == Long.MIN_VALUE) {
            reply.error("ERR decrement would overflow");
            return;
        }
        increment(client, arguments, negates ? -by : by, reply);
    }

    @Rare
    private void incrementFloat(KvClient client, Arguments arguments, Reply reply) {
        FloatText floats = server.doubles.floats();
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        Bytes data = arguments.data();
        boolean isInfinite = false;
        boolean isFloat = true;
        if (entry != 0) {
            strings.view(entry);
            isFloat = floats.parseExtended(strings.bytes(), strings.at(), strings.length());
            isInfinite = isFloat && floats.isInfinite();
            floats.keep();
        }
        if (!isFloat || !floats.parseExtended(data, arguments.at(2), arguments.length(2))) {
            reply.error("ERR value is not a valid float");
            return;
        }
        if (isInfinite || floats.isInfinite()) {
            reply.error("ERR increment would produce NaN or Infinity");
            return;
        }
        if (entry != 0) {
            floats.add();
        }
        Bytes scratch = server.scratch;
        int length = floats.formatDecimals(scratch, 0);
        Database database = client.database;
        if (strings.set(database, entry, data, arguments.at(1), arguments.length(1), scratch, 0, length, true) == 0) {
            outOfMemory(reply);
            return;
        }
        if (effects.isOn()) {
            // The sum itself is logged: it must not depend on who adds.
            effects.instead();
            effects.begin(4);
            effects.text("SET");
            effect(arguments, 1);
            effects.bytes(scratch, 0, length);
            effects.text("KEEPTTL");
            effects.end();
        }
        changed(client, arguments, 1);
        reply.bulk(scratch, 0, length);
    }

    private void increment(KvClient client, Arguments arguments, long by, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        long old = 0;
        if (entry != 0) {
            if (!strings.number(entry)) {
                reply.error(NOT_AN_INTEGER);
                return;
            }
            old = numbers.value();
        }
        long sum = old + by;
        if (((old ^ sum) & (by ^ sum)) < 0) {
            reply.error("ERR increment or decrement would overflow");
            return;
        }
        if (entry != 0 && Strings.isInteger(memory, entry)) {
            Entry.setNumber(memory, entry, sum);
        } else if (!strings.setNumber(client.database, entry, arguments, 1, sum)) {
            outOfMemory(reply);
            return;
        }
        changed(client, arguments, 1);
        reply.integer(sum);
    }
}
