// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** MULTI to EXEC, and WATCH. */
@Rare
final class Transactions extends DataCommands implements Keyspace.ChangeListener {
    private static final String[] COMMANDS = {
        "multi 1 sltFy 0 0 0",
        "exec 1 slt 0 0 0",
        "discard 1 sltFy 0 0 0",
        "watch -2 sltFy 1 -1 1",
        "unwatch 1 sltFy 0 0 0",
    };

    private static final int MULTI = 0;
    private static final int EXEC = 1;
    private static final int DISCARD = 2;
    private static final int WATCH = 3;
    private static final int UNWATCH = 4;

    private final Subscriptions watched;
    /** Whose EXEC is being answered, or null. */
    private KvClient executing;

    /** Messages that it has sent to itself meanwhile. */
    private final OutputQueue deferred;

    Transactions(KvServer server) {
        super(server);
        keyspace.watchers = this;
        watched = new Subscriptions(slabs, keyspace.keyHash);
        deferred = new OutputQueue(slabs);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "transactions";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        boolean isOpen = (client.modes & KvClient.IN_TRANSACTION) != 0;
        switch (number) {
            case MULTI -> begin(client, isOpen, reply);
            case EXEC -> commit(client, isOpen, arguments, reply);
            case DISCARD -> discard(client, isOpen, reply);
            case WATCH -> watch(client, isOpen, arguments, reply);
            default -> {
                unwatch(client);
                reply.ok();
            }
        }
    }

    /** Whether a command is queued instead of being executed, or refused; then it has been answered. */
    boolean queues(KvClient client, Command command) {
        if (isExec(command)) {
            return aborts(client);
        }
        boolean isOurs = command.family == this && command.number != UNWATCH;
        if ((isOurs && command.number == DISCARD) || "quit".equals(command.name) || "reset".equals(command.name)) {
            return false;
        }
        // Without memory nothing more is queued, whatever it is.
        String obstacle = command.has(Command.NO_MULTI)
                ? "ERR Command not allowed inside a transaction"
                : server.dispatcher.obstacle(command.flags | Command.DENY_OOM);
        if (obstacle == null && isOurs) {
            return false;
        }
        Transaction transaction = client.transaction;
        if (obstacle != null) {
            server.dispatcher.refuse(client, obstacle);
        } else if ((client.modes & KvClient.SPOILED) != 0
                || transaction.isDirty
                || transaction.queue(command.flags, server.arguments)) {
            server.reply.status("QUEUED");
        } else {
            server.dispatcher.refuse(client, Dispatcher.OUT_OF_MEMORY);
        }
        return true;
    }

    /** Whether EXEC is refused because memory or a log is missing for something that was queued. */
    private boolean aborts(KvClient client) {
        String obstacle = server.dispatcher.obstacle(client.transaction.flags());
        long bytes = client.transaction.writtenBytes();
        if (obstacle == null && bytes != 0) {
            obstacle = server.durability.refusal(bytes);
        }
        if (obstacle == null) {
            return false;
        }
        beginAbort(client);
        server.reply.raw(obstacle);
        server.reply.endError();
        return true;
    }

    /** Ends a transaction with an error, the reason for which is to follow. */
    void beginAbort(KvClient client) {
        end(client);
        server.reply.beginError("EXECABORT Transaction discarded because of: ");
    }

    boolean isExec(Command command) {
        return command.family == this && command.number == EXEC;
    }

    private static void begin(KvClient client, boolean isOpen, Reply reply) {
        if (isOpen) {
            reply.error("ERR MULTI calls can not be nested");
            return;
        }
        client.modes |= KvClient.IN_TRANSACTION;
        reply.ok();
    }

    /** Forgets what a client has queued and what it watches. */
    void end(KvClient client) {
        client.modes &= ~(KvClient.IN_TRANSACTION | KvClient.SPOILED);
        client.transaction.dropCommands();
        unwatch(client);
    }

    private void discard(KvClient client, boolean isOpen, Reply reply) {
        if (isOpen) {
            end(client);
            reply.ok();
        } else {
            reply.error("ERR DISCARD without MULTI");
        }
    }

    private void commit(KvClient client, boolean isOpen, Arguments arguments, Reply reply) {
        Transaction transaction = client.transaction;
        if (!isOpen) {
            reply.error("ERR EXEC without MULTI");
            return;
        }
        expireWatched(client);
        if ((client.modes & KvClient.SPOILED) != 0) {
            end(client);
            reply.error("EXECABORT Transaction discarded because of previous errors.");
            return;
        }
        if (transaction.isDirty) {
            end(client);
            reply.nilArray();
            return;
        }
        unwatch(client);
        client.modes &= ~KvClient.IN_TRANSACTION;
        reply.array(transaction.commands());
        effects.beginUnit();
        executing = client;
        while (transaction.commands() > 0) {
            if (transaction.presentFirst(arguments)) {
                call(client, arguments);
            } else {
                outOfMemory(reply);
            }
            transaction.dropFirst();
        }
        executing = null;
        effects.endUnit();
        deferred.moveTo(client);
        // What was executed has been logged; the command at hand is EXEC again, of which nothing is.
        effects.beginCommand(client.database.number);
        effects.instead();
    }

    boolean executesFor(KvClient client) {
        return executing == client;
    }

    /** Keeps part of a message until EXEC has been answered; without memory for it, the client is cut off. */
    void defer(Bytes source, int at, int length) {
        if (!deferred.append(source, at, length) || deferred.bytes() > server.pushLimitBytes) {
            deferred.clear();
            server.statistics.outputLimitDisconnections++;
            executing.cutOff();
        }
    }

    private void call(KvClient client, Arguments arguments) {
        Command command = server.table.find(arguments.data(), arguments.at(0), arguments.length(0));
        server.dispatcher.callQueued(client, command);
    }

    private void watch(KvClient client, boolean isOpen, Arguments arguments, Reply reply) {
        if (isOpen) {
            reply.error("ERR WATCH inside MULTI is not allowed");
            return;
        }
        for (int i = 1; i < arguments.count(); i++) {
            int at = arguments.at(i);
            int length = arguments.length(i);
            // What is over already goes before it is watched: it does not change any more.
            client.database.peek(arguments.data(), at, length);
            int result =
                    watched.add(client, Subscriptions.WATCHED, client.database.number, arguments.data(), at, length);
            keyspace.watchedKeys = watched.topics(Subscriptions.WATCHED);
            if (result == Subscriptions.NO_MEMORY) {
                outOfMemory(reply);
                return;
            }
            if (result == Subscriptions.TOO_MANY) {
                reply.error("ERR too many keys are watched");
                return;
            }
        }
        reply.ok();
    }

    private void unwatch(KvClient client) {
        watched.end(client, Subscriptions.WATCHED);
        keyspace.watchedKeys = watched.topics(Subscriptions.WATCHED);
        client.transaction.isDirty = false;
    }

    /** Looks at all keys that a client watches, so that those whose time is over are found to have changed. */
    private void expireWatched(KvClient client) {
        int subscription = client.subscriptions[Subscriptions.WATCHED];
        while (subscription != 0) {
            exists(watched.topic(subscription));
            subscription = watched.nextOfClient(subscription);
        }
    }

    private boolean exists(int topic) {
        Database database = keyspace.databases[watched.space(topic)];
        return database.peek(memory, topic + Subscriptions.NAME, watched.length(topic)) != 0;
    }

    @Override
    public void changed(int database, Bytes key, int at, int length) {
        spoil(watched.find(Subscriptions.WATCHED, database, key, at, length));
    }

    /** Who watches the topic must not go on. */
    private void spoil(int topic) {
        int subscription = watched.first(topic);
        while (subscription != 0) {
            server.clientOf(watched.client(subscription)).transaction.isDirty = true;
            subscription = memory.i32Little(subscription + Subscriptions.NEXT);
        }
    }

    @Override
    public void allChanged(int database) {
        int topic = watched.next(Subscriptions.WATCHED, 0);
        while (topic != 0) {
            if (watched.space(topic) == database && exists(topic)) {
                spoil(topic);
            }
            topic = watched.next(Subscriptions.WATCHED, topic);
        }
    }
}
