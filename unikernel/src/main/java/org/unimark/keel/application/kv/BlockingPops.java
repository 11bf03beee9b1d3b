// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/**
 * Commands that take something from a list or a sorted set and wait where there is nothing: in {@link BlockedClients}, with
 * a time limit. The log gets what they did as commands that never wait.
 */
@Rare
final class BlockingPops extends DataCommands {
    private static final String[] OF_LISTS = {
        "blpop -3 wsb 1 -2 1",
        "brpop -3 wsb 1 -2 1",
        "blmpop -5 wbx 0 0 0",
        "blmove 6 wmsb 1 2 1",
        "brpoplpush 4 wmsb 1 2 1",
    };
    private static final String[] OF_SORTED_SETS = {
        "bzpopmin -3 wsbF 1 -2 1", "bzpopmax -3 wsbF 1 -2 1", "bzmpop -5 wbx 0 0 0",
    };

    private static final int FROM_END = 1;
    private static final int MANY = 2;
    private static final int MOVE = 3;

    private final PopFromMany popFromMany;
    /** Null for sorted sets. */
    private final ListCommands lists;

    private final FloatText floats = new FloatText();
    /** Of the command at hand, in ms; 0: none. */
    private long limitMillis;

    BlockingPops(DataCommands plain, PopFromMany popFromMany, ListCommands lists) {
        super(plain.server);
        this.popFromMany = popFromMany;
        this.lists = lists;
    }

    @Override
    String[] commands() {
        return lists == null ? OF_SORTED_SETS : OF_LISTS;
    }

    @Override
    String group() {
        return lists == null ? "sorted-set" : "list";
    }

    /** Of the values that it waits for, as {@link Entry} numbers them. */
    int type() {
        return popFromMany.type;
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        int words = arguments.count();
        if (number == MANY) {
            if (popFromMany.parse(arguments, 2, reply) && readLimit(arguments, 1, reply)) {
                popMany(client, arguments, reply);
            }
        } else if (number < MANY) {
            if (readLimit(arguments, words - 1, reply)) {
                popOrMove(number, client, arguments, words - 1, reply);
            }
        } else if (number != MOVE || ListCommands.saysEnds(arguments, reply)) {
            if (readLimit(arguments, words - 1, reply)) {
                popOrMove(number, client, arguments, 2, reply);
            }
        }
    }

    /** Seconds with a fraction, as Redis reads them. */
    private boolean readLimit(Arguments arguments, int index, Reply reply) {
        if (!floats.parseDouble(arguments.data(), arguments.at(index), arguments.length(index))) {
            reply.error("ERR timeout is not a float or out of range");
            return false;
        }
        double millis = Math.ceil(floats.value() * 1000);
        // What no long can say has become the lowest of them in Redis.
        if (millis < 0 || millis >= Long.MAX_VALUE) {
            reply.error("ERR timeout is negative");
            return false;
        }
        if (millis >= Long.MAX_VALUE - keyspace.nowMillis()) {
            reply.error("ERR timeout is out of range");
            return false;
        }
        limitMillis = (long) millis;
        return true;
    }

    private void popMany(KvClient client, Arguments arguments, Reply reply) {
        int index = popFromMany.pop(client, arguments, reply);
        if (index == 0) {
            block(MANY, client, arguments, 3, popFromMany.behindKeys(), reply);
        } else if (index > 0) {
            logPop(arguments, index, popFromMany.popsFromEnd(), popFromMany.pops());
        }
    }

    /** All but {@link #MANY}, for the keys before word {@code end}. */
    private void popOrMove(int number, KvClient client, Arguments arguments, int end, Reply reply) {
        int index = firstPresent(client, arguments, 1, end, type(), reply);
        if (index == 0) {
            block(number, client, arguments, 1, end, reply);
        } else if (index > 0) {
            serve(number, client, arguments, index, reply);
        }
    }

    /** Waits for the keys of words {@code from} to {@code end - 1}: not in a transaction, which must not. */
    private void block(int number, KvClient client, Arguments arguments, int from, int end, Reply reply) {
        if (server.transactions.executesFor(client)) {
            nothing(number, reply);
        } else if (!server.blocked.block(client, arguments, from, end, limitMillis)) {
            outOfMemory(reply);
        }
    }

    /** What is answered in place of an element. */
    private static void nothing(int number, Reply reply) {
        if (number < MOVE) {
            reply.nilArray();
        } else {
            reply.nil();
        }
    }

    /** Answers a client that has waited for long enough. */
    void timedOut(Reply reply) {
        reply.nilArray();
    }

    /** Executes a command for word {@code keyIndex}, whose key there is. */
    void serve(int number, KvClient client, Arguments arguments, int keyIndex, Reply reply) {
        if (number == MANY) {
            popFromMany.parse(arguments, 2, reply);
            popFromMany.popFrom(client, arguments, keyIndex, reply);
            logPop(arguments, keyIndex, popFromMany.popsFromEnd(), popFromMany.pops());
        } else if (number < MANY) {
            popOne(client, arguments, keyIndex, number == FROM_END, reply);
        } else {
            move(number, client, arguments, reply);
        }
    }

    private void popOne(KvClient client, Arguments arguments, int keyIndex, boolean fromEnd, Reply reply) {
        int entry = lookup(client, arguments, keyIndex);
        reply.array(type() == Entry.LIST ? 2 : 3);
        reply.bulk(arguments.data(), arguments.at(keyIndex), arguments.length(keyIndex));
        popFromMany.values.popSome(client, arguments, keyIndex, entry, 1, fromEnd, false, reply);
        logPop(arguments, keyIndex, fromEnd, 1);
    }

    private void logPop(Arguments arguments, int keyIndex, boolean fromEnd, int pops) {
        effects.instead();
        effects.begin(3);
        if (type() == Entry.LIST) {
            effects.text(fromEnd ? "RPOP" : "LPOP");
        } else {
            effects.text(fromEnd ? "ZPOPMAX" : "ZPOPMIN");
        }
        effect(arguments, keyIndex);
        effects.number(pops);
        effects.end();
    }

    private void move(int number, KvClient client, Arguments arguments, Reply reply) {
        boolean fromFront = number == MOVE && arguments.is(3, "left");
        boolean toFront = number != MOVE || arguments.is(4, "left");
        long before = keyspace.changes;
        lists.moveElement(client, arguments, fromFront, toFront, reply);
        if (keyspace.changes == before) {
            return;
        }
        effects.instead();
        effects.begin(5);
        effects.text("LMOVE");
        effect(arguments, 1);
        effect(arguments, 2);
        effects.text(fromFront ? "LEFT" : "RIGHT");
        effects.text(toFront ? "LEFT" : "RIGHT");
        effects.end();
    }
}
