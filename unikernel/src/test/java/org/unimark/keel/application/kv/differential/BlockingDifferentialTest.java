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
 * Clients that wait for keys and others that fill them, with the application and a real Redis. The application runs in
 * virtual time and says at once who gets what; Redis must say the same and have as many clients waiting.
 */
@Tag("machine")
class BlockingDifferentialTest {
    private static final long SEED = Long.getLong("unimark.differential.seed", 20261128L);
    private static final int STEPS = 6000;
    private static final int CLIENTS = 5;
    /** Sees to those who wait, and never waits itself. */
    private static final int KEEPER = CLIENTS;

    private static final String[] LINES = {
        "BLPOP key 0",
        "BLPOP key key 0",
        "BRPOP key key 0",
        "BLMOVE key key LEFT RIGHT 0",
        "BLMOVE key key RIGHT RIGHT 0",
        "BRPOPLPUSH key key 0",
        "BLMPOP 0 2 key key LEFT",
        "BLMPOP 0 1 key RIGHT COUNT 2",
        "BZPOPMIN key key 0",
        "BZPOPMAX key 0",
        "BZMPOP 0 2 key key MAX COUNT 2",
        "RPUSH key value",
        "RPUSH key value value value",
        "LPUSH key value value",
        "LPUSH key value",
        "RPUSHX key value",
        "ZADD key 1 value 2 value",
        "ZADD key 3 value",
        "SET key value",
        "DEL key",
        "DEL key",
        "LPOP key",
        "LMPOP 2 key key LEFT",
        "RENAME key key",
        "COPY key key REPLACE",
        "LMOVE key key LEFT LEFT",
        "MULTI",
        "EXEC",
        "DISCARD",
        "LRANGE key 0 -1",
        "ZRANGE key 0 -1",
        "TYPE key",
        "BLPOP key x",
        "BLPOP key -1",
        "BLMPOP 0 0 key LEFT",
        "BLMPOP 0 1 key MIN",
        "BLMOVE key key UP LEFT 0",
        "BLPOP key",
    };

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<String> said = new ArrayList<>();
    private final boolean[] waits = new boolean[CLIENTS];
    private final String[][] ids = new String[2][CLIENTS];
    private int served;

    @Test
    void answersAsRedis() throws IOException {
        try (RedisServer redis = RedisServer.redis();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = new ScriptedTarget(SEED)) {
            for (int i = 0; i < CLIENTS; i++) {
                ids[0][i] = subject.call(i, List.of("CLIENT", "ID")).text();
                ids[1][i] = oracle.call(i, List.of("CLIENT", "ID")).text();
            }
            for (int i = 0; i < STEPS; i++) {
                int client = random.nextInt(CLIENTS);
                if (waits[client]) {
                    endWait(subject, oracle, client);
                } else {
                    say(subject, oracle, client);
                }
            }
            assertThat(served).isGreaterThan(STEPS / 50);
            System.out.printf(
                    "blocking commands, seed %d: %d steps, %d who waited were served, no difference%n",
                    SEED, STEPS, served);
        }
    }

    /** Sometimes the keeper ends a wait; mostly it fills the keys that are waited for. */
    private void endWait(KeyValueTarget subject, KeyValueTarget oracle, int client) {
        if (random.nextInt(6) > 0) {
            List<String> command = command(random.nextBoolean() ? "RPUSH key value value" : "ZADD key 1 value");
            exchange(subject, oracle, KEEPER, command, command);
        } else {
            String how = random.nextBoolean() ? "TIMEOUT" : "ERROR";
            exchange(
                    subject,
                    oracle,
                    KEEPER,
                    List.of("CLIENT", "UNBLOCK", ids[0][client], how),
                    List.of("CLIENT", "UNBLOCK", ids[1][client], how));
        }
    }

    private void say(KeyValueTarget subject, KeyValueTarget oracle, int client) {
        List<String> command = command(LINES[random.nextInt(LINES.length)]);
        exchange(subject, oracle, client, command, command);
    }

    private List<String> command(String line) {
        List<String> command = new ArrayList<>();
        for (String word : line.split(" ")) {
            command.add(
                    switch (word) {
                        case "key" -> "k" + random.nextInt(4);
                        case "value" -> "" + random.nextInt(9);
                        default -> word;
                    });
        }
        return command;
    }

    private void exchange(
            KeyValueTarget subject, KeyValueTarget oracle, int client, List<String> command, List<String> toOracle) {
        said.add(client + "> " + command);
        subject.send(client, KeyValueTarget.encode(command));
        oracle.send(client, KeyValueTarget.encode(toOracle));
        int waiting = 0;
        for (int i = 0; i <= CLIENTS; i++) {
            boolean expectsAnswer = i == client || (i < CLIENTS && waits[i]);
            Reply answer = expectsAnswer ? subject.receive(i, 0) : null;
            if (answer != null) {
                Reply expected = oracle.receive(i, 10_000);
                assertThat(answer.toString())
                        .as("seed %d, client %d, after %s", SEED, i, lastSaid())
                        .isEqualTo(String.valueOf(expected));
            }
            if (i < CLIENTS) {
                served += waits[i] && answer != null ? 1 : 0;
                waits[i] = expectsAnswer && answer == null;
                waiting += waits[i] ? 1 : 0;
            }
        }
        awaitBlocked(oracle, waiting);
    }

    /** What is not answered may still be on its way to Redis. */
    private void awaitBlocked(KeyValueTarget oracle, int waiting) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        int blocked = blockedClients(oracle);
        while (blocked != waiting && System.nanoTime() < deadline) {
            blocked = blockedClients(oracle);
        }
        assertThat(blocked).as("seed %d, waiting after %s", SEED, lastSaid()).isEqualTo(waiting);
    }

    private List<String> lastSaid() {
        return said.subList(Math.max(0, said.size() - 30), said.size());
    }

    private static int blockedClients(KeyValueTarget oracle) {
        String clients = oracle.call(KEEPER, List.of("INFO", "clients")).text();
        int at = clients.indexOf("blocked_clients:") + "blocked_clients:".length();
        return Integer.parseInt(clients.substring(at, clients.indexOf('\r', at)));
    }
}
