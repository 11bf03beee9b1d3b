// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unimark.keel.application.kv.AnyWords;

/** Every command with every number of words that need not make sense: what Redis refuses is refused, with its words. */
@Tag("machine")
class WordCountsDifferentialTest {
    private static final long SEED = Long.getLong("unimark.differential.seed", 20261128L);
    private static final int MOST_WORDS = 8;
    private static final int VARIATIONS = 20;

    /** What ends a server, or says what there is not (docs/supported.md). */
    private static final Set<String> LEFT_OUT =
            Set.of("shutdown", "debug", "save", "bgsave", "bgrewriteaof", "config", "memory");

    /** They end the connection, or have more than one reply or none. */
    private static final Set<String> ENDS_OR_MORE =
            Set.of("quit", "client", "subscribe", "psubscribe", "unsubscribe", "punsubscribe");

    private final Map<String, String> differences = new LinkedHashMap<>();
    private int commands;
    private int refused;

    @Test
    void refusesWhatRedisRefuses() throws IOException {
        try (RedisServer redis = RedisServer.redis();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = new ScriptedTarget(SEED)) {
            List<String> names = new ArrayList<>(subject.call("COMMAND", "LIST").texts());
            names.removeAll(LEFT_OUT);
            AnyWords words = new AnyWords(new SplittableRandom(SEED));
            for (String name : names) {
                for (int count = 1; count <= MOST_WORDS; count++) {
                    for (KeyValueTarget target : List.of(oracle, subject)) {
                        target.call(1, List.of("FLUSHALL"));
                        AnyWords.content().forEach(line -> target.call(1, List.of(line.split(" "))));
                    }
                    for (int i = 0; i < VARIATIONS; i++) {
                        compare(oracle, subject, words.command(name, count));
                        compare(oracle, subject, words.keysOf(name, count));
                    }
                }
            }
            assertThat(differences.values()).as("seed %d", SEED).isEmpty();
            System.out.printf("any words, seed %d: %d commands, %d of them refused%n", SEED, commands, refused);
        }
    }

    private void compare(KeyValueTarget oracle, KeyValueTarget subject, List<String> command) {
        if (command.size() > 1 && command.get(1).equalsIgnoreCase("help")) {
            return;
        }
        commands++;
        subject.send(0, KeyValueTarget.encode(command));
        oracle.send(0, KeyValueTarget.encode(command));
        Reply actual = subject.receive(0, 0);
        Reply expected = oracle.receive(0, actual == null ? 20 : 10_000);
        refused += expected != null && expected.isError() ? 1 : 0;
        if (!isKnown(command, expected) && !shape(actual).equals(shape(expected))) {
            differences.putIfAbsent(
                    command.get(0) + " " + shape(expected) + shape(actual),
                    command + "\nexpected " + expected + "\nactual   " + actual + "\n");
        }
        for (KeyValueTarget target : List.of(oracle, subject)) {
            if (ENDS_OR_MORE.contains(command.get(0)) || actual == null || expected == null) {
                target.disconnect(0);
            } else {
                target.call(0, List.of("RESET"));
            }
        }
    }

    /** Subcommands that there are not have no keys here; where keys are counted, Redis takes 1.5 for 1; and it got two later. */
    private static boolean isKnown(List<String> command, Reply expected) {
        if (command.size() > 1
                && List.of("client setinfo", "client no-touch").contains(command.get(0) + " " + command.get(1))) {
            return true;
        }
        boolean asksForKeys = command.size() > 1 && command.get(1).equals("getkeys");
        return asksForKeys && (command.contains("1.5") || "ERR Invalid command specified".equals(expected.text()));
    }

    /** Errors as they are; of the rest, what kind of reply it is. */
    private static String shape(Reply reply) {
        return reply == null ? "none" : reply.isError() ? reply.toString() : reply.type() + "";
    }
}
