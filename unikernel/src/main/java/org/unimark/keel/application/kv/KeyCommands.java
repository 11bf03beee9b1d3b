// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** Keys, whatever their values are. */
final class KeyCommands extends DataCommands {
    private static final String[] COMMANDS = {
        "del -2 w 1 -1 1", "unlink -2 wF 1 -1 1", "exists -2 rF 1 -1 1", "type 2 rF 1 1 1", "dbsize 1 rF 0 0 0",
    };

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
            case 2 -> exists(client, arguments, reply);
            case 3 -> type(client, arguments, reply);
            default -> reply.integer(server.database(client).size());
        }
    }

    private void delete(KvClient client, Arguments arguments, Reply reply) {
        Database database = server.database(client);
        int deleted = 0;
        for (int i = 1; i < arguments.count(); i++) {
            int entry = database.peek(arguments.data(), arguments.at(i), arguments.length(i));
            if (entry != 0) {
                database.delete(entry);
                changed(client, arguments, i);
                deleted++;
            }
        }
        reply.integer(deleted);
    }

    private void exists(KvClient client, Arguments arguments, Reply reply) {
        int count = 0;
        for (int i = 1; i < arguments.count(); i++) {
            count += read(client, arguments, i) == 0 ? 0 : 1;
        }
        reply.integer(count);
    }

    private void type(KvClient client, Arguments arguments, Reply reply) {
        int entry = server.database(client).peek(arguments.data(), arguments.at(1), arguments.length(1));
        reply.status(entry == 0 ? "none" : keyspace.types[Entry.type(memory, entry)].name());
    }
}
