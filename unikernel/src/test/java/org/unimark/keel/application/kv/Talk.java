// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.unimark.keel.simulation.ScriptedConnection;

/** A conversation over one connection: commands as people write them, replies as they come over the wire. */
final class Talk {
    private static final int SEGMENT_BYTES = 64 * 1024;

    private final ScriptedConnection connection;

    Talk(KvPlatform platform) {
        connection = platform.connect();
    }

    ScriptedConnection connection() {
        return connection;
    }

    /** Sends words separated by blanks as a RESP array; words in quotes may contain blanks. */
    Talk send(String line) {
        return sendWords(words(line));
    }

    Talk sendWords(String... words) {
        byte[] request = encode(words);
        for (int at = 0; at < request.length; at += SEGMENT_BYTES) {
            connection.arrive(Arrays.copyOfRange(request, at, Math.min(request.length, at + SEGMENT_BYTES)));
        }
        return this;
    }

    static byte[] encode(String... words) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(latin("*" + words.length + "\r\n"));
        for (String word : words) {
            request.writeBytes(latin("$" + word.length() + "\r\n" + word + "\r\n"));
        }
        return request.toByteArray();
    }

    private static String[] words(String line) {
        return java.util.regex.Pattern.compile("\"([^\"]*)\"|(\\S+)")
                .matcher(line)
                .results()
                .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                .toArray(String[]::new);
    }

    /** Returns what came back since the last call, with line ends as {@code |}. */
    String take() {
        return connection.takeText().replace("\r\n", "|");
    }

    /** Sends a command and checks the reply, in which {@code |} stands for a line end. */
    Talk expect(String line, String reply) {
        send(line);
        assertThat(take()).as(line).isEqualTo(reply);
        return this;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
