// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unimark.builder.http.TestSites;
import org.unimark.keel.simulation.FreePort;

/**
 * The table of requests against Debian's nginx: it agrees, or the table says how it differs and why. Keeps our reading of
 * the RFCs from being a private one.
 */
@Tag("machine")
class NginxOracleTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    private static final String CONFIGURATION = """
            daemon off; master_process off; worker_processes 1; pid %1$s/nginx.pid; error_log %1$s/error.log info;
            events { worker_connections 512; }
            http {
              default_type application/octet-stream; access_log off; absolute_redirect off; max_ranges 64;
              types { text/html html; text/css css; text/plain txt; }
              gzip_static on; gzip_vary on; if_modified_since before;
              client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
              server { listen 127.0.0.1:%2$d; root %1$s/site; }
            }
            """;

    @TempDir
    static Path prefix;

    private static ServerProcess nginx;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Files.isExecutable(NGINX), "needs nginx (Debian: nginx-light)");
        TestSites.write(prefix.resolve("site"), TestSites.standard());
        // What gzip_static looks for; its size does not matter here.
        TestSites.write(prefix.resolve("site"), Map.of("index.html.gz", TestSites.gzip(TestSites.INDEX)));
        // Started as root, nginx drops its rights and must still reach the site.
        for (Path directory : List.of(prefix, prefix.resolve("site"))) {
            assertThat(directory.toFile().setReadable(true, false)).isTrue();
            assertThat(directory.toFile().setExecutable(true, false)).isTrue();
        }
        int port = FreePort.take();
        Path configuration = prefix.resolve("nginx.conf");
        Files.writeString(configuration, String.format(CONFIGURATION, prefix, port));
        nginx = ServerProcess.start(
                List.of(NGINX.toString(), "-p", prefix.toString(), "-c", configuration.toString()),
                port,
                prefix.resolve("console.log"));
    }

    @AfterAll
    static void stop() {
        if (nginx != null) {
            nginx.close();
        }
    }

    static List<RequestTable.Case> cases() {
        return RequestTable.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesOrDiffersAsNoted(RequestTable.Case request) throws IOException {
        List<Integer> expected = request.statuses();
        if (!request.nginx().isEmpty()) {
            String statuses = request.nginx().substring(0, request.nginx().indexOf(':'));
            expected = Arrays.stream(statuses.split(",")).map(Integer::valueOf).toList();
        }
        // Whether a connection stays open after a refusal differs more than it matters: closing is always permitted.
        try (RawClient client = new RawClient(nginx.port())) {
            List<ParsedResponses.Parsed> responses = client.responses(request, expected.size());
            assertThat(responses.stream().map(ParsedResponses.Parsed::status).toList())
                    .as(request.nginx())
                    .isEqualTo(expected);
            if (request.nginx().isEmpty()) {
                assertThat(agreedFields(responses.get(0))).contains(agreedFields(request));
            }
        }
    }

    /** The fields in which servers have no liberty. */
    private static String agreedFields(ParsedResponses.Parsed response) {
        return response.field("Content-Range") + "|" + response.field("Content-Encoding") + "|"
                + response.field("Location");
    }

    private static String agreedFields(RequestTable.Case request) {
        for (String name : List.of("Content-Range: ", "Content-Encoding: ", "Location: ")) {
            if (request.contains().startsWith(name)) {
                return request.contains().substring(name.length()).strip();
            }
        }
        return "";
    }
}
