// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/** Messages to whoever listens: nothing of them is kept. */
@Rare
final class PubSubCommands extends CommandFamily {
    private static final String[] COMMANDS = {
        "subscribe -2 pslt 0 0 0",
        "unsubscribe -1 pslt 0 0 0",
        "psubscribe -2 pslt 0 0 0",
        "punsubscribe -1 pslt 0 0 0",
        "publish 3 pltFR 0 0 0",
        "pubsub -2 - 0 0 0",
    };

    private static final int PUBLISH = 4;
    private static final int PUBSUB = 5;
    private static final String[] SUBCOMMANDS = {"channels", "numsub", "numpat"};
    private static final String[] SUBSCRIBED = {"subscribe", "psubscribe"};
    private static final String[] UNSUBSCRIBED = {"unsubscribe", "punsubscribe"};

    private final KvServer server;
    private final Subscriptions subscriptions;
    private final Bytes memory;

    PubSubCommands(KvServer server) {
        this.server = server;
        subscriptions = server.subscriptions;
        memory = server.slabs.memory();
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "pubsub";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        if (number == PUBLISH) {
            publish(arguments, reply);
        } else if (number == PUBSUB) {
            inspect(arguments, reply);
        } else {
            // What tells of subscriptions is no reply: CLIENT REPLY does not turn it off.
            boolean wasMuted = reply.isMuted();
            reply.setMuted(false);
            int kind = number >> 1;
            if ((number & 1) == 0) {
                subscribe(client, kind, arguments, reply);
            } else if (arguments.count() > 1) {
                unsubscribe(client, kind, arguments, reply);
            } else {
                unsubscribeAll(client, kind, reply);
            }
            reply.setMuted(wasMuted);
        }
    }

    /** Whether a client of RESP2 may execute the command while it listens. */
    boolean admits(Command command) {
        return (command.family == this && command.number < PUBLISH)
                || "ping".equals(command.name)
                || "quit".equals(command.name)
                || "reset".equals(command.name);
    }

    /** Ends all subscriptions of a client without a word. */
    void end(KvClient client) {
        subscriptions.end(client, Subscriptions.CHANNELS);
        subscriptions.end(client, Subscriptions.PATTERNS);
    }

    private static int count(KvClient client) {
        return client.subscriptionCounts[0] + client.subscriptionCounts[1];
    }

    private void subscribe(KvClient client, int kind, Arguments arguments, Reply reply) {
        for (int i = 1; i < arguments.count(); i++) {
            Bytes data = arguments.data();
            int result = subscriptions.add(client, kind, 0, data, arguments.at(i), arguments.length(i));
            if (result == Subscriptions.NO_MEMORY) {
                reply.error(Dispatcher.OUT_OF_MEMORY);
            } else if (result == Subscriptions.TOO_MANY) {
                reply.error(
                        kind == Subscriptions.CHANNELS
                                ? "ERR too many channels have subscribers"
                                : "ERR too many patterns have subscribers");
            } else {
                client.modes |= KvClient.SUBSCRIBED;
                reply.push(3);
                reply.bulk(SUBSCRIBED[kind]);
                reply.bulk(data, arguments.at(i), arguments.length(i));
                reply.integer(count(client));
            }
        }
    }

    private void unsubscribe(KvClient client, int kind, Arguments arguments, Reply reply) {
        for (int i = 1; i < arguments.count(); i++) {
            Bytes data = arguments.data();
            int topic = subscriptions.find(kind, 0, data, arguments.at(i), arguments.length(i));
            int subscription = subscriptions.subscription(client, kind, topic);
            if (subscription != 0) {
                subscriptions.remove(client, kind, subscription);
            }
            reply.push(3);
            reply.bulk(UNSUBSCRIBED[kind]);
            reply.bulk(data, arguments.at(i), arguments.length(i));
            reply.integer(count(client));
        }
        checkMode(client);
    }

    private void unsubscribeAll(KvClient client, int kind, Reply reply) {
        if (client.subscriptions[kind] == 0) {
            reply.push(3);
            reply.bulk(UNSUBSCRIBED[kind]);
            reply.nil();
            reply.integer(count(client));
        }
        while (client.subscriptions[kind] != 0) {
            int subscription = client.subscriptions[kind];
            int topic = subscriptions.topic(subscription);
            reply.push(3);
            reply.bulk(UNSUBSCRIBED[kind]);
            reply.bulk(memory, topic + Subscriptions.NAME, subscriptions.length(topic));
            subscriptions.remove(client, kind, subscription);
            reply.integer(count(client));
        }
        checkMode(client);
    }

    private static void checkMode(KvClient client) {
        if (count(client) == 0) {
            client.modes &= ~KvClient.SUBSCRIBED;
        }
    }

    private void publish(Arguments arguments, Reply reply) {
        Bytes data = arguments.data();
        int at = arguments.at(1);
        int length = arguments.length(1);
        int channel = subscriptions.find(Subscriptions.CHANNELS, 0, data, at, length);
        int receivers = subscriptions.listeners(channel);
        send(channel, false, arguments);
        int pattern = subscriptions.next(Subscriptions.PATTERNS, 0);
        while (pattern != 0) {
            if (Glob.matches(memory, pattern + Subscriptions.NAME, subscriptions.length(pattern), data, at, length)) {
                receivers += subscriptions.listeners(pattern);
                send(pattern, true, arguments);
            }
            pattern = subscriptions.next(Subscriptions.PATTERNS, pattern);
        }
        reply.integer(receivers);
    }

    /** Sends the message to all who listen to a topic. */
    private void send(int topic, boolean isPattern, Arguments arguments) {
        int subscription = subscriptions.first(topic);
        while (subscription != 0) {
            KvClient client = server.clientOf(subscriptions.client(subscription));
            pushStart(client, isPattern);
            if (isPattern) {
                pushBulk(client, memory, topic + Subscriptions.NAME, subscriptions.length(topic));
            }
            pushBulk(client, arguments.data(), arguments.at(1), arguments.length(1));
            pushBulk(client, arguments.data(), arguments.at(2), arguments.length(2));
            subscription = memory.i32Little(subscription + Subscriptions.NEXT);
        }
    }

    private void pushStart(KvClient client, boolean isPattern) {
        Bytes scratch = server.scratch;
        scratch.put8(0, client.isResp3 ? '>' : '*');
        int end = scratch.putAscii(1, isPattern ? "4\r\n$8\r\npmessage\r\n" : "3\r\n$7\r\nmessage\r\n");
        client.push(scratch, 0, end);
    }

    private void pushBulk(KvClient client, Bytes source, int at, int length) {
        Bytes scratch = server.scratch;
        scratch.put8(0, '$');
        int end = 1 + Numbers.format(length, scratch, 1);
        end = scratch.putAscii(end, "\r\n");
        client.push(scratch, 0, end);
        client.push(source, at, length);
        client.push(scratch, end - 2, 2);
    }

    private void inspect(Arguments arguments, Reply reply) {
        int subcommand = arguments.indexIn(1, SUBCOMMANDS);
        int words = arguments.count();
        if (subcommand == 0 && words <= 3) {
            listChannels(arguments, reply);
        } else if (subcommand == 0) {
            server.doubtfulSubcommand(arguments, "pubsub", reply);
        } else if (subcommand == 1) {
            reply.array((words - 2) * 2);
            for (int i = 2; i < words; i++) {
                Bytes data = arguments.data();
                reply.bulk(data, arguments.at(i), arguments.length(i));
                reply.integer(subscriptions.listeners(
                        subscriptions.find(Subscriptions.CHANNELS, 0, data, arguments.at(i), arguments.length(i))));
            }
        } else if (subcommand == 2 && words == 2) {
            reply.integer(subscriptions.topics(Subscriptions.PATTERNS));
        } else {
            server.unknownSubcommand(arguments, "pubsub", subcommand >= 0, reply);
        }
    }

    private void listChannels(Arguments arguments, Reply reply) {
        int matching = 0;
        for (int pass = 0; pass < 2; pass++) {
            if (pass == 1) {
                reply.array(matching);
            }
            int channel = subscriptions.next(Subscriptions.CHANNELS, 0);
            while (channel != 0) {
                if (isAsked(channel, arguments)) {
                    matching++;
                    if (pass == 1) {
                        reply.bulk(memory, channel + Subscriptions.NAME, subscriptions.length(channel));
                    }
                }
                channel = subscriptions.next(Subscriptions.CHANNELS, channel);
            }
        }
    }

    private boolean isAsked(int channel, Arguments arguments) {
        return arguments.count() == 2
                || Glob.matches(
                        arguments.data(),
                        arguments.at(2),
                        arguments.length(2),
                        memory,
                        channel + Subscriptions.NAME,
                        subscriptions.length(channel));
    }
}
