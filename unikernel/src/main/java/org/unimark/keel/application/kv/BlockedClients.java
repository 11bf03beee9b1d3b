// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.kernel.Timer;

/**
 * Clients whose command waits until a key has something for it. After each command, but never within a transaction, the
 * keys that have changed are looked at in the order of their changes; who has waited longest is served first. The command
 * is kept where those of a transaction are.
 */
@Rare
final class BlockedClients implements Keyspace.ChangeListener {
    private static final long NANOS_A_MILLI = 1_000_000L;
    /** Longer limits are taken for this one: some 140 years, which the clock's nanoseconds hold. */
    private static final long LONGEST_MILLIS = 1L << 42;

    private final KvServer server;
    private final Keyspace keyspace;
    private final Bytes memory;
    private final Arguments arguments;
    private final Reply reply;
    private final Subscriptions keys;

    // Whose replies were being composed before another client's turn came.
    private KvClient interrupted;
    private boolean interruptedIsMuted;

    /** The time limit of one client. */
    final class Wait extends Timer {
        private final KvClient client;

        Wait(KvClient client) {
            this.client = client;
        }

        @Override
        protected void expired(long nowNanos) {
            giveUp(client);
            server.transmit();
        }
    }

    BlockedClients(KvServer server) {
        this.server = server;
        keyspace = server.keyspace;
        memory = server.slabs.memory();
        arguments = server.arguments;
        reply = server.reply;
        keys = new Subscriptions(server.slabs, keyspace.keyHash);
        keyspace.waiters = this;
    }

    /**
     * Lets the client wait for the keys of words {@code from} to {@code end - 1}; false if there is no memory for it.
     *
     * @param limitMillis 0: none
     */
    boolean block(KvClient client, Arguments words, int from, int end, long limitMillis) {
        boolean possible = client.transaction.queue(0, words);
        for (int i = from; possible && i < end; i++) {
            int result = keys.add(
                    client, Subscriptions.KEYS, client.database.number, words.data(), words.at(i), words.length(i));
            possible = result == Subscriptions.ADDED || result == Subscriptions.HAD_IT;
        }
        if (!possible) {
            keys.end(client, Subscriptions.KEYS);
            client.transaction.dropCommands();
            return false;
        }
        keyspace.blockedClients++;
        client.hold(KvClient.BLOCKED);
        if (limitMillis > 0) {
            long limit = Math.min(limitMillis, LONGEST_MILLIS) * NANOS_A_MILLI;
            server.platform.timers().schedule(client.wait, keyspace.nowNanos() + limit);
        }
        return true;
    }

    /** The client waits no longer, whatever for; its command is kept until it has been answered. */
    private void endWait(KvClient client) {
        keys.end(client, Subscriptions.KEYS);
        server.platform.timers().cancel(client.wait);
        keyspace.blockedClients--;
    }

    /** A client is gone that may wait. */
    void forget(KvClient client) {
        if (client.isHeldBy(KvClient.BLOCKED)) {
            endWait(client);
        }
    }

    /** Answers a client that waits as if its time were over. */
    void giveUp(KvClient client) {
        endWait(client);
        interruptFor(client);
        ((BlockingPops) client.lastCommand.family).timedOut(reply);
        finish(client);
    }

    /** Answers a client that waits with an error. */
    void refuse(KvClient client) {
        endWait(client);
        interruptFor(client);
        reply.error("UNBLOCKED client unblocked via CLIENT UNBLOCK");
        finish(client);
    }

    private void interruptFor(KvClient client) {
        interrupted = reply.client();
        interruptedIsMuted = reply.isMuted();
        reply.flush();
        reply.begin(client, client.isResp3);
        reply.setMuted(client.isMuted());
    }

    private void finish(KvClient client) {
        reply.flush();
        client.transaction.dropCommands();
        client.release(KvClient.BLOCKED);
        if (interrupted != null) {
            reply.begin(interrupted, interrupted.isResp3);
            reply.setMuted(interruptedIsMuted);
        }
    }

    @Override
    public void changed(int database, Bytes key, int at, int length) {
        int topic = keys.find(Subscriptions.KEYS, database, key, at, length);
        if (topic != 0) {
            keys.arm(topic);
        }
    }

    @Override
    public void allChanged(int database) {
        for (int topic = keys.next(Subscriptions.KEYS, 0); topic != 0; topic = keys.next(Subscriptions.KEYS, topic)) {
            if (keys.space(topic) == database) {
                keys.arm(topic);
            }
        }
    }

    /** Serves whom the last command has made it possible for; what that changes may serve others. */
    void serve() {
        while (keys.firstArmed() != 0 && !server.effects.isInUnit()) {
            int topic = keys.firstArmed();
            int waiting = keys.first(topic);
            while (waiting != 0 && value(topic) != 0) {
                int next = memory.i32Little(waiting + Subscriptions.NEXT);
                KvClient client = server.clientOf(keys.client(waiting));
                if (waitsFor(client, value(topic))) {
                    serve(client, topic);
                }
                waiting = next;
            }
            keys.disarm(Subscriptions.KEYS);
        }
    }

    /** What the key holds now, or 0. */
    private int value(int topic) {
        return keyspace.databases[keys.space(topic)].lookup(memory, topic + Subscriptions.NAME, keys.length(topic));
    }

    /** Whether the entry is of the type that the client waits for; one that is about to be closed waits for nothing. */
    private boolean waitsFor(KvClient client, int entry) {
        return !client.isHeldBy(KvClient.CLOSING)
                && ((BlockingPops) client.lastCommand.family).type() == Entry.type(memory, entry);
    }

    private void serve(KvClient client, int topic) {
        Command command = client.lastCommand;
        interruptFor(client);
        if (client.transaction.presentFirst(arguments)) {
            int keyIndex = indexOf(topic);
            endWait(client);
            if (server.dispatcher.mayWrite(client, command)) {
                execute(client, command, keyIndex);
            }
        } else {
            endWait(client);
            reply.error(Dispatcher.OUT_OF_MEMORY);
        }
        finish(client);
        arguments.release();
    }

    private void execute(KvClient client, Command command, int keyIndex) {
        server.effects.beginCommand(client.database.number);
        long before = keyspace.changes;
        ((BlockingPops) command.family).serve(command.number, client, arguments, keyIndex, reply);
        if (keyspace.changes != before) {
            server.durability.changed(client, command, arguments);
        }
    }

    /** The first word that is the key, or reads like it: nothing but the bytes matters. */
    private int indexOf(int topic) {
        int index = 1;
        while (arguments.length(index) != keys.length(topic)
                || !memory.matches(
                        topic + Subscriptions.NAME, arguments.data(), arguments.at(index), arguments.length(index))) {
            index++;
        }
        return index;
    }
}
