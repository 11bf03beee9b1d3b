// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.http.BenchmarkSite;
import org.unimark.builder.http.SiteCompiler;
import org.unimark.builder.http.TestSites;

/** The compiled application as a Linux binary, over real sockets: the same table, large files, heap use. */
@Tag("boot")
class HttpLinuxTest {
    private static final int REQUESTS = 2000;

    @TempDir
    static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        int port = ServerProcess.freePort();
        Path site = directory.resolve("site");
        TestSites.write(site, TestSites.standard());
        BenchmarkSite.writeFiles(site);
        Path configuration = directory.resolve("http.properties");
        Files.writeString(configuration, "port = " + port + "\nkeepalive_requests = 1000000\n");
        Map<String, byte[]> resources = SiteCompiler.compile(site, configuration);
        BuiltImage built = ImageBuilder.build(new BuildRequest(
                HttpApplication.class.getName(), List.of(), resources, Target.LINUX, directory.resolve("out")));
        server = ServerProcess.start(List.of(built.elf().toString()), port, directory.resolve("console.log"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    static List<RequestTable.Case> cases() {
        return RequestTable.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAsTheTableSays(RequestTable.Case expected) throws IOException {
        RawClient.Outcome outcome = RawClient.play(server.port(), expected);
        assertThat(outcome.statuses()).isEqualTo(expected.statuses());
        assertThat(outcome.closed()).isEqualTo(expected.closes());
        String first = outcome.responses().get(0).head() + "\r\n\r\n"
                + outcome.responses().get(0).body();
        assertThat(first).contains(expected.contains());
    }

    @Test
    void sendsEveryByteOfLargeFiles() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            for (Map.Entry<String, byte[]> file : BenchmarkSite.files().entrySet()) {
                client.send(RequestTable.get("/" + file.getKey()));
                ParsedResponses.Parsed response = client.receive(false);
                assertThat(response.status()).isEqualTo(200);
                // Equality of arrays, without printing megabytes when it fails.
                byte[] body = response.body().getBytes(StandardCharsets.ISO_8859_1);
                assertThat(Arrays.equals(body, file.getValue()))
                        .as(file.getKey())
                        .isTrue();
            }
        }
    }

    @Test
    void allocatesNothingForARequest() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            serve(client, 10);
            long before = heapAllocatedBytes(client);
            serve(client, REQUESTS);
            assertThat(heapAllocatedBytes(client) - before).isZero();
        }
    }

    private static void serve(RawClient client, int requests) throws IOException {
        for (int i = 0; i < requests; i++) {
            String fields = i % 4 == 0 ? "Accept-Encoding: gzip" : i % 4 == 1 ? "Range: bytes=1-2,4-5" : "X: y";
            client.send(RequestTable.get(i % 3 == 0 ? "/" : "/digits.bin", fields));
            assertThat(client.receive(false).status()).isIn(200, 206);
        }
    }

    private static long heapAllocatedBytes(RawClient client) throws IOException {
        client.send(RequestTable.get("/metrics"));
        String page = client.receive(false).body();
        String name = "keel_heap_allocated_bytes ";
        int at = page.indexOf(name) + name.length();
        return Long.parseLong(page.substring(at, page.indexOf('\n', at)));
    }
}
