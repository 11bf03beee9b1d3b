// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

/** Whatever a client sends: messages are answered or end the connection; texts are translated or refused; nothing throws. */
@Tag("fuzz")
class PostgresFuzzTest {
    private static final Arena ARENA = new Arena();
    private static final Translator TRANSLATOR = new Translator(ARENA.allocate(1 << 17));
    private static final Bytes TEXT = ARENA.allocate(1 << 14);
    private static final ScriptedServer SERVER = new ScriptedServer("");
    private static final ScriptedServer GUARDED =
            new ScriptedServer("authentication=scram-sha-256\nuser=m\npassword=secret\n");

    @FuzzTest(maxDuration = "30s")
    void translatesOrRefuses(byte[] input) {
        if (input.length > TEXT.length()) {
            return;
        }
        TEXT.copyFrom(0, input, 0, input.length);
        int at = 0;
        while (at < input.length) {
            int next = TRANSLATOR.translate(TEXT, at, input.length);
            if (next <= at) {
                throw new AssertionError("no progress at " + at);
            }
            at = next;
        }
    }

    @FuzzTest(maxDuration = "30s")
    void messagesAreAnsweredOrEndTheConnection(byte[] input) {
        SERVER.converse(input);
    }

    @FuzzTest(maxDuration = "30s")
    void strangersAreAnsweredOrTurnedAway(byte[] input) {
        GUARDED.begin(input);
    }
}
