// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** LMPOP, ZMPOP and those that wait: some from one end of the first of several keys that has any. */
@Rare
final class PopFromMany {
    /** What the keys hold. */
    interface Values {
        int count(int header);

        /**
         * Removes {@code pops} from one end of the value of the key of word {@code keyIndex}, composing each: if it
         * {@code nests} and has a score, as an array.
         */
        void popSome(
                KvClient client,
                Arguments arguments,
                int keyIndex,
                int entry,
                int pops,
                boolean fromEnd,
                boolean nests,
                Reply reply);
    }

    final int type;
    final Values values;

    private final DataCommands commands;
    private final String start;
    private final String end;

    // What parse() read.
    private int firstKey;
    private int where;
    private boolean fromEnd;
    private long most;

    private int pops;

    /** {@code start} and {@code end} are what the commands call the two ends. */
    PopFromMany(DataCommands commands, int type, String start, String end, Values values) {
        this.commands = commands;
        this.type = type;
        this.start = start;
        this.end = end;
        this.values = values;
    }

    /** Executes a command whose number of keys is word {@code at}, without waiting. */
    void execute(KvClient client, Arguments arguments, int at, Reply reply) {
        if (parse(arguments, at, reply) && pop(client, arguments, reply) == 0) {
            reply.nilArray();
        }
    }

    /** Reads number of keys, keys, end and count; false if an error has been composed. */
    boolean parse(Arguments arguments, int at, Reply reply) {
        if (!arguments.number(at, commands.numbers) || commands.numbers.value() < 1) {
            reply.error("ERR numkeys should be greater than 0");
            return false;
        }
        firstKey = at + 1;
        long whereIndex = commands.numbers.value() + firstKey;
        if (whereIndex >= arguments.count() || whereIndex < 0) {
            reply.error(DataCommands.SYNTAX);
            return false;
        }
        where = (int) whereIndex;
        fromEnd = arguments.is(where, end);
        if (!fromEnd && !arguments.is(where, start)) {
            reply.error(DataCommands.SYNTAX);
            return false;
        }
        most = count(arguments, where + 1, reply);
        return most >= 0;
    }

    /** The keys are those before this word. */
    int behindKeys() {
        return where;
    }

    boolean popsFromEnd() {
        return fromEnd;
    }

    /** How many it were the last time. */
    int pops() {
        return pops;
    }

    /**
     * Answers what has been parsed; returns the word of the key that it popped from, 0 without an answer if no key has any,
     * or -1 if an error has been composed.
     */
    int pop(KvClient client, Arguments arguments, Reply reply) {
        int index = commands.firstPresent(client, arguments, firstKey, where, type, reply);
        if (index > 0) {
            popFrom(client, arguments, index, reply);
        }
        return index;
    }

    /** Answers what has been parsed from the key of word {@code keyIndex}. */
    void popFrom(KvClient client, Arguments arguments, int keyIndex, Reply reply) {
        int entry = commands.lookup(client, arguments, keyIndex);
        pops = (int) Math.min(most, values.count(commands.header(entry)));
        reply.array(2);
        reply.bulk(arguments.data(), arguments.at(keyIndex), arguments.length(keyIndex));
        reply.array(pops);
        values.popSome(client, arguments, keyIndex, entry, pops, fromEnd, true, reply);
    }

    /** The count that may follow, 1 without; -1 if an error has been composed. */
    private long count(Arguments arguments, int from, Reply reply) {
        if (from == arguments.count()) {
            return 1;
        }
        if (from + 1 == arguments.count() || !arguments.is(from, "count")) {
            reply.error(DataCommands.SYNTAX);
            return -1;
        }
        if (!arguments.number(from + 1, commands.numbers) || commands.numbers.value() < 1) {
            reply.error("ERR count should be greater than 0");
            return -1;
        }
        if (from + 2 < arguments.count()) {
            reply.error(DataCommands.SYNTAX);
            return -1;
        }
        return commands.numbers.value();
    }
}
