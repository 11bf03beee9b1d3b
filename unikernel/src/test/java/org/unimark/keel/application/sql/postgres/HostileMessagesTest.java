// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.simulation.ScriptedConnection;

/** Lengths that no message has. */
class HostileMessagesTest {
    private static final String TYPES = "BCDEFHPQSXcdfp";

    private VirtualServer server = new VirtualServer(":memory:", "");

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] header(char type, int length) {
        return ByteBuffer.allocate(5).put((byte) type).putInt(length).array();
    }

    private void assertTurnedAway(ScriptedConnection client) {
        server.work(client);
        assertThat(client.takeText()).startsWith("E").contains("SFATAL\0VFATAL\0C08P01\0");
        assertThat(client.isClosing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7fffffff, 0x7ffffffe, 0x40000000, 0x80000000, 0xffffffff, 0, 1, 2, 3})
    void ofMessagesEndTheConnection(int length) {
        for (char type : TYPES.toCharArray()) {
            ScriptedConnection client = server.begin();
            client.arrive(header(type, length));
            assertTurnedAway(client);
            client = server.begin();
            for (byte octet : header(type, length)) {
                client.arrive(new byte[] {octet});
            }
            assertTurnedAway(client);
        }
    }

    @Test
    void ofMessagesThatAreAlwaysShortEndTheConnection() {
        for (char type : "CDEHSXcfp".toCharArray()) {
            ScriptedConnection client = server.begin();
            client.arrive(header(type, 10_001));
            assertTurnedAway(client);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7fffffff, 0x7ffffffe, 10_001, 0x80000000, 0xffffffff, 0, 1, 2, 3, 7})
    void ofStartupPacketsEndTheConnection(int length) {
        ScriptedConnection client = server.connect();
        client.arrive(ByteBuffer.allocate(8).putInt(length).putInt(3 << 16).array());
        assertTurnedAway(client);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7fffffff, 0x7ffffffe, 10_001, 0x80000000, 0xffffffff, 0, 1, 2, 3})
    void ofPasswordsEndTheConnection(int length) {
        server.close();
        server = new VirtualServer(":memory:", "authentication=scram-sha-256\nuser=m\npassword=secret\n");
        ScriptedConnection client = server.connect();
        client.arrive(VirtualServer.STARTUP);
        assertThat(client.takeText()).contains("SCRAM-SHA-256");
        client.arrive(header('p', length));
        assertTurnedAway(client);
    }
}
