// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unimark.builder.BuildException;

/** The same commands to the application as the compiler made it: a static binary on Linux. */
@Tag("machine")
@Tag("boot")
class CompiledDifferentialTest {
    private static final long SEED = Long.getLong("unimark.differential.seed", 20261126L);
    private static final int COMMANDS = 3000;

    @Test
    void answersAsRedis() throws IOException, BuildException {
        try (RedisServer redis = RedisServer.redis();
                RedisServer compiled = RedisServer.compiled();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = compiled.target()) {
            for (int protocol = 2; protocol <= 3; protocol++) {
                Differential differential = new Differential(oracle, subject, protocol);
                for (Grammar grammar : List.of(
                        Grammars.hashes(),
                        Grammars.lists(),
                        Grammars.sets(),
                        Grammars.sortedSets(),
                        Grammars.sortedSets().wide(),
                        Grammars.strings())) {
                    assertThat(differential.play(HarnessTest.sequence(grammar, SEED, COMMANDS)))
                            .as("seed %d", SEED)
                            .isNull();
                }
                System.out.printf(
                        "compiled, RESP%d, seed %d: %d commands, %d of them refused, no difference%n",
                        protocol, SEED, differential.commands(), differential.errors());
            }
        }
    }
}
