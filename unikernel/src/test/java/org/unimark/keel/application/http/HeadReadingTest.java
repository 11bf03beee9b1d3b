// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.unimark.builder.http.TestSites;
import org.unimark.keel.simulation.ScriptedConnection;

/** Heads that arrive at once are read many bytes at a time, others byte by byte: both decide the same. */
class HeadReadingTest {
    private static final List<String> LINES = List.of(
            "Host: a",
            "host:\tlonger-name.example:8080 ",
            "Host: a/b",
            "Connection: close",
            "CONNECTION: Keep-Alive",
            "Accept-Encoding: gzip",
            "accept-encoding:gzip;q=0",
            "Accept: " + "x".repeat(70),
            "Accept-Language: en",
            "Upgrade-Insecure-Requests: 1",
            "A-Name-Of-More-Than-Thirty-One-Letters: 1",
            "X: a\tb",
            "X: a\u0001b",
            "X: a\rb",
            "X: " + "\u00ff".repeat(61),
            "X : a",
            ": a",
            "X(: a",
            "Xyz",
            "Range: bytes=0-1",
            "If-None-Match: *",
            "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
            "Content-Length: 3",
            "Content-Length: 0",
            "Transfer-Encoding: chunked",
            "Expect: 100-continue",
            " folded");

    private static final HttpPlatform PLATFORM = new HttpPlatform(site());

    private static byte[] site() {
        try {
            Path directory = Files.createTempDirectory("head-site");
            byte[] site = TestSites.compile(directory, TestSites.standard(), "");
            TestSites.delete(directory);
            return site;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Provide
    Arbitrary<List<String>> fields() {
        Arbitrary<String> padding = Arbitraries.integers().between(0, 70).map(n -> "Pad: " + "p".repeat(n));
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(2, Arbitraries.of(LINES)), net.jqwik.api.Tuple.of(1, padding))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property
    void decidesTheSameAtOnceAndByteByByte(@ForAll("fields") List<String> fields) {
        String head =
                "GET / HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", fields.subList(1, fields.size())) + "\r\n\r\n";
        assertThat(whole(head)).isEqualTo(byByte(head));
        String first = "GET / HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
        assertThat(whole(first)).isEqualTo(byByte(first));
    }

    private static String whole(String head) {
        ScriptedConnection connection = PLATFORM.connect();
        connection.arrive(head);
        return connection.takeText() + connection.isClosing();
    }

    private static String byByte(String head) {
        ScriptedConnection connection = PLATFORM.connect();
        for (int i = 0; i < head.length(); i++) {
            connection.arrive(head.substring(i, i + 1));
        }
        return connection.takeText() + connection.isClosing();
    }
}
