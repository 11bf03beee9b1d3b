// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** From the words of a request to the command that executes them, and what must be asked before and done after. */
final class Dispatcher {
    static final String OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
    static final String LOG_FULL = "MISCONF Errors writing to the AOF file: No space left in the log";
    private static final String LOG_FAILED = "MISCONF Errors writing to the AOF file: the log has failed";
    private static final int LONGEST_QUOTE = 128;

    private final KvServer server;
    private final CommandTable table;
    private final Arguments arguments;
    private final Reply reply;
    private final Keyspace keyspace;

    Dispatcher(KvServer server) {
        this.server = server;
        table = server.table;
        arguments = server.arguments;
        reply = server.reply;
        keyspace = server.keyspace;
    }

    /** Executes what the parser left in the arguments. */
    void execute(KvClient client) {
        if (arguments.count() == 0) {
            return;
        }
        Command command = table.find(arguments.data(), arguments.at(0), arguments.length(0));
        if (command == null) {
            unknown(client);
            return;
        }
        if (!command.accepts(arguments.count())) {
            wrongNumber(client, command);
            return;
        }
        if (client.modes != 0 && !server.gate.admits(client, command)) {
            return;
        }
        client.lastCommand = command;
        call(client, command);
    }

    /** Executes a command that may be executed now, if there is memory and a log for it. */
    private void call(KvClient client, Command command) {
        if ((command.flags & (Command.DENY_OOM | Command.WRITE)) != 0
                && (!server.memoryLimit.hasRoom() || server.durability.watchesWrites())
                && !mayWrite(client, command)) {
            return;
        }
        perform(client, command);
    }

    private void perform(KvClient client, Command command) {
        keyspace.effects.beginCommand(client.database.number);
        command.calls++;
        server.statistics.commands++;
        long before = keyspace.changes;
        command.family.execute(command.number, client, arguments, reply);
        if (keyspace.changes != before) {
            server.durability.changed(client, command, arguments);
            if (keyspace.blockedClients != 0) {
                server.blocked.serve();
            }
        }
    }

    /**
     * Executes a command of a transaction, which has been admitted as a whole: {@code maxmemory} is not asked for again. Memory
     * that there is not is none for transactions either.
     */
    @Rare
    void callQueued(KvClient client, Command command) {
        MemoryLimit limit = server.memoryLimit;
        if (command.has(Command.DENY_OOM) && limit.isShort() && !limit.allows() && limit.isShort()) {
            reply.error(OUT_OF_MEMORY);
            return;
        }
        if (command.has(Command.WRITE)) {
            server.durability.beforeWrite(client, command, arguments);
        }
        perform(client, command);
    }

    /** Why commands of such flags may not be executed for want of memory or of a log, or null. */
    @Rare
    String obstacle(int flags) {
        if ((flags & Command.DENY_OOM) != 0 && !server.memoryLimit.allows()) {
            return OUT_OF_MEMORY;
        }
        return (flags & Command.WRITE) != 0 && server.durability.refusesWrites() ? LOG_FAILED : null;
    }

    /** Asks whether there is memory and a log for a command; if not, an error has been composed. */
    @Rare
    boolean mayWrite(KvClient client, Command command) {
        String obstacle = obstacle(command.flags);
        if (obstacle != null) {
            refuse(client, obstacle);
            return false;
        }
        if (command.has(Command.WRITE)) {
            String refusal = server.durability.refusal(command, arguments);
            if (refusal != null) {
                refuse(client, refusal);
                return false;
            }
            server.durability.beforeWrite(client, command, arguments);
        }
        return true;
    }

    /** Executes what the log says, without questions. */
    @Rare
    void replay(KvClient client) {
        Command command =
                arguments.count() == 0 ? null : table.find(arguments.data(), arguments.at(0), arguments.length(0));
        if (command != null && command.accepts(arguments.count())) {
            command.family.execute(command.number, client, arguments, reply);
        }
    }

    /** Answers an error instead of executing a command; a transaction that is being collected will fail. */
    @Rare
    void refuse(KvClient client, String error) {
        client.spoilTransaction();
        reply.error(error);
    }

    /** Refuses a command of a client of RESP2 that listens to channels. */
    @Rare
    void refuseListener(KvClient client, Command command) {
        client.spoilTransaction();
        reply.beginError("ERR Can't execute '");
        reply.raw(command.name);
        if (arguments.count() > 1 && command.hasSubcommands()) {
            reply.raw("|");
            reply.lowerTextOf(arguments.data(), arguments.at(1), arguments.length(1));
        }
        reply.raw("': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
        reply.endError();
    }

    @Rare
    private void wrongNumber(KvClient client, Command command) {
        client.spoilTransaction();
        if (server.transactions.isExec(command)) {
            // A transaction is over even if its end was written wrongly.
            server.transactions.beginAbort(client);
        } else {
            reply.beginError("ERR ");
        }
        reply.raw("wrong number of arguments for '");
        reply.raw(command.name);
        reply.raw("' command");
        reply.endError();
    }

    @Rare
    private void unknown(KvClient client) {
        client.spoilTransaction();
        server.statistics.unknownCommands++;
        Bytes data = arguments.data();
        reply.beginError("ERR unknown command '");
        reply.textOf(data, arguments.at(0), Math.min(arguments.length(0), LONGEST_QUOTE));
        reply.raw("', with args beginning with: ");
        int left = LONGEST_QUOTE;
        for (int i = 1; i < arguments.count() && left > 0; i++) {
            int length = Math.min(arguments.length(i), left);
            reply.raw("'");
            reply.textOf(data, arguments.at(i), length);
            reply.raw("' ");
            left -= length + 3;
        }
        reply.endError();
    }
}
