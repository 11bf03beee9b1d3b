// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** Who talks to whom, in which protocol, and about which database. */
final class ConnectionCommands extends CommandFamily {
    private static final String[] COMMANDS = {
        "ping -1 F 0 0 0", "echo 2 F 0 0 0", "select 2 ltF 0 0 0", "quit -1 sltFAx 0 0 0",
    };

    private final KvServer server;

    ConnectionCommands(KvServer server) {
        this.server = server;
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "connection";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0 -> ping(arguments, reply);
            case 1 -> reply.bulk(arguments.data(), arguments.at(1), arguments.length(1));
            case 2 -> select(client, arguments, reply);
            default -> {
                reply.ok();
                client.closeAfterReply();
            }
        }
    }

    private void ping(Arguments arguments, Reply reply) {
        if (arguments.count() > 2) {
            reply.error("ERR wrong number of arguments for 'ping' command");
        } else if (arguments.count() == 2) {
            reply.bulk(arguments.data(), arguments.at(1), arguments.length(1));
        } else {
            reply.status("PONG");
        }
    }

    private void select(KvClient client, Arguments arguments, Reply reply) {
        if (!arguments.number(1, server.numbers)) {
            reply.error(DataCommands.NOT_AN_INTEGER);
        } else if (server.numbers.value() < 0 || server.numbers.value() >= server.keyspace.databases.length) {
            reply.error("ERR DB index is out of range");
        } else {
            client.database = (int) server.numbers.value();
            reply.ok();
        }
    }
}
