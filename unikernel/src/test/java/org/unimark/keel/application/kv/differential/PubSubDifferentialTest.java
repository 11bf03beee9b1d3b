// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Four clients that listen and publish, to the application and to a real Redis. After every command each client is
 * looked at for what it has got: messages of one command in any order.
 */
@Tag("machine")
class PubSubDifferentialTest {
    private static final long SEED = Long.getLong("unimark.differential.seed", 20261127L);
    private static final int STEPS = 4000;
    private static final int CLIENTS = 4;
    private static final String[] LINES = {
        "SUBSCRIBE channel",
        "SUBSCRIBE channel channel",
        "UNSUBSCRIBE channel",
        "UNSUBSCRIBE",
        "PSUBSCRIBE pattern",
        "PUNSUBSCRIBE pattern",
        "PUNSUBSCRIBE",
        "PUBLISH channel value",
        "PUBLISH channel value",
        "PUBSUB CHANNELS",
        "PUBSUB CHANNELS pattern",
        "PUBSUB CHANNELS a b",
        "PUBSUB NUMSUB channel channel",
        "PUBSUB NUMSUB",
        "PUBSUB NUMPAT",
        "PUBLISH channel",
        "SUBSCRIBE",
        "PING",
        "PING value",
        "GET channel",
        "CLIENT GETNAME",
        "HELLO 2",
        "HELLO 3",
        "RESET"
    };

    @Test
    void answersAsRedis() throws IOException {
        try (RedisServer redis = RedisServer.redis();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = new ScriptedTarget(SEED)) {
            SplittableRandom random = new SplittableRandom(SEED);
            List<String> said = new ArrayList<>();
            int messages = 0;
            for (int i = 0; i < STEPS; i++) {
                int client = random.nextInt(CLIENTS);
                List<String> command = command(random);
                said.add(client + "> " + command);
                List<List<String>> expected = outcome(oracle, client, command);
                assertThat(outcome(subject, client, command))
                        .as("seed %d, after %s", SEED, said.subList(Math.max(0, i - 30), i + 1))
                        .isEqualTo(expected);
                messages += expected.toString().split("\"p?message\"", -1).length - 1;
            }
            assertThat(messages).isGreaterThan(STEPS / 20);
            System.out.printf(
                    "publish and subscribe, seed %d: %d commands, %d messages, no difference%n", SEED, STEPS, messages);
        }
    }

    private static List<String> command(SplittableRandom random) {
        List<String> command = new ArrayList<>();
        for (String word : LINES[random.nextInt(LINES.length)].split(" ")) {
            command.add(
                    switch (word) {
                        case "channel" -> "c" + random.nextInt(4);
                        case "pattern" -> new String[] {"c*", "c?", "c[12]", "*", "c1"}[random.nextInt(5)];
                        case "value" -> "v" + random.nextInt(9);
                        default -> word;
                    });
        }
        return command;
    }

    /** What every client gets, sorted: the end is where the answer to a PING of its own arrives. */
    private static List<List<String>> outcome(KeyValueTarget target, int client, List<String> command) {
        target.send(client, KeyValueTarget.encode(command));
        List<List<String>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            // The command's author first: the others get theirs while it is executed.
            all.add(untilPong(target, (client + i) % CLIENTS));
        }
        return all;
    }

    private static List<String> untilPong(KeyValueTarget target, int client) {
        target.send(client, KeyValueTarget.encode(List.of("PING", "end")));
        List<String> received = new ArrayList<>();
        while (true) {
            Reply reply = target.receive(client, 10_000);
            assertThat(reply).as("after %s", received).isNotNull();
            String text = comparable(reply);
            received.add(text);
            if (text.contains("\"end\"")) {
                received.sort(null);
                return received;
            }
        }
    }

    /** Without what depends on the order in which a server keeps things, and without the number of the connection. */
    private static String comparable(Reply reply) {
        String first = reply.size() == 0 ? "" : reply.elements().get(0).text();
        return switch (String.valueOf(first)) {
            case "server" -> reply.type() + "hello";
            case "unsubscribe", "punsubscribe" ->
                reply.type() + reply.texts().subList(0, 2).toString();
            case "message", "pmessage", "subscribe", "psubscribe" -> reply.toString();
            default -> reply.sorted(1).toString();
        };
    }
}
