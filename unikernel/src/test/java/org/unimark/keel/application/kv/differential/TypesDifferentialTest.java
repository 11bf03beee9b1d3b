// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random commands of each family, to the application in this JVM and to a real Redis. */
@Tag("machine")
class TypesDifferentialTest {
    private static final int ROUNDS = Integer.getInteger("unimark.differential.rounds", 6);
    private static final int COMMANDS = 1500;
    private static final long SEED = Long.getLong("unimark.differential.seed", 20261126L);

    /** Found by thousands of random commands: options where a number is due, the smallest rank, zeros of both signs, infinity times zero. */
    @Test
    void answersRareCasesAsRedis() throws IOException {
        try (RedisServer redis = RedisServer.redis();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = new ScriptedTarget(SEED)) {
            List<Command> commands = List.of(
                    Command.of("ZADD", "z", "0", "a", "1e10", "b"),
                    Command.of("ZINCRBY", "z", "XX", "a"),
                    Command.of("ZINCRBY", "z", "2.5", "a"),
                    Command.of("ZADD", "z", "0", "a"),
                    Command.of("ZUNION", "2", "z", "z", "WEIGHTS", "-1.5", "6", "WITHSCORES"),
                    Command.of("ZUNION", "1", "z", "WEIGHTS", "-1.5", "WITHSCORES"),
                    Command.of("ZADD", "long", "-0", "m".repeat(65), "-0", "n"),
                    Command.of("ZRANGE", "long", "0", "-1", "WITHSCORES"),
                    Command.of("ZADD", "grown", "-0", "n", "-0", "m".repeat(65), "-0", "o"),
                    Command.of("ZRANGE", "grown", "0", "-1", "WITHSCORES"),
                    Command.of("ZADD", "packed", "212097148492755456", "n", "1.5", "o"),
                    Command.of("ZSCAN", "packed", "0"),
                    Command.of("ZRANGE", "packed", "0", "-1", "WITHSCORES"),
                    Command.of("ZADD", "least", "-inf", "m", "1", "n"),
                    Command.of("ZINTER", "2", "least", "least", "WEIGHTS", "9", "0", "AGGREGATE", "MAX", "WITHSCORES"),
                    Command.of("ZINTER", "2", "least", "least", "WEIGHTS", "0", "9", "AGGREGATE", "MAX", "WITHSCORES"),
                    Command.of("ZINTER", "2", "least", "least", "WEIGHTS", "9", "0", "WITHSCORES"),
                    Command.of("ZUNION", "2", "least", "least", "WEIGHTS", "9", "0", "AGGREGATE", "MAX", "WITHSCORES"),
                    Command.of("SET", "late", "v", "PXAT", "9223372036854775807"),
                    Command.of("EXPIRETIME", "late"),
                    Command.of("PEXPIRETIME", "late"),
                    Command.of("RPUSH", "l", "m", "x", "m", "m"),
                    Command.of("LPOS", "l", "m", "RANK", "-9223372036854775808", "COUNT", "0"),
                    Command.of("LPOS", "l", "m", "RANK", "-9223372036854775807", "COUNT", "0"),
                    Command.of("LPOS", "l", "m", "RANK", "-2"));
            assertThat(new Differential(oracle, subject, 2).play(commands)).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hashes, 2",
        "hashes, 3",
        "sets, 2",
        "sets, 3",
        "sortedSets, 2",
        "sortedSets, 3",
        "lists, 2",
        "lists, 3",
        "strings, 2",
        "strings, 3",
        "keys, 2",
        "keys, 3",
        "wide hashes, 2",
        "wide sets, 2",
        "wide sortedSets, 2",
        "wide sortedSets, 3",
        "wide lists, 2"
    })
    void answersAsRedis(String family, int protocol) throws IOException {
        Supplier<Grammar> grammar = switch (family.replace("wide ", "")) {
            case "hashes" -> Grammars::hashes;
            case "strings" -> Grammars::strings;
            case "keys" -> Grammars::keys;
            case "sets" -> Grammars::sets;
            case "sortedSets" -> Grammars::sortedSets;
            default -> Grammars::lists;
        };
        try (RedisServer redis = RedisServer.redis();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = new ScriptedTarget(SEED)) {
            Differential differential = new Differential(oracle, subject, protocol);
            boolean isWide = family.startsWith("wide");
            for (int round = 0; round < ROUNDS; round++) {
                long seed = SEED + round;
                assertThat(differential.play(HarnessTest.sequence(
                                isWide ? grammar.get().wide() : grammar.get(), seed, isWide ? 4 * COMMANDS : COMMANDS)))
                        .as("seed %d", seed)
                        .isNull();
            }
            System.out.printf(
                    "%s, RESP%d, seed %d: %d commands, %d of them refused, no difference%n",
                    family, protocol, SEED, differential.commands(), differential.errors());
        }
    }
}
