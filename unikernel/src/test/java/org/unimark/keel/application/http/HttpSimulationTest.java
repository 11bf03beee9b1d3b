// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.builder.http.TestSites;
import org.unimark.keel.simulation.Impairments;
import org.unimark.keel.simulation.JvmPlatform;
import org.unimark.keel.simulation.ScriptedClient;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

/** The server on Keel's own stack, over good and bad wires, in virtual time. */
class HttpSimulationTest {
    private static final int PORT = 80;
    private static final long SECONDS = 1_000_000_000L;

    private static final String CONFIGURATION = "send_timeout = 20\nlingering_timeout = 2\nkeepalive_timeout = 5";

    @TempDir
    Path root;

    private SimulatedHost serve(Simulation simulation) {
        SimulatedHost server = simulation.host(1);
        byte[] site = TestSites.compile(root, TestSites.standard(), CONFIGURATION);
        new HttpApplication().start(new JvmPlatform(server).withResource(SiteFormat.RESOURCE, site));
        return server;
    }

    private static void answers(ScriptedClient client, RequestTable.Case expected) {
        client.send(expected.request());
        boolean toHead = expected.request().startsWith("HEAD");
        if (expected.closes()) {
            client.awaitEnd();
        } else {
            // The next response proves that the first has come to its end, and that the connection stayed open.
            client.send(RequestTable.get("/digits.bin", "Connection: close")).awaitEnd();
        }
        String text = client.text();
        if (toHead) {
            text = text.substring(text.indexOf("\r\n\r\n") + 4);
            toHead = false;
        }
        List<Integer> statuses = ParsedResponses.parse(text, toHead).stream()
                .map(ParsedResponses.Parsed::status)
                .toList();
        int skipped = expected.request().startsWith("HEAD") ? 1 : 0;
        int count = expected.statuses().size() - skipped;
        assertThat(statuses.subList(0, count))
                .as(expected.name())
                .isEqualTo(expected.statuses().subList(skipped, count + skipped));
        assertThat(statuses).as(expected.name()).hasSize(expected.closes() ? count : count + 1);
        client.close();
    }

    @Test
    void answersAsTheTableSays() {
        try (Simulation simulation = new Simulation(5)) {
            simulation.recordingFailures(() -> {
                SimulatedHost server = serve(simulation);
                SimulatedHost other = simulation.host(2);
                for (RequestTable.Case expected : RequestTable.cases()) {
                    answers(ScriptedClient.connect(other, server.address(), PORT), expected);
                }
                simulation.run(200 * SECONDS);
                assertThat(server.outstandingBuffers()).isZero();
                assertThat(server.count("http.out_of_memory")).isZero();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyByteArrivesOverABadWire(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            simulation
                    .wire()
                    .impair(Impairments.NONE.withLoss(0.05).withReordering(0.1).withDuplication(0.02));
            simulation.recordingFailures(() -> {
                SimulatedHost server = serve(simulation);
                ScriptedClient client = ScriptedClient.connect(simulation.host(2), server.address(), PORT);
                client.send(RequestTable.get("/noise.bin")
                        + RequestTable.get("/noise.bin", "Range: bytes=0-9,50000-")
                        + RequestTable.get("/", "Accept-Encoding: gzip", "Connection: close"));
                client.awaitEnd();
                List<ParsedResponses.Parsed> responses = ParsedResponses.parse(client.text(), false);
                assertThat(responses).hasSize(3);
                assertThat(responses.get(0).body()).isEqualTo(latin(TestSites.noise(100_000)));
                assertThat(responses.get(1).body())
                        .contains(latin(TestSites.noise(100_000)).substring(50_000));
            });
        }
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The client is still sending when the refusal comes, and must be able to read it. */
    @Test
    void refusalReachesAClientThatGoesOnSending() {
        try (Simulation simulation = new Simulation(6)) {
            simulation.recordingFailures(() -> {
                SimulatedHost server = serve(simulation);
                ScriptedClient client = ScriptedClient.connect(simulation.host(2), server.address(), PORT);
                client.send(RequestTable.get("/", "Content-Length: 99999999") + "x".repeat(200_000));
                client.awaitEnd();
                assertThat(client.text()).startsWith("HTTP/1.1 413 ").endsWith("</html>\n");
            });
        }
    }

    /** Whoever reads slowly, but does, gets everything, however short the time between requests. */
    @Test
    void waitsForASlowReader() {
        try (Simulation simulation = new Simulation(8)) {
            simulation.wire().impair(Impairments.NONE.withBandwidth(8_000, 50));
            simulation.recordingFailures(() -> {
                SimulatedHost server = serve(simulation);
                ScriptedClient client = ScriptedClient.connect(simulation.host(2), server.address(), PORT);
                client.send(RequestTable.get("/noise.bin", "Connection: close"));
                simulation.runUntil(client::hasPeerFinished, 300 * SECONDS);
                assertThat(ParsedResponses.parse(client.text(), false)).hasSize(1);
                assertThat(simulation.clock().nanos()).isGreaterThan(100 * SECONDS);
            });
        }
    }

    /** A client that stops reading costs its connection, and nothing stays behind. */
    @Test
    void letsGoOfAClientThatStopsReading() {
        try (Simulation simulation = new Simulation(7)) {
            simulation.recordingFailures(() -> {
                SimulatedHost server = serve(simulation);
                ScriptedClient client = ScriptedClient.connect(simulation.host(2), server.address(), PORT);
                client.send(RequestTable.get("/digits.bin")).awaitText("xyz");
                client.stopReading();
                client.send(RequestTable.get("/noise.bin").repeat(20));
                // The time to wait for a request, and then two looks at whether anything moves.
                simulation.run((5 + 20 + 20 + 3) * SECONDS);
                assertThat(server.count("http.timeouts")).isEqualTo(1);
                client.continueReading();
                client.awaitClosed();
                simulation.run(200 * SECONDS);
                assertThat(server.outstandingBuffers()).isZero();
            });
        }
    }
}
