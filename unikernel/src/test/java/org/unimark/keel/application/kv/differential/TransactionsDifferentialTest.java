// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three clients with transactions and watched keys, with and without memory, to the application and to a real Redis. */
@Tag("machine")
class TransactionsDifferentialTest {
    private static final long SEED = Long.getLong("unimark.differential.seed", 20261126L);
    private static final int STEPS = 20_000;
    private static final int CLIENTS = 3;
    /** Takes all memory away and gives it back. */
    private static final int KEEPER = CLIENTS;

    private static final int HOLDER = CLIENTS + 1;

    private static final int STEPS_WITH_MEMORY = 80;
    private static final int STEPS_WITHOUT = 20;
    private static final String[] LINES = {
        "MULTI",
        "MULTI",
        "MULTI",
        "EXEC",
        "EXEC",
        "EXEC",
        "EXEC",
        "DISCARD",
        "WATCH key",
        "WATCH key key",
        "UNWATCH",
        "GET key",
        "SET key value",
        "SET key value",
        "INCR key",
        "LPUSH key value",
        "LPOP key",
        "DEL key",
        "PING",
        "nosuch key",
        "GET",
        "HSET key a value",
        "SADD key value",
        "TYPE key",
        "MGET key key",
        "SET key value PX 60000",
        "EXPIRE key -1",
        "EXISTS key",
        "ZADD key 1 value",
        "RENAME key key",
        "PING",
        "ECHO value",
        "SELECT 0",
        "LRANGE key 0 -1",
        "WATCH",
        "EXEC value",
        "LMPOP 2 key key LEFT",
        "ZUNION 2 key key",
        "SWAPDB 0 1",
        "FLUSHALL",
        "FLUSHDB",
        "SELECT 1",
        "MOVE key 1",
        "MOVE key 0",
        "COPY key key DB 1 REPLACE"
    };

    @Test
    void answersAsRedis() throws IOException {
        try (RedisServer redis = RedisServer.redis();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = new ScriptedTarget(SEED)) {
            for (KeyValueTarget target : List.of(oracle, subject)) {
                // What is queued takes memory even when all databases are empty.
                target.call(HOLDER, List.of("MULTI"));
                target.call(HOLDER, List.of("PING"));
            }
            SplittableRandom random = new SplittableRandom(SEED);
            List<String> said = new ArrayList<>();
            int refused = 0;
            boolean isFull = false;
            for (int i = 0; i < STEPS; i++) {
                if (random.nextInt(isFull ? STEPS_WITHOUT : STEPS_WITH_MEMORY) == 0) {
                    isFull = !isFull;
                    said.add(isFull ? "full" : "not full");
                    List<String> limit = List.of("CONFIG", "SET", "maxmemory", isFull ? "1" : "0");
                    oracle.call(KEEPER, limit);
                    subject.call(KEEPER, limit);
                }
                int client = random.nextInt(CLIENTS);
                List<String> command = new ArrayList<>();
                for (String word : LINES[random.nextInt(LINES.length)].split(" ")) {
                    command.add(
                            word.equals("key")
                                    ? "k" + random.nextInt(4)
                                    : word.equals("value") ? "" + random.nextInt(9) : word);
                }
                said.add(client + "> " + command);
                Reply expected = oracle.call(client, command);
                Reply actual = subject.call(client, command);
                refused += expected.isError() ? 1 : 0;
                assertThat(actual.toString())
                        .as("seed %d, after %s", SEED, said.subList(Math.max(0, said.size() - 30), said.size()))
                        .isEqualTo(expected.toString());
            }
            System.out.printf(
                    "transactions, seed %d: %d commands, %d of them refused, no difference%n", SEED, STEPS, refused);
        }
    }
}
