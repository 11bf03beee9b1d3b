// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.net.socket.CloseReason;

/** Ten thousand clients that begin a request and leave it at that, in 16 MiB. */
class IdleClientsTest {
    private static final int CLIENTS = 10_000;
    private static final int RECEIVE_BYTES = 2048;
    /** What one of them may cost outside its connection. */
    private static final long BYTES_A_CLIENT = 256;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\n",
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nfirst bytes",
                "*1048576\r\n$1\r\na\r\n$1",
                "*2\r\n$3\r\nGET\r\n$100\r\nke",
                "*",
                "GET k",
                "*1\r\n$4\r\nPING"
            })
    void serveOthersAndCostLittle(String beginning) {
        try (KvPlatform platform = new KvPlatform("maxclients = 20000\n", 1, 18 << 20, null, RECEIVE_BYTES)) {
            Talk talk = new Talk(platform);
            talk.expect("SET key value", "+OK|");
            Slabs slabs = platform.server().slabs;
            long usedBefore = slabs.usedBytes();
            Talk[] idle = new Talk[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                idle[i] = new Talk(platform);
                idle[i].connection().arrive(beginning);
            }
            assertThat(slabs.usedBytes() - usedBefore).isLessThanOrEqualTo(CLIENTS * BYTES_A_CLIENT);
            for (int i = 0; i < 100; i++) {
                platform.passMillis(1);
                talk.expect("SET key" + i + " value", "+OK|").expect("GET key" + i, "$5|value|");
            }
            assertThat(platform.server().clientCount()).isEqualTo(CLIENTS + 1);
            for (Talk one : idle) {
                assertThat(one.connection().isAborted()).isFalse();
                one.connection().end(CloseReason.RESET);
            }
            talk.expect("GET key", "$5|value|");
            assertThat(slabs.usedBytes() - usedBefore).isLessThan(20_000);
        }
    }
}
