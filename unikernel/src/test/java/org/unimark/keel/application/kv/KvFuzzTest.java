// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/**
 * Whatever a client sends, the server answers the same however the bytes are cut, stays within its memory, keeps serving
 * others, and has nothing left of the client when it is gone. The first byte of an input says where it is cut.
 */
@Tag("fuzz")
class KvFuzzTest {
    private static final long AVAILABLE_BYTES = 4 << 20;
    private static final int RECEIVE_BYTES = 16 * 1024;
    private static final int LONGEST_INPUT = 8000;

    @FuzzTest(maxDuration = "40s")
    void decidesTheSameHoweverTheBytesAreCut(byte[] input) {
        if (input.length < 2 || input.length > LONGEST_INPUT) {
            return;
        }
        String request = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        int cut = (input[0] & 0xff) * request.length() / 256;
        // Each gets a server of its own: what the first one stored would change what the other is told.
        String whole = answer(request, request.length());
        String parts = answer(request, cut);
        // INFO and CLIENT tell of memory that is in use for output at the moment.
        if (!whole.equals(parts) && !whole.contains(" omem=") && !whole.contains("used_memory")) {
            throw new AssertionError("whole: " + whole + "\nin parts: " + parts);
        }
    }

    private static String answer(String request, int cut) {
        try (KvPlatform platform = new KvPlatform("", 1, AVAILABLE_BYTES, null, RECEIVE_BYTES)) {
            Talk other = new Talk(platform);
            ScriptedConnection client = platform.connect();
            client.arrive(request.substring(0, cut));
            client.arrive(request.substring(cut));
            client.settle();
            String answer = client.takeText() + "|" + client.isClosing() + "|" + client.isAborted();
            client.end(CloseReason.RESET);
            other.send("FLUSHALL").take();
            // The background takes apart what was flushed.
            platform.passMillis(200);
            other.expect("PUBSUB NUMPAT", ":0|")
                    .expect("PUBSUB CHANNELS", "*0|")
                    .expect("DBSIZE", ":0|");
            if (platform.server().clientCount() != 1) {
                throw new AssertionError("the client is not forgotten");
            }
            other.connection().end(CloseReason.RESET);
            return answer;
        }
    }
}
