// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.simulation.ScriptedConnection;

/** Clients that begin something and leave it at that. */
class HalfOpenClientsTest {
    private static final int CLIENTS = 10_000;
    private static final int RECEIVE_BYTES = 512;
    private static final String SCRAM = "authentication=scram-sha-256\nuser=m\npassword=secret\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0",
                "\0\0\0\10",
                "\0\0\0\10\4\u00d2\26\57",
                "\0\0\0\21\0\3\0\0user\0m\0",
                "\0\0\0\21\0\3\0\0user\0m\0\0\0",
                "\0\0\0\21\0\3\0\0user\0m\0\0\0p\0\0\0\66SCRAM-SHA-256\0"
            })
    void areEndedAndKeepNobodyOut(String beginning) {
        try (VirtualServer server = new VirtualServer(
                new JdbcEngine(":memory:"), SCRAM + "max_connections=2\nmax_starting=10001\n", RECEIVE_BYTES)) {
            ScriptedConnection[] idle = new ScriptedConnection[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                idle[i] = server.connect();
                idle[i].arrive(bytes(beginning));
            }
            ScriptedConnection other = server.connect();
            other.arrive(VirtualServer.STARTUP);
            assertThat(other.takeText()).contains("SCRAM-SHA-256");
            assertThat(server.connect()).isNull();
            server.passMillis(58_000, idle);
            assertThat(idle).noneMatch(ScriptedConnection::isAborted);
            for (int i = 0; i < 4; i++) {
                server.passMillis(1000);
            }
            assertThat(idle).allMatch(ScriptedConnection::isAborted);
            server.passMillis(1, idle);
            ScriptedConnection late = server.connect();
            late.arrive(VirtualServer.STARTUP);
            assertThat(late.takeText()).contains("SCRAM-SHA-256");
        }
    }

    private static byte[] longBeginning() {
        return Arrays.copyOf(ProtocolTest.message('Q', "select '" + "x".repeat(30_000) + "'\0"), 20_000);
    }

    @Test
    void longMessagesHaveToComeToTheirEnd() {
        try (VirtualServer server = new VirtualServer(":memory:", "message_timeout_seconds=30\n")) {
            ScriptedConnection[] stopped = new ScriptedConnection[4];
            for (int i = 0; i < stopped.length; i++) {
                stopped[i] = server.begin();
                stopped[i].arrive(longBeginning());
            }
            ScriptedConnection other = server.begin();
            server.answer(other, "create table t(a int)");
            assertThat(server.answer(other, "copy t from stdin")).contains("C53200\0");
            for (int i = 0; i < 31; i++) {
                server.passMillis(1000);
                // Little by little is not fast enough.
                stopped[0].arrive("x");
            }
            for (ScriptedConnection client : stopped) {
                assertThat(client.takeText()).contains("SFATAL\0VFATAL\0C57P05\0");
                assertThat(client.isClosing()).isTrue();
            }
            assertThat(server.answer(other, "copy t from stdin")).startsWith("G");
        }
    }
}
