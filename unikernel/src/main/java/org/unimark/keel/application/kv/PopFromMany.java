// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** LMPOP and ZMPOP: some from one end of the first of several keys that has any. */
@Rare
final class PopFromMany {
    /** What the keys hold. */
    interface Values {
        int count(int header);

        /** Removes {@code pops} from one end of the value of the key of word {@code keyIndex}, composing each. */
        void popSome(
                KvClient client, Arguments arguments, int keyIndex, int entry, int pops, boolean fromEnd, Reply reply);
    }

    private final DataCommands commands;
    private final int type;
    private final String start;
    private final String end;
    private final Values values;

    /** {@code start} and {@code end} are what the commands call the two ends. */
    PopFromMany(DataCommands commands, int type, String start, String end, Values values) {
        this.commands = commands;
        this.type = type;
        this.start = start;
        this.end = end;
        this.values = values;
    }

    void execute(KvClient client, Arguments arguments, Reply reply) {
        if (!arguments.number(1, commands.numbers) || commands.numbers.value() < 1) {
            reply.error("ERR numkeys should be greater than 0");
            return;
        }
        long whereIndex = commands.numbers.value() + 2;
        if (whereIndex >= arguments.count() || whereIndex < 0) {
            reply.error(DataCommands.SYNTAX);
            return;
        }
        int where = (int) whereIndex;
        boolean fromEnd = arguments.is(where, end);
        if (!fromEnd && !arguments.is(where, start)) {
            reply.error(DataCommands.SYNTAX);
            return;
        }
        long count = count(arguments, where + 1, reply);
        if (count < 0) {
            return;
        }
        for (int i = 2; i < where; i++) {
            int entry = commands.lookup(client, arguments, i);
            if (commands.isWrongType(entry, type, reply)) {
                return;
            }
            if (entry != 0) {
                int pops = (int) Math.min(count, values.count(commands.header(entry)));
                reply.array(2);
                reply.bulk(arguments.data(), arguments.at(i), arguments.length(i));
                reply.array(pops);
                values.popSome(client, arguments, i, entry, pops, fromEnd, reply);
                return;
            }
        }
        reply.nilArray();
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
