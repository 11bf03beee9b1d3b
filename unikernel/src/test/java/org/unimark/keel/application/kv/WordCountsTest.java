// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/**
 * Every command with every number of words, each after a long one: the words of that lie where no short command reaches, so
 * that whoever reads a word too many reads outside the memory.
 */
class WordCountsTest {
    private static final long SEED = 20261128L;
    private static final int RECEIVE_BYTES = 4096;
    private static final int MOST_WORDS = 8;
    private static final int VARIATIONS = 12;
    private static final int VARIATIONS_OF_KEYS = 5;
    private static final byte[] LONG_COMMAND = Talk.encode(
            "MSET", "first", "v".repeat(2 * RECEIVE_BYTES), "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

    private final KvPlatform platform = new KvPlatform("", SEED, 8 << 20, null, RECEIVE_BYTES);

    @Test
    void noCommandReadsBehindItsLastWord() {
        Talk keeper = new Talk(platform);
        AnyWords words = new AnyWords(new SplittableRandom(SEED));
        for (String name : names()) {
            for (int count = 1; count <= MOST_WORDS; count++) {
                keeper.send("FLUSHALL");
                AnyWords.content().forEach(keeper::send);
                keeper.take();
                for (int i = 0; i < VARIATIONS; i++) {
                    say(words.command(name, count));
                }
                for (int i = 0; i < VARIATIONS_OF_KEYS; i++) {
                    say(words.keysOf(name, count));
                }
                keeper.expect("PING", "+PONG|");
            }
        }
        platform.close();
    }

    private List<String> names() {
        CommandTable table = platform.server().table;
        List<String> names = new ArrayList<>();
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.inSlot(slot) != null) {
                names.add(table.inSlot(slot).name);
            }
        }
        assertThat(names).hasSizeGreaterThan(150);
        return names;
    }

    private void say(List<String> command) {
        ScriptedConnection client = platform.connect();
        for (int at = 0; at < LONG_COMMAND.length; at += RECEIVE_BYTES / 2) {
            client.arrive(Arrays.copyOfRange(LONG_COMMAND, at, Math.min(LONG_COMMAND.length, at + RECEIVE_BYTES / 2)));
        }
        assertThat(client.takeText()).isEqualTo("+OK\r\n");
        try {
            client.arrive(Talk.encode(command.toArray(String[]::new)));
        } catch (IndexOutOfBoundsException e) {
            throw new AssertionError("after a long command: " + command, e);
        }
        client.end(CloseReason.RESET);
    }
}
