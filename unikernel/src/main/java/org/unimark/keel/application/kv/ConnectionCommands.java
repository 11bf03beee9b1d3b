// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Who talks to whom, in which protocol, and about which database. */
@Rare
final class ConnectionCommands extends DataCommands {
    private static final String[] COMMANDS = {
        "ping -1 F 0 0 0",
        "echo 2 F 0 0 0",
        "select 2 ltF 0 0 0",
        "quit -1 sltFAy 0 0 0",
        "auth -2 sltFAy 0 0 0",
        "hello -1 sltFAy 0 0 0",
        "reset 1 sltFAy 0 0 0",
    };

    private static final String WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";

    ConnectionCommands(KvServer server) {
        super(server);
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
            case 0 -> ping(client, arguments, reply);
            case 1 -> reply.bulk(arguments.data(), arguments.at(1), arguments.length(1));
            case 2 -> select(client, arguments, reply);
            case 3 -> {
                reply.ok();
                client.closeAfterReply();
            }
            case 4 -> authenticate(client, arguments, reply);
            case 5 -> hello(client, arguments, reply);
            default -> reset(client, reply);
        }
    }

    private static void ping(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.count() > 2) {
            reply.error("ERR wrong number of arguments for 'ping' command");
        } else if ((client.modes & KvClient.SUBSCRIBED) != 0 && !client.isResp3) {
            reply.array(2);
            reply.bulk("pong");
            if (arguments.count() == 2) {
                reply.bulk(arguments.data(), arguments.at(1), arguments.length(1));
            } else {
                reply.bulk("");
            }
        } else if (arguments.count() == 2) {
            reply.bulk(arguments.data(), arguments.at(1), arguments.length(1));
        } else {
            reply.status("PONG");
        }
    }

    private void select(KvClient client, Arguments arguments, Reply reply) {
        int number = databaseNumber(arguments, 1, reply);
        if (number >= 0) {
            client.database = keyspace.databases[number];
            reply.ok();
        }
    }

    private void authenticate(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.count() > 3) {
            reply.error(SYNTAX);
        } else if (arguments.count() == 2 && !server.password.isRequired()) {
            reply.error("ERR AUTH <password> called without any password configured for the default user. "
                    + "Are you sure your configuration is correct?");
        } else if (admit(client, arguments, arguments.count() - 1, reply)) {
            reply.ok();
        }
    }

    /** Compares word {@code index} with the password, and the word before it, if it is not the command, with the user. */
    private boolean admit(KvClient client, Arguments arguments, int index, Reply reply) {
        boolean isUser = index == 1 || arguments.equalTo(index - 1, "default");
        boolean matches = server.password.matches(arguments.data(), arguments.at(index), arguments.length(index));
        if (!isUser || !matches) {
            reply.error(WRONG_PASSWORD);
            return false;
        }
        client.modes &= ~KvClient.STRANGER;
        return true;
    }

    private void hello(KvClient client, Arguments arguments, Reply reply) {
        long version = client.isResp3 ? 3 : 2;
        if (arguments.count() > 1) {
            if (!arguments.number(1, server.numbers)) {
                reply.error("ERR Protocol version is not an integer or out of range");
                return;
            }
            version = server.numbers.value();
            if (version < 2 || version > 3) {
                reply.error("NOPROTO unsupported protocol version");
                return;
            }
        }
        if (!helloOptions(client, arguments, reply)) {
            return;
        }
        if ((client.modes & KvClient.STRANGER) != 0) {
            reply.error(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> "
                            + "AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol "
                            + "version at the same time");
            return;
        }
        client.isResp3 = version == 3;
        reply.setResp3(client.isResp3);
        introduce(client, reply);
    }

    private boolean helloOptions(KvClient client, Arguments arguments, Reply reply) {
        for (int i = 2; i < arguments.count(); i++) {
            if (arguments.is(i, "auth") && i + 2 < arguments.count()) {
                if (!admit(client, arguments, i + 2, reply)) {
                    return false;
                }
                i += 2;
            } else if (arguments.is(i, "setname") && i + 1 < arguments.count()) {
                i++;
                Bytes data = arguments.data();
                if (!server.texts.set(client, ClientTexts.NAME, data, arguments.at(i), arguments.length(i))) {
                    reply.error(ClientCommands.BAD_NAME);
                    return false;
                }
            } else {
                reply.beginError("ERR Syntax error in HELLO option '");
                reply.textOf(arguments.data(), arguments.at(i), arguments.length(i));
                reply.raw("'");
                reply.endError();
                return false;
            }
        }
        return true;
    }

    private static void introduce(KvClient client, Reply reply) {
        reply.map(7);
        reply.bulk("server");
        reply.bulk("redis");
        reply.bulk("version");
        reply.bulk(InfoCommands.VERSION);
        reply.bulk("proto");
        reply.integer(client.isResp3 ? 3 : 2);
        reply.bulk("id");
        reply.integer(client.id);
        reply.bulk("mode");
        reply.bulk("standalone");
        reply.bulk("role");
        reply.bulk("master");
        reply.bulk("modules");
        reply.array(0);
    }

    private void reset(KvClient client, Reply reply) {
        server.transactions.end(client);
        server.pubSub.end(client);
        client.database = server.keyspace.databases[0];
        client.isResp3 = false;
        client.modes = client.modes & KvClient.WRITES_PAUSED | server.firstModes();
        server.texts.clearAll(client);
        reply.setResp3(false);
        reply.setMuted(false);
        reply.status("RESET");
    }
}
