// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListeningPortsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void findsWhoListensAmongManyWhoDoNot() throws Exception {
        try (ServerSocket one = new ServerSocket(0, 10, LOOPBACK);
                ServerSocket other = new ServerSocket(0, 10, LOOPBACK);
                SocketChannel bound = SocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0))) {
            int silent = ((InetSocketAddress) bound.getLocalAddress()).getPort();
            IntStream free = IntStream.generate(() -> silent).limit(500);
            IntStream all = IntStream.concat(IntStream.of(one.getLocalPort(), other.getLocalPort()), free);
            assertThat(ListeningPorts.of(LOOPBACK, all, LIMIT))
                    .containsExactlyInAnyOrder(one.getLocalPort(), other.getLocalPort());
        }
    }

    /** Its queue is full, so that nobody answers for it. */
    @Test
    void aPortThatSaysNothingIsNotTakenForClosed() throws Exception {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, LOOPBACK)) {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
            }
            IntStream port = IntStream.of(full.getLocalPort());
            assertThatThrownBy(() -> ListeningPorts.of(LOOPBACK, port, Duration.ofMillis(300)))
                    .isInstanceOf(Rejected.class);
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }
}
