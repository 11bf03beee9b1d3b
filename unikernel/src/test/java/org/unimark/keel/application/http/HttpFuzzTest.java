// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.unimark.builder.http.TestSites;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/**
 * Whatever a client sends, the server answers with well-formed responses or waits, never throws, and decides the same
 * however the bytes are cut. The first byte of an input says where it is cut.
 */
@Tag("fuzz")
class HttpFuzzTest {
    private static final HttpPlatform PLATFORM = new HttpPlatform(site());

    private static byte[] site() {
        try {
            Path directory = Files.createTempDirectory("fuzz-site");
            byte[] site = TestSites.compile(directory, TestSites.standard(), "access_log = on");
            TestSites.delete(directory);
            return site;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @FuzzTest(maxDuration = "40s")
    void decidesTheSameHoweverTheBytesAreCut(byte[] input) {
        if (input.length < 2 || input.length > 8000) {
            return;
        }
        String request = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        int cut = (input[0] & 0xff) * request.length() / 256;
        ScriptedConnection whole = PLATFORM.connect();
        whole.arrive(request);
        String answer = whole.takeText();
        ScriptedConnection parts = PLATFORM.connect();
        parts.arrive(request.substring(0, cut));
        parts.arrive(request.substring(cut));
        requireSame(answer, parts.takeText());
        requireSame(String.valueOf(whole.isClosing()), String.valueOf(parts.isClosing()));
        if (!request.contains("HEAD")) {
            ParsedResponses.parse(answer, false);
        }
        whole.end(CloseReason.RESET);
        parts.end(CloseReason.RESET);
        PLATFORM.console.clear();
    }

    private static void requireSame(String whole, String parts) {
        // Metrics count what the first of the two did.
        if (!whole.equals(parts) && !whole.contains("keel_uptime_seconds")) {
            throw new AssertionError("whole: " + whole + "\nin parts: " + parts);
        }
    }
}
