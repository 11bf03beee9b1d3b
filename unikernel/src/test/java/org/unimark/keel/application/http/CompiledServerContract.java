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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.http.BenchmarkSite;
import org.unimark.builder.http.SiteCompiler;
import org.unimark.builder.http.TestSites;
import org.unimark.keel.simulation.FreePort;

/** What the compiled application must do over real sockets, whatever platform it was compiled for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CompiledServerContract {
    private static final int REQUESTS = 2000;
    /** Within this time a server under attack must answer an honest client. */
    private static final long PROBE_LIMIT_NANOS = 5_000_000_000L;

    @TempDir
    static Path directory;

    private ServerProcess server;

    /** Starts the program so that its server is reached on {@code port} of loopback. */
    abstract ServerProcess start(Path program, int port, Path log) throws IOException;

    abstract Target target();

    /** The port in the configuration, given the one on loopback. */
    abstract int configuredPort(int port);

    /** How many connections an attacker can open at once through what lies between. */
    abstract int attackers();

    @BeforeAll
    void start() throws Exception {
        int port = FreePort.take();
        Path site = directory.resolve("site");
        TestSites.write(site, TestSites.standard());
        BenchmarkSite.writeFiles(site);
        Path configuration = directory.resolve("http.properties");
        Files.writeString(configuration, "port = " + configuredPort(port) + "\nkeepalive_requests = 1000000\n");
        Map<String, byte[]> resources = SiteCompiler.compile(site, configuration);
        BuiltImage built = ImageBuilder.build(new BuildRequest(
                HttpApplication.class.getName(), List.of(), resources, target(), directory.resolve("out")));
        server = start(built.elf(), port, directory.resolve("console.log"));
    }

    @AfterAll
    void stop() {
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
        ParsedResponses.Parsed first = outcome.responses().get(0);
        assertThat(first.head() + "\r\n\r\n" + first.body()).contains(expected.contains());
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
            serve(client, 100);
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

    @Test
    void curlUnpacksWhatItAskedFor() throws Exception {
        String url = "http://127.0.0.1:" + server.port() + "/";
        assertThat(run("curl", "-sS", "--compressed", url)).isEqualTo(TestSites.INDEX);
        assertThat(run("curl", "-sS", "-L", "-o", "/dev/null", "-w", "%{http_code} %{num_redirects}", url + "sub"))
                .isEqualTo("200 1");
        assertThat(run("curl", "-sS", "-r", "0-1,4-5", url + "digits.bin")).contains("bytes 4-5/36");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-k"})
    void apacheBenchSeesNoFailure(String keepAlive) throws Exception {
        String url = "http://127.0.0.1:" + server.port() + "/";
        String report = keepAlive.isEmpty()
                ? run("ab", "-q", "-n", "1000", "-c", "8", url)
                : run("ab", "-q", keepAlive, "-n", "5000", "-c", "8", url);
        assertThat(report).contains("Failed requests:        0").doesNotContain("Non-2xx");
    }

    @Test
    void wrkSeesNoError() throws Exception {
        String report = run("wrk", "-t1", "-c8", "-d3s", "http://127.0.0.1:" + server.port() + "/");
        assertThat(report)
                .contains("requests in")
                .doesNotContain("Socket errors")
                .doesNotContain("Non-2xx");
    }

    /** Slow heads, slow bodies, absurd ranges, slow reading. */
    @ParameterizedTest
    @ValueSource(strings = {"-H -i 2", "-B -i 2 -s 8192", "-R -a 10 -b 3000", "-X -w 10 -y 20 -n 2 -z 32 -k 3"})
    void answersHonestClientsUnderAttack(String attack) throws Exception {
        String command = "slowhttptest -c " + attackers() + " -r 200 -l 8 -p 3 " + attack + " -u http://127.0.0.1:"
                + server.port() + "/noise.bin";
        expectInstalled("slowhttptest");
        Process attacker = new ProcessBuilder(command.split(" "))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("attack.log").toFile())
                .start();
        try {
            int probes = 0;
            do {
                long begin = System.nanoTime();
                try (RawClient client = new RawClient(server.port())) {
                    client.send(RequestTable.get("/"));
                    assertThat(client.receive(false).status()).isEqualTo(200);
                }
                assertThat(System.nanoTime() - begin).isLessThan(PROBE_LIMIT_NANOS);
                probes++;
            } while (!attacker.waitFor(100, TimeUnit.MILLISECONDS));
            assertThat(probes).isGreaterThan(5);
        } finally {
            attacker.destroy();
            attacker.waitFor();
        }
    }

    /** Runs a client to its end and returns what it says. */
    private String run(String... command) throws Exception {
        expectInstalled(command[0]);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static void expectInstalled(String program) {
        boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
        assertThat(found).as("'./unimark test' installs " + program).isTrue();
    }
}
