// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** The server as a whole. */
@Rare
final class ServerCommands extends DataCommands {
    private static final String[] COMMANDS = {
        "flushdb -1 w 0 0 0",
        "flushall -1 w 0 0 0",
        "swapdb 3 wF 0 0 0",
        "time 1 ltF 0 0 0",
        "lastsave 1 ltF 0 0 0",
        "save 1 as 0 0 0",
        "bgsave -1 as 0 0 0",
        "bgrewriteaof 1 as 0 0 0",
        "shutdown -1 aslt 0 0 0",
        "debug -2 aslt 0 0 0",
    };

    private static final String NO_SNAPSHOTS =
            "ERR there are no snapshots: durability is the log's business (appendonly)";

    ServerCommands(KvServer server) {
        super(server);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "server";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0 -> flush(client.database, arguments, reply);
            case 1 -> flush(null, arguments, reply);
            case 2 -> swap(arguments, reply);
            case 3 -> time(reply);
            case 4 -> reply.integer(server.startedAtMillis / 1000);
            case 5, 6 -> reply.error(NO_SNAPSHOTS);
            case 7 -> rewriteLog(reply);
            case 8 -> shutDown(client, arguments, reply);
            default -> reply.error("ERR DEBUG command not allowed. A sealed image has nothing to debug.");
        }
    }

    private void flush(Database one, Arguments arguments, Reply reply) {
        boolean fits = arguments.count() == 1
                || (arguments.count() == 2 && (arguments.is(1, "async") || arguments.is(1, "sync")));
        if (!fits) {
            reply.error(SYNTAX);
            return;
        }
        for (Database database : keyspace.databases) {
            if (one == null || one == database) {
                keyspace.allChanged(database);
                database.clear();
            }
        }
        reply.ok();
    }

    private void swap(Arguments arguments, Reply reply) {
        if (!isInt(arguments, 1)) {
            reply.error("ERR invalid first DB index");
            return;
        }
        int first = (int) numbers.value();
        if (!isInt(arguments, 2)) {
            reply.error("ERR invalid second DB index");
            return;
        }
        int second = (int) numbers.value();
        int databases = keyspace.databases.length;
        if (first < 0 || first >= databases || second < 0 || second >= databases) {
            reply.error(NO_SUCH_DATABASE);
            return;
        }
        if (first != second) {
            // Those that go, and those that come.
            bothChanged(first, second);
            keyspace.databases[first].swap(keyspace.databases[second]);
            bothChanged(first, second);
        }
        reply.ok();
    }

    private void bothChanged(int first, int second) {
        keyspace.allChanged(keyspace.databases[first]);
        keyspace.allChanged(keyspace.databases[second]);
    }

    private boolean isInt(Arguments arguments, int index) {
        return arguments.number(index, numbers) && numbers.value() == (int) numbers.value();
    }

    private void time(Reply reply) {
        long millis = keyspace.nowMillis();
        long micros = millis * 1000 + keyspace.nowNanos() / 1000 % 1000;
        reply.array(2);
        reply.bulk(micros / 1_000_000);
        reply.bulk(micros % 1_000_000);
    }

    private void rewriteLog(Reply reply) {
        if (server.durability.beginRewrite()) {
            reply.status("Background append only file rewriting started");
        } else {
            reply.error("ERR Background append only file rewriting already in progress, or there is no log");
        }
    }

    /** Everything acknowledged is where it was promised to be: there is nothing to save. */
    private void shutDown(KvClient client, Arguments arguments, Reply reply) {
        for (int i = 1; i < arguments.count(); i++) {
            if (!arguments.is(i, "nosave") && !arguments.is(i, "now") && !arguments.is(i, "force")) {
                reply.error(arguments.is(i, "save") ? NO_SNAPSHOTS : SYNTAX);
                return;
            }
        }
        client.closeAfterReply();
        server.durability.shutDown(server.platform);
    }
}
