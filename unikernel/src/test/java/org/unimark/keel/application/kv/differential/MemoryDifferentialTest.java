// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unimark.builder.BuildException;

/** What keys of 16 bytes with values of three cost, by what both servers say of their memory. */
@Tag("machine")
class MemoryDifferentialTest {
    private static final int MILLION = 1_000_000;
    /** What the simulated memory holds; nearly as many as Redis's table has places for, which is its best case. */
    private static final int FEWER = 250_000;

    private static final int AT_ONCE = 200;
    private static final int OTHER_CLIENT = 1;

    @Test
    void aKeyTakesAtMostWhatItTakesInRedis() throws IOException {
        try (RedisServer redis = RedisServer.redis();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = new ScriptedTarget(1)) {
            compare(oracle, subject, FEWER);
        }
    }

    /** As the compiler made it. */
    @Test
    @Tag("boot")
    void aMillionKeysTakeAtMostWhatTheyTakeInRedis() throws IOException, BuildException {
        try (RedisServer redis = RedisServer.redis();
                RedisServer compiled = RedisServer.compiled();
                KeyValueTarget oracle = redis.target();
                KeyValueTarget subject = compiled.target()) {
            compare(oracle, subject, MILLION);
        }
    }

    private static void compare(KeyValueTarget oracle, KeyValueTarget subject, int keys) {
        long oracleBefore = usedMemory(oracle);
        long subjectBefore = usedMemory(subject);
        for (int i = 0; i < keys; i += AT_ONCE) {
            byte[] commands = commands(i);
            for (KeyValueTarget target : List.of(oracle, subject)) {
                target.send(0, commands);
                for (int j = 0; j < AT_ONCE; j++) {
                    assertThat(target.receive(0, 10_000)).isEqualTo(Reply.of('+', "OK"));
                }
            }
        }
        assertThat(subject.call("DBSIZE").text()).isEqualTo("" + keys);
        double theirs = (double) (usedMemory(oracle) - oracleBefore) / keys;
        double ours = (double) (usedMemory(subject) - subjectBefore) / keys;
        System.out.printf("%d keys: %.1f bytes each, Redis %.1f%n", keys, ours, theirs);
        assertThat(ours).isBetween(20.0, theirs);
    }

    private static byte[] commands(int from) {
        ByteArrayOutputStream commands = new ByteArrayOutputStream();
        for (int i = from; i < from + AT_ONCE; i++) {
            commands.writeBytes(KeyValueTarget.encode(List.of("SET", "key:" + (100_000_000_000L + i), "xyz")));
        }
        return commands.toByteArray();
    }

    private static long usedMemory(KeyValueTarget target) {
        String memory = target.call(OTHER_CLIENT, List.of("INFO", "memory")).text();
        int at = memory.indexOf("used_memory:") + "used_memory:".length();
        return Long.parseLong(memory.substring(at, memory.indexOf('\r', at)));
    }
}
