// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unimark.builder.http.TestSites;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/** What a client sees, request by request. */
class HttpConversationTest {
    @TempDir
    Path root;

    private HttpPlatform platform;

    @BeforeEach
    void start() {
        platform = start("");
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private HttpPlatform start(String configuration) {
        return new HttpPlatform(TestSites.compile(root, TestSites.standard(), configuration));
    }

    private void restart(String configuration) {
        platform.close();
        platform = start(configuration);
    }

    static List<RequestTable.Case> cases() {
        return RequestTable.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAsTheTableSays(RequestTable.Case expected) {
        ScriptedConnection connection = platform.connect();
        connection.arrive(expected.request());
        String text = connection.takeText();
        assertThat(statuses(text, expected)).isEqualTo(expected.statuses());
        assertThat(connection.isClosing()).isEqualTo(expected.closes());
        assertThat(connection.isAborted()).isFalse();
        assertThat(text).contains(expected.contains());
        if (expected.closes()) {
            assertThat(text).contains("Connection: close\r\n");
        }
    }

    /** All splits in two for each request; the long ones at positions that matter. */
    @ParameterizedTest
    @MethodSource("cases")
    void answersTheSameWhereverTheRequestIsSplit(RequestTable.Case expected) {
        String request = expected.request();
        String whole = platform.exchange(request);
        int step = request.length() < 400 ? 1 : 37;
        for (int split = 1; split < request.length(); split += step) {
            ScriptedConnection connection = platform.connect();
            connection.arrive(request.substring(0, split));
            connection.arrive(request.substring(split));
            assertThat(connection.takeText()).as("split at %d", split).isEqualTo(whole);
            assertThat(connection.isClosing()).isEqualTo(expected.closes());
            finish(connection);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersTheSameByteByByte(RequestTable.Case expected) {
        String whole = platform.exchange(expected.request());
        ScriptedConnection connection = platform.connect();
        for (int i = 0; i < expected.request().length(); i++) {
            connection.arrive(expected.request().substring(i, i + 1));
        }
        assertThat(connection.takeText()).isEqualTo(whole);
    }

    /** The peer's window opens by a few bytes at a time. */
    @ParameterizedTest
    @MethodSource("cases")
    void answersTheSameThroughANarrowWindow(RequestTable.Case expected) {
        if (expected.name().equals("expect")) {
            // 100 Continue is left out when there is no room for it.
            return;
        }
        String whole = platform.exchange(expected.request());
        for (int window : new int[] {1, 7, 300}) {
            ScriptedConnection connection = platform.connect();
            connection.setSpace(0);
            connection.arrive(expected.request());
            StringBuilder text = new StringBuilder();
            for (int i = 0; i <= whole.length() / window + 1; i++) {
                connection.setSpace(window);
                text.append(connection.takeText());
            }
            assertThat(text.toString()).as("window of %d", window).isEqualTo(whole);
            assertThat(connection.isClosing()).isEqualTo(expected.closes());
            finish(connection);
        }
    }

    /** What the parser remembers of one request must not show in the answer to another. */
    @Test
    void answersDoNotDependOnEarlierRequests() {
        List<RequestTable.Case> staying = RequestTable.cases().stream()
                .filter(request -> !request.closes() && request.request().length() < 3000)
                .toList();
        Map<RequestTable.Case, String> alone = new HashMap<>();
        for (RequestTable.Case request : staying) {
            restart("");
            alone.put(request, platform.exchange(request.request()));
        }
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 300; round++) {
            ScriptedConnection connection = platform.connect();
            for (int i = 0; i < 6; i++) {
                RequestTable.Case request = staying.get(random.nextInt(staying.size()));
                for (int repetition = random.nextInt(3); repetition >= 0; repetition--) {
                    connection.arrive(request.request());
                    assertThat(connection.takeText())
                            .as("round %d: %s", round, request)
                            .isEqualTo(alone.get(request));
                }
            }
            finish(connection);
        }
    }

    private static List<Integer> statuses(String text, RequestTable.Case expected) {
        return ParsedResponses.parse(text, expected.request().startsWith("HEAD")).stream()
                .map(ParsedResponses.Parsed::status)
                .toList();
    }

    private void finish(ScriptedConnection connection) {
        connection.end(CloseReason.FINISHED);
    }

    private ParsedResponses.Parsed one(String request) {
        return ParsedResponses.parse(platform.exchange(request), request.startsWith("HEAD"))
                .get(0);
    }

    @Test
    void sendsTheFileAsItIs() {
        ParsedResponses.Parsed response = one(RequestTable.get("/noise.bin"));
        assertThat(response.body().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(TestSites.noise(100_000));
        assertThat(response.field("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(response.field("Last-Modified")).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(response.field("Accept-Ranges")).isEqualTo("bytes");
        assertThat(response.field("Server")).isEqualTo("Keel");
        assertThat(response.field("Vary")).isEmpty();
    }

    @Test
    void headSaysWhatGetWouldSay() {
        ParsedResponses.Parsed get = one(RequestTable.get("/"));
        ParsedResponses.Parsed head = one("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head.head()).isEqualTo(get.head());
        assertThat(get.body()).isEqualTo(TestSites.INDEX);
    }

    @Test
    void gzipUnpacksToTheFile() throws IOException {
        ParsedResponses.Parsed response = one(RequestTable.get("/", "Accept-Encoding: gzip"));
        byte[] packed = response.body().getBytes(StandardCharsets.ISO_8859_1);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(TestSites.INDEX);
        }
        assertThat(response.field("Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.field("ETag"))
                .isNotEqualTo(one(RequestTable.get("/")).field("ETag"));
    }

    @Test
    void tagsMatchTheirOwnVariantOnly() {
        String tag = one(RequestTable.get("/")).field("ETag");
        String gzipTag = one(RequestTable.get("/", "Accept-Encoding: gzip")).field("ETag");
        assertThat(one(RequestTable.get("/", "If-None-Match: \"a\", " + tag)).status())
                .isEqualTo(304);
        assertThat(one(RequestTable.get("/", "If-None-Match: W/" + tag)).status())
                .isEqualTo(304);
        assertThat(one(RequestTable.get("/", "If-None-Match: " + gzipTag)).status())
                .isEqualTo(200);
        assertThat(one(RequestTable.get("/", "If-Match: " + tag)).status()).isEqualTo(200);
        assertThat(one(RequestTable.get("/", "If-Match: W/" + tag)).status()).isEqualTo(412);
        assertThat(one(RequestTable.get("/", "Range: bytes=0-1", "If-Range: " + tag))
                        .status())
                .isEqualTo(206);
        assertThat(one(RequestTable.get("/", "Range: bytes=0-1", "If-Range: W/" + tag))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void severalRangesComeInParts() {
        ParsedResponses.Parsed response = one(RequestTable.get("/digits.bin", "Range: bytes=0-0,2-3,-1"));
        String type = response.field("Content-Type");
        String boundary = type.substring(type.indexOf('=') + 1);
        String part = "\r\n--" + boundary + "\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ";
        assertThat(response.body())
                .isEqualTo(part + "0-0/36\r\n\r\n0" + part + "2-3/36\r\n\r\n23" + part + "35-35/36\r\n\r\nz\r\n--"
                        + boundary + "--\r\n");
    }

    @Test
    void dateFollowsTheClock() {
        assertThat(one(RequestTable.get("/")).field("Date")).isEqualTo("Thu, 01 Jan 2026 00:00:01 GMT");
        platform.passSeconds(2);
        assertThat(one(RequestTable.get("/")).field("Date")).isEqualTo("Thu, 01 Jan 2026 00:00:03 GMT");
        assertThat(one(RequestTable.get("/nothing")).field("Date")).isEqualTo("Thu, 01 Jan 2026 00:00:03 GMT");
        assertThat(one(RequestTable.get("/sub?q")).field("Date")).isEqualTo("Thu, 01 Jan 2026 00:00:03 GMT");
    }

    @Test
    void dateIsCurrentAfterALongSilence() {
        ScriptedConnection connection = platform.connect();
        connection.arrive(RequestTable.get("/", "Connection: close"));
        finish(connection);
        platform.clock.advance(86_400_000_000_000L);
        assertThat(one(RequestTable.get("/")).field("Date")).isEqualTo("Fri, 02 Jan 2026 00:00:01 GMT");
    }

    @Test
    void closesAfterSoManyRequests() {
        restart("keepalive_requests = 3");
        ScriptedConnection connection = platform.connect();
        connection.arrive(RequestTable.get("/").repeat(5));
        List<ParsedResponses.Parsed> responses = ParsedResponses.parse(connection.takeText(), false);
        assertThat(responses).hasSize(3);
        assertThat(responses.get(1).field("Connection")).isEmpty();
        assertThat(responses.get(2).field("Connection")).isEqualTo("close");
        assertThat(connection.isClosing()).isTrue();
    }

    @Test
    void metricsShowEveryCounter() {
        platform.exchange(RequestTable.get("/"));
        platform.counters().counter("tcp.made_up").add(42);
        ParsedResponses.Parsed response = one(RequestTable.get("/metrics"));
        assertThat(response.field("Content-Type")).isEqualTo("text/plain; version=0.0.4");
        assertThat(response.body())
                .contains("keel_http_requests 2\n")
                .contains("keel_tcp_made_up 42\n")
                .contains("keel_http_connections 2\n")
                .contains("keel_heap_allocated_bytes 0\n")
                .contains("keel_uptime_seconds 1\n");
    }

    @Test
    void metricsCanBeElsewhereOrNowhere() {
        restart("metrics = /status");
        assertThat(one(RequestTable.get("/status")).status()).isEqualTo(200);
        assertThat(one(RequestTable.get("/metrics")).status()).isEqualTo(404);
        restart("metrics =");
        assertThat(one(RequestTable.get("/metrics")).status()).isEqualTo(404);
    }

    @Test
    void slowReadersOfMetricsDoNotDisturbEachOther() {
        ScriptedConnection[] slow = new ScriptedConnection[4];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = platform.connect();
            slow[i].setSpace(200);
            slow[i].arrive(RequestTable.get("/metrics"));
        }
        assertThat(one(RequestTable.get("/metrics")).status()).isEqualTo(503);
        String begun = slow[0].takeText();
        slow[0].setSpace(100_000);
        assertThat(ParsedResponses.parse(begun + slow[0].takeText(), false)).hasSize(1);
        assertThat(one(RequestTable.get("/metrics")).status()).isEqualTo(200);
        finish(slow[1]);
        assertThat(one(RequestTable.get("/metrics")).status()).isEqualTo(200);
    }

    @Test
    void logsInTheCombinedFormat() {
        restart("access_log = on");
        ScriptedConnection connection = platform.connect();
        connection.arrive(RequestTable.get("/digits.bin", "User-Agent: cu\"rl", "Referer: http://x/"));
        connection.arrive("GET\u0001 / HTTP/1.1\r\n\r\n");
        assertThat(platform.console).isEmpty();
        platform.passSeconds(1);
        assertThat(platform.console)
                .containsExactly(
                        "198.18.0.1 - - [01/Jan/2026:00:00:01 +0000] \"GET /digits.bin HTTP/1.1\" 200 36"
                                + " \"http://x/\" \"cu\\x22rl\"",
                        "198.18.0.1 - - [01/Jan/2026:00:00:01 +0000] \"\" 400 123 \"-\" \"-\"");
    }

    @Test
    void ownErrorPagesAndFields() {
        restart("error_page.404 = /sub/index.html\nheader.X-Frame-Options = DENY\nserver =\ntype.bin = font/test");
        ParsedResponses.Parsed missing = one(RequestTable.get("/nothing"));
        assertThat(missing.body()).isEqualTo("<p>sub</p>\n");
        assertThat(missing.field("X-Frame-Options")).isEqualTo("DENY");
        assertThat(missing.field("Server")).isEmpty();
        assertThat(one(RequestTable.get("/digits.bin")).field("Content-Type")).isEqualTo("font/test");
    }

    @Test
    void saysSoWhenNothingIsSealed() {
        try (HttpPlatform bare = new HttpPlatform(null)) {
            assertThat(bare.exitStatus()).isEqualTo(1);
            assertThat(bare.console).hasSize(1);
        }
    }
}
