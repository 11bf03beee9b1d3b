// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.part.Part;

/** A command in RESP, {@code SET key:00000000 xyz}: its words found, and the command that they name. */
public final class WordsPart implements Part {
    private static final int ARENA_BYTES = 64 * 1024;
    private static final String COMMAND = "*3\r\n$3\r\nSET\r\n$12\r\nkey:00000000\r\n$3\r\nxyz\r\n";

    private final Bytes command;
    private final int length;
    private final Arguments arguments;
    private final RequestParser parser;
    private final CommandTable table = new CommandTable();

    public WordsPart(Allocator allocator) {
        command = Part.ascii(allocator, COMMAND);
        length = command.length();
        Slabs slabs = new Slabs(allocator.allocate(ARENA_BYTES), allocator.allocate(Pages.mapBytes(ARENA_BYTES)));
        arguments = new Arguments(slabs);
        parser = new RequestParser(allocator.allocate(RequestParser.MAXIMUM_LINE));
        table.add(new Strange());
    }

    /** Stands for all families: what is found is not executed. */
    private static final class Strange extends CommandFamily {
        @Override
        String[] commands() {
            return new String[] {"get 2 rF 1 1 1", "set -3 wm 1 1 1", "incr 2 wmF 1 1 1", "del -2 w 1 -1 1"};
        }

        @Override
        String group() {
            return "string";
        }

        @Override
        void execute(int number, KvClient client, Arguments arguments, Reply reply) {
            throw new IllegalStateException("nothing is executed here");
        }
    }

    @Override
    public long run() {
        int used = parser.parse(arguments, command, 0, length, false);
        Command found = table.find(arguments.data(), arguments.at(0), arguments.length(0));
        if (used != length || found == null) {
            throw new IllegalStateException("the command was not read");
        }
        return used + found.arity + arguments.length(1);
    }
}
