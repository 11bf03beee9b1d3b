// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Keys, whatever their values are. */
@Rare
final class KeyCommands extends DataCommands {
    private static final String[] COMMANDS = {
        "del -2 w 1 -1 1",
        "unlink -2 wF 1 -1 1",
        "exists -2 rF 1 -1 1",
        "touch -2 rF 1 -1 1",
        "type 2 rF 1 1 1",
        "rename 3 w 1 2 1",
        "renamenx 3 wF 1 2 1",
        "copy -3 wm 1 2 1",
        "move 3 wF 1 1 1",
        "randomkey 1 r 0 0 0",
        "dbsize 1 rF 0 0 0",
        "object -2 r 2 2 1",
        "memory -2 r 0 0 0",
    };

    private int copyTarget;
    private boolean replaces;

    KeyCommands(KvServer server) {
        super(server);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "generic";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0, 1 -> delete(client, arguments, reply);
            case 2, 3 -> exists(client, arguments, reply);
            case 4 -> type(client, arguments, reply);
            case 5 -> rename(client, arguments, true, reply);
            case 6 -> rename(client, arguments, false, reply);
            case 7 -> copy(client, arguments, reply);
            case 8 -> move(client, arguments, reply);
            case 9 -> randomKey(client, reply);
            case 10 -> reply.integer(client.database.size());
            case 11 -> object(client, arguments, reply);
            default -> memory(client, arguments, reply);
        }
    }

    private void delete(KvClient client, Arguments arguments, Reply reply) {
        Database database = client.database;
        int deleted = 0;
        for (int i = 1; i < arguments.count(); i++) {
            int entry = peek(client, arguments, i);
            if (entry != 0) {
                database.delete(entry);
                changed(client, arguments, i);
                deleted++;
            }
        }
        reply.integer(deleted);
    }

    private int peek(KvClient client, Arguments arguments, int index) {
        return client.database.peek(arguments.data(), arguments.at(index), arguments.length(index));
    }

    private void exists(KvClient client, Arguments arguments, Reply reply) {
        int count = 0;
        for (int i = 1; i < arguments.count(); i++) {
            count += read(client, arguments, i) == 0 ? 0 : 1;
        }
        reply.integer(count);
    }

    private void type(KvClient client, Arguments arguments, Reply reply) {
        int entry = peek(client, arguments, 1);
        reply.status(entry == 0 ? "none" : keyspace.types[Entry.type(memory, entry)].name());
    }

    private void rename(KvClient client, Arguments arguments, boolean overwrites, Reply reply) {
        Database database = client.database;
        int entry = lookup(client, arguments, 1);
        if (entry == 0) {
            reply.error(NO_SUCH_KEY);
            return;
        }
        Bytes data = arguments.data();
        boolean same = arguments.length(1) == arguments.length(2)
                && data.matches(arguments.at(1), data, arguments.at(2), arguments.length(1));
        if (!same) {
            int other = lookup(client, arguments, 2);
            if (other != 0 && !overwrites) {
                reply.integer(0);
                return;
            }
            int made = database.makeNamesake(entry, database, data, arguments.at(2), arguments.length(2));
            if (made == 0) {
                outOfMemory(reply);
                return;
            }
            if (other != 0) {
                database.delete(other);
            }
            database.adopt(entry, database, made);
            changed(client, arguments, 1);
            changed(client, arguments, 2);
        }
        if (overwrites) {
            reply.ok();
        } else {
            reply.integer(same ? 0 : 1);
        }
    }

    private void move(KvClient client, Arguments arguments, Reply reply) {
        int number = databaseNumber(arguments, 2, reply);
        if (number < 0) {
            return;
        }
        if (number == client.database.number) {
            reply.error("ERR source and destination objects are the same");
            return;
        }
        Database from = client.database;
        Database to = keyspace.databases[number];
        int entry = lookup(client, arguments, 1);
        int length = arguments.length(1);
        if (entry == 0 || to.peek(arguments.data(), arguments.at(1), length) != 0) {
            reply.integer(0);
            return;
        }
        int made = from.makeNamesake(entry, to, arguments.data(), arguments.at(1), length);
        if (made == 0) {
            outOfMemory(reply);
            return;
        }
        from.adopt(entry, to, made);
        changed(client, arguments, 1);
        keyspace.changed(to, arguments.data(), arguments.at(1), length);
        reply.integer(1);
    }

    private void copy(KvClient client, Arguments arguments, Reply reply) {
        copyTarget = client.database.number;
        replaces = false;
        if (!copyOptions(arguments, reply)) {
            return;
        }
        Database to = keyspace.databases[copyTarget];
        Bytes data = arguments.data();
        int keyAt = arguments.at(2);
        int keyLength = arguments.length(2);
        if (to == client.database
                && arguments.length(1) == keyLength
                && data.matches(arguments.at(1), data, keyAt, keyLength)) {
            reply.error("ERR source and destination objects are the same");
            return;
        }
        int entry = read(client, arguments, 1);
        int other = to.peek(data, keyAt, keyLength);
        if (entry == 0 || (other != 0 && !replaces)) {
            reply.integer(0);
            return;
        }
        int made = client.database.makeNamesake(entry, to, data, keyAt, keyLength);
        if (made == 0 || !client.database.copyValue(entry, made)) {
            outOfMemory(reply);
            return;
        }
        if (other != 0) {
            to.delete(other);
        }
        to.enter(made);
        keyspace.changed(to, data, keyAt, keyLength);
        reply.integer(1);
    }

    private boolean copyOptions(Arguments arguments, Reply reply) {
        for (int i = 3; i < arguments.count(); i++) {
            if (arguments.is(i, "replace")) {
                replaces = true;
            } else if (arguments.is(i, "db") && i + 1 < arguments.count()) {
                i++;
                copyTarget = databaseNumber(arguments, i, reply);
                if (copyTarget < 0) {
                    return false;
                }
            } else {
                reply.error(SYNTAX);
                return false;
            }
        }
        return true;
    }

    private void randomKey(KvClient client, Reply reply) {
        Database database = client.database;
        int entry = database.randomEntry();
        // Most of what is found to be over is removed, so that this ends.
        while (entry != 0 && Entry.isVolatile(memory, entry) && Entry.expiry(memory, entry) <= keyspace.nowMillis()) {
            if (!effects.mayExpire()) {
                break;
            }
            database.expire(entry);
            entry = database.randomEntry();
        }
        if (entry == 0) {
            reply.nil();
        } else {
            reply.bulk(memory, Entry.keyAt(memory, entry), Entry.keyLength(memory, entry));
        }
    }

    private void object(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.count() == 2 && arguments.is(1, "help")) {
            reply.array(1);
            reply.status("OBJECT (ENCODING|FREQ|IDLETIME|REFCOUNT) <key>");
            return;
        }
        boolean known = arguments.is(1, "encoding")
                || arguments.is(1, "refcount")
                || arguments.is(1, "idletime")
                || arguments.is(1, "freq");
        if (!known || arguments.count() != 3) {
            server.unknownSubcommand(arguments, "object", known, reply);
            return;
        }
        int entry = peek(client, arguments, 2);
        if (entry == 0) {
            reply.nil();
        } else if (arguments.is(1, "encoding")) {
            reply.bulk(keyspace.types[Entry.type(memory, entry)].encoding(entry));
        } else if (arguments.is(1, "refcount")) {
            reply.integer(1);
        } else if (arguments.is(1, "freq") != keyspace.countsUses) {
            reply.error(
                    keyspace.countsUses
                            ? "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching "
                                    + "between policies at runtime LRU and LFU data will take some time to adjust."
                            : "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when "
                                    + "switching between policies at runtime LRU and LFU data will take some time to adjust.");
        } else {
            reply.integer(keyspace.countsUses ? server.eviction.useCount(entry) : server.eviction.idleSeconds(entry));
        }
    }

    private void memory(KvClient client, Arguments arguments, Reply reply) {
        if (!arguments.is(1, "usage") || arguments.count() < 3) {
            server.unknownSubcommand(arguments, "memory", arguments.is(1, "usage"), reply);
            return;
        }
        if (arguments.count() != 3 && (arguments.count() != 5 || !arguments.is(3, "samples"))) {
            reply.error(SYNTAX);
            return;
        }
        int entry = peek(client, arguments, 2);
        if (entry == 0) {
            reply.nil();
        } else {
            long bytes = slabs.usable(client.database.cellBytes(entry)) + Integer.BYTES;
            reply.integer(bytes + keyspace.types[Entry.type(memory, entry)].bytes(entry));
        }
    }
}
