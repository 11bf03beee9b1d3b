// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.http.TestSites;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/** Clients that are slow, silent or too many. */
class HttpTimeoutTest {
    private static final String CONFIGURATION = "keepalive_timeout = 20\nheader_timeout = 10\nbody_timeout = 5\n"
            + "send_timeout = 8\nlingering_timeout = 3\nmax_connections = 4\n";

    @TempDir
    Path root;

    private HttpPlatform platform;

    @BeforeEach
    void start() {
        platform = new HttpPlatform(TestSites.compile(root, TestSites.standard(), CONFIGURATION));
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void closesAnIdleConnectionQuietly() {
        ScriptedConnection connection = platform.connect();
        connection.arrive(RequestTable.get("/"));
        connection.takeText();
        platform.passSeconds(18);
        assertThat(connection.isClosing()).isFalse();
        platform.passSeconds(3);
        assertThat(connection.isClosing()).isTrue();
        assertThat(connection.takeText()).isEmpty();
        platform.passSeconds(4);
        assertThat(connection.isAborted()).isTrue();
    }

    @Test
    void everyRequestBuysMoreTime() {
        ScriptedConnection connection = platform.connect();
        for (int i = 0; i < 10; i++) {
            connection.arrive(RequestTable.get("/"));
            platform.passSeconds(18);
        }
        assertThat(connection.isClosing()).isFalse();
    }

    @Test
    void closesAConnectionThatNeverSpeaks() {
        ScriptedConnection connection = platform.connect();
        platform.passSeconds(12);
        assertThat(connection.isClosing()).isTrue();
        assertThat(connection.takeText()).isEmpty();
    }

    @Test
    void slowHeadersDoNotBuyTime() {
        ScriptedConnection connection = platform.connect();
        connection.arrive("GET / HTTP/1.1\r\n");
        for (int i = 0; i < 12 && !connection.isClosing(); i++) {
            platform.passSeconds(1);
            connection.arrive("X-" + i + ": a\r\n");
        }
        assertThat(connection.isClosing()).isTrue();
        assertThat(connection.takeText()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void emptyLinesDoNotBuyTime() {
        ScriptedConnection connection = platform.connect();
        for (int i = 0; i < 12 && !connection.isClosing(); i++) {
            connection.arrive("\r\n");
            platform.passSeconds(1);
        }
        assertThat(connection.isClosing()).isTrue();
    }

    @Test
    void slowBodiesDoNotBuyTime() {
        ScriptedConnection connection = platform.connect();
        connection.arrive(RequestTable.get("/", "Content-Length: 1000"));
        for (int i = 0; i < 8 && !connection.isClosing(); i++) {
            platform.passSeconds(1);
            connection.arrive("x");
        }
        assertThat(connection.isClosing()).isTrue();
        assertThat(connection.takeText()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void abortsAReaderThatStopsReading() {
        ScriptedConnection connection = platform.connect();
        connection.setSpace(1000);
        connection.arrive(RequestTable.get("/noise.bin") + RequestTable.get("/"));
        platform.passSeconds(6);
        connection.setSpace(1000);
        platform.passSeconds(6);
        assertThat(connection.isAborted()).isFalse();
        platform.passSeconds(3);
        assertThat(connection.isAborted()).isTrue();
    }

    @Test
    void slowReaderGetsEverythingInOrder() {
        ScriptedConnection connection = platform.connect();
        connection.setSpace(500);
        connection.arrive(RequestTable.get("/noise.bin") + RequestTable.get("/digits.bin"));
        assertThat(connection.heldBytes()).isPositive();
        StringBuilder text = new StringBuilder(connection.takeText());
        for (int i = 0; i < 60; i++) {
            platform.passSeconds(1);
            connection.setSpace(2000);
            text.append(connection.takeText());
        }
        assertThat(ParsedResponses.parse(text.toString(), false)).hasSize(2);
        assertThat(connection.heldBytes()).isZero();
    }

    @Test
    void answersBeforeAPeerThatHasFinishedIsLetGo() {
        ScriptedConnection connection = platform.connect();
        connection.setSpace(500);
        connection.arrive(RequestTable.get("/noise.bin"));
        connection.peerFinishes();
        assertThat(connection.isClosing()).isFalse();
        connection.setSpace(200_000);
        assertThat(connection.isClosing()).isTrue();
        assertThat(connection.takeText().length()).isGreaterThan(100_000);
    }

    @Test
    void closesWhenThePeerFinishesInsideARequest() {
        for (String begun : List.of("", "GET / HT", RequestTable.get("/", "Content-Length: 9") + "x")) {
            ScriptedConnection connection = platform.connect();
            connection.arrive(begun);
            connection.peerFinishes();
            assertThat(connection.isClosing()).isTrue();
            assertThat(connection.takeText()).isEmpty();
            connection.end(CloseReason.FINISHED);
        }
    }

    @Test
    void anIdleConnectionGivesWayToANewOne() {
        List<ScriptedConnection> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(platform.connect());
        }
        assertThat(platform.connect()).isNull();
        assertThat(platform.counter("http.connections_refused")).isEqualTo(1);
        all.get(2).arrive(RequestTable.get("/"));
        ScriptedConnection late = platform.connect();
        assertThat(late).isNotNull();
        assertThat(all.get(2).isClosing()).isTrue();
        assertThat(platform.counter("http.connections_recycled")).isEqualTo(1);
        late.arrive(RequestTable.get("/"));
        assertThat(late.takeText()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void forgetsEverythingOfAConnectionThatIsGone() {
        ScriptedConnection first = platform.connect();
        first.arrive("GET / HTTP/1.1\r\nHost: a\r\nConnection: clo");
        first.end(CloseReason.RESET);
        ScriptedConnection second = platform.connect();
        second.arrive(RequestTable.get("/"));
        assertThat(second.takeText()).startsWith("HTTP/1.1 200 ").doesNotContain("Connection:");
        second.end(CloseReason.RESET);
        assertThat(platform.timers().scheduled()).isZero();
    }
}
