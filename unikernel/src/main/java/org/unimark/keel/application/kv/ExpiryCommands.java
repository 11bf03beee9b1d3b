// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** Times of expiry. */
@Rare
final class ExpiryCommands extends DataCommands {
    private static final String[] COMMANDS = {
        "expire -3 wF 1 1 1",
        "pexpire -3 wF 1 1 1",
        "expireat -3 wF 1 1 1",
        "pexpireat -3 wF 1 1 1",
        "ttl 2 rF 1 1 1",
        "pttl 2 rF 1 1 1",
        "expiretime 2 rF 1 1 1",
        "pexpiretime 2 rF 1 1 1",
        "persist 2 wF 1 1 1",
    };

    private static final String[] NAMES = {"expire", "pexpire", "expireat", "pexpireat"};

    private static final int IF_NONE = 1;
    private static final int IF_ANY = 2;
    private static final int IF_LATER = 4;
    private static final int IF_EARLIER = 8;

    private final ExpireTimes times;

    ExpiryCommands(KvServer server) {
        super(server);
        times = new ExpireTimes(keyspace, numbers);
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
            case 0, 1, 2, 3 -> expire(number, client, arguments, reply);
            case 4 -> timeLeft(client, arguments, true, true, reply);
            case 5 -> timeLeft(client, arguments, true, false, reply);
            case 6 -> timeLeft(client, arguments, false, true, reply);
            case 7 -> timeLeft(client, arguments, false, false, reply);
            default -> persist(client, arguments, reply);
        }
    }

    private void expire(int kind, KvClient client, Arguments arguments, Reply reply) {
        int conditions = conditions(arguments, reply);
        if (conditions < 0 || !integer(arguments, 2, reply)) {
            return;
        }
        // The kinds are numbered alike.
        if (!times.convert(numbers.value(), kind)) {
            ExpireTimes.invalid(NAMES[kind], reply);
            return;
        }
        int entry = lookup(client, arguments, 1);
        if (entry == 0 || !meets(entry, conditions)) {
            reply.integer(0);
            return;
        }
        Database database = client.database;
        long millis = times.epochMillis();
        effects.instead();
        if (millis <= keyspace.nowMillis() && effects.mayExpire()) {
            database.delete(entry);
            effects.begin(2);
            effects.text("DEL");
            effect(arguments, 1);
            effects.end();
        } else if (database.setExpiry(entry, millis) == 0) {
            outOfMemory(reply);
            return;
        } else {
            effects.begin(3);
            effects.text("PEXPIREAT");
            effect(arguments, 1);
            effects.number(millis);
            effects.end();
        }
        changed(client, arguments, 1);
        reply.integer(1);
    }

    /** Reads NX, XX, GT and LT; -1 if they make no sense together. */
    private int conditions(Arguments arguments, Reply reply) {
        int conditions = 0;
        for (int i = 3; i < arguments.count(); i++) {
            if (arguments.is(i, "nx")) {
                conditions |= IF_NONE;
            } else if (arguments.is(i, "xx")) {
                conditions |= IF_ANY;
            } else if (arguments.is(i, "gt")) {
                conditions |= IF_LATER;
            } else if (arguments.is(i, "lt")) {
                conditions |= IF_EARLIER;
            } else {
                reply.beginError("ERR Unsupported option ");
                reply.textOf(arguments.data(), arguments.at(i), arguments.length(i));
                reply.endError();
                return -1;
            }
        }
        if ((conditions & IF_NONE) != 0 && conditions != IF_NONE) {
            reply.error("ERR NX and XX, GT or LT options at the same time are not compatible");
            return -1;
        }
        if ((conditions & IF_LATER) != 0 && (conditions & IF_EARLIER) != 0) {
            reply.error("ERR GT and LT options at the same time are not compatible");
            return -1;
        }
        return conditions;
    }

    /** An entry that does not expire counts as one that expires at the end of time. */
    private boolean meets(int entry, int conditions) {
        boolean isVolatile = Entry.isVolatile(memory, entry);
        long millis = times.epochMillis();
        if ((conditions & IF_NONE) != 0 && isVolatile) {
            return false;
        }
        if ((conditions & IF_ANY) != 0 && !isVolatile) {
            return false;
        }
        if ((conditions & IF_LATER) != 0 && (!isVolatile || millis <= Entry.expiry(memory, entry))) {
            return false;
        }
        return (conditions & IF_EARLIER) == 0 || !isVolatile || millis < Entry.expiry(memory, entry);
    }

    private void timeLeft(KvClient client, Arguments arguments, boolean relative, boolean inSeconds, Reply reply) {
        int entry = client.database.peek(arguments.data(), arguments.at(1), arguments.length(1));
        if (entry == 0) {
            reply.integer(-2);
        } else if (!Entry.isVolatile(memory, entry)) {
            reply.integer(-1);
        } else {
            long millis = Entry.expiry(memory, entry);
            if (relative) {
                millis = Math.max(0, millis - keyspace.nowMillis());
            }
            // The latest time of all would not bear 500 more.
            reply.integer(inSeconds ? millis / 1000 + (millis % 1000 + 500) / 1000 : millis);
        }
    }

    private void persist(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (entry == 0 || !Entry.isVolatile(memory, entry)) {
            reply.integer(0);
        } else if (client.database.persist(entry) == 0) {
            outOfMemory(reply);
        } else {
            changed(client, arguments, 1);
            reply.integer(1);
        }
    }
}
