// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two Redis servers do not differ, a Redis that was told something else does, and the difference is found and shortened. */
@Tag("machine")
class HarnessTest {
    private static final int COMMANDS = 3000;

    @Test
    void redisAgreesWithItself() throws IOException {
        try (RedisServer first = RedisServer.redis();
                RedisServer second = RedisServer.redis();
                KeyValueTarget oracle = first.target();
                KeyValueTarget subject = second.target()) {
            for (Grammar grammar : List.of(
                    Grammars.hashes(),
                    Grammars.lists(),
                    Grammars.sets(),
                    Grammars.sortedSets(),
                    Grammars.strings(),
                    Grammars.keys())) {
                Differential differential = new Differential(oracle, subject, 2);
                assertThat(differential.play(sequence(grammar, 7, COMMANDS))).isNull();
                // Errors are tested as strongly as answers, but not instead of them.
                assertThat((double) differential.errors() / differential.commands())
                        .isBetween(0.02, 0.45);
            }
        }
    }

    @Test
    void aDifferenceIsFoundAndShortened() throws IOException {
        try (RedisServer first = RedisServer.redis();
                RedisServer second = RedisServer.redis("--hash-max-listpack-entries", "2");
                KeyValueTarget oracle = first.target();
                KeyValueTarget subject = second.target()) {
            Differential differential = new Differential(oracle, subject, 2);
            String difference = differential.play(sequence(Grammars.hashes(), 7, COMMANDS));
            assertThat(difference).contains("OBJECT").contains("expected $\"listpack\"");
            assertThat(difference.lines().count()).isLessThan(9);
        }
    }

    static List<Command> sequence(Grammar grammar, long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Command> sequence = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            sequence.add(grammar.next(random));
        }
        return sequence;
    }
}
