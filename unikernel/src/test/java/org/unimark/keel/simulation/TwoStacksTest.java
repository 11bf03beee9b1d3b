// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.wire.Ipv4Address;

/** Two whole hosts talk TCP over a wire that does what wires do; every byte is compared. */
class TwoStacksTest {
    private static final int PORT = 7;
    private static final long SECONDS = 1_000_000_000L;
    private static final int ALL_OFFLOADS =
            NetworkDevice.TRANSMIT_CHECKSUM | NetworkDevice.TRANSMIT_SEGMENTATION | NetworkDevice.RECEIVE_CHECKSUM;

    /** Sends back whatever comes, as fast as the peer takes it. */
    private static final class Echo implements ConnectionHandler {
        private boolean hasPeerFinished;

        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            return connection.write(data, offset, length);
        }

        @Override
        public void writable(Connection connection) {
            connection.resumeReceiving();
        }

        @Override
        public void peerFinished(Connection connection) {
            hasPeerFinished = true;
            connection.close();
        }

        @Override
        public void closed(Connection connection, CloseReason reason) {
            assertThat(reason).isEqualTo(CloseReason.FINISHED);
            assertThat(hasPeerFinished).isTrue();
        }
    }

    private static void exchange(long seed, int offloads, Impairments impairments, int size) {
        try (Simulation simulation = new Simulation(seed)) {
            simulation.wire().impair(impairments);
            simulation.recordingFailures(() -> {
                SimulatedHost.Options options = new SimulatedHost.Options();
                options.offloads = offloads;
                SimulatedHost server = simulation.host(1, options);
                SimulatedHost client = simulation.host(2);
                server.network().listen(PORT, 16, connection -> new Echo());
                byte[] content = new byte[size];
                SplittableRandom random = new SplittableRandom(seed);
                random.nextBytes(content);
                ScriptedClient script = ScriptedClient.connect(client, server.address(), PORT);
                script.send(content).awaitBytes(size);
                assertThat(Arrays.mismatch(script.bytes(), content))
                        .as("first difference")
                        .isEqualTo(-1);
                script.close();
                script.awaitClosed();
                simulation.run(200 * SECONDS);
                assertThat(server.outstandingBuffers())
                        .as("buffers of the server")
                        .isZero();
                assertThat(client.outstandingBuffers())
                        .as("buffers of the client")
                        .isZero();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, NetworkDevice.TRANSMIT_CHECKSUM, NetworkDevice.RECEIVE_CHECKSUM, ALL_OFFLOADS})
    void echoesOverAGoodWire(int offloads) {
        exchange(1, offloads, Impairments.NONE, 1_000_000);
    }

    @ParameterizedTest
    @CsvSource({"0.02, 0, 0, 0", "0, 0.1, 0, 0", "0, 0, 0.05, 0", "0, 0, 0, 0.2", "0.05, 0.05, 0.02, 0.1"})
    void echoesOverBadWires(double loss, double duplication, double corruption, double reordering) {
        for (long seed = 1; seed <= 8; seed++) {
            Impairments bad = Impairments.NONE
                    .withDelay(2_000_000, 500_000)
                    .withLoss(loss)
                    .withDuplication(duplication)
                    .withCorruption(corruption)
                    .withReordering(reordering);
            exchange(seed, seed % 2 == 0 ? ALL_OFFLOADS : 0, bad, 60_000);
        }
    }

    @Test
    void sharesASlowWireWithAShortQueue() {
        exchange(3, ALL_OFFLOADS, Impairments.NONE.withDelay(5_000_000, 0).withBandwidth(10_000_000, 20), 400_000);
    }

    @Test
    void survivesACardWhoseQueueIsAlwaysFull() {
        try (Simulation simulation = new Simulation(5)) {
            simulation.recordingFailures(() -> {
                SimulatedHost server = simulation.host(1);
                SimulatedHost client = simulation.host(2);
                server.device().limitTransmitQueue(3);
                server.network().listen(PORT, 16, connection -> new Echo());
                byte[] content = new byte[200_000];
                ScriptedClient script = ScriptedClient.connect(client, server.address(), PORT);
                script.send(content).awaitBytes(content.length);
                assertThat(server.device().refusals()).isPositive();
                assertThat(server.count("ethernet.transmit_queue_full"))
                        .isEqualTo(server.device().refusals());
            });
        }
    }

    @Test
    void aCableThatIsPulledForAMinuteInterruptsNothing() {
        try (Simulation simulation = new Simulation(6)) {
            simulation.recordingFailures(() -> {
                SimulatedHost server = simulation.host(1);
                SimulatedHost client = simulation.host(2);
                server.network().listen(PORT, 16, connection -> new Echo());
                ScriptedClient script = ScriptedClient.connect(client, server.address(), PORT);
                script.send("before").awaitText("before");
                server.device().setLinkUp(false);
                script.send(" and after");
                simulation.run(60 * SECONDS);
                server.device().setLinkUp(true);
                script.awaitText("before and after");
                assertThat(server.count("network.link_changes")).isEqualTo(2);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "198.18.0.1"})
    void talksToItself(String address) {
        try (Simulation simulation = new Simulation(7)) {
            simulation.recordingFailures(() -> {
                SimulatedHost.Options options = new SimulatedHost.Options();
                options.offloads = ALL_OFFLOADS;
                SimulatedHost host = simulation.host(1, options);
                simulation.run(3 * SECONDS);
                long sent = host.count("ethernet.frames_sent");
                host.network().listen(PORT, 16, connection -> new Echo());
                byte[] content = new byte[100_000];
                Arrays.fill(content, (byte) 'x');
                ScriptedClient script = ScriptedClient.connect(host, (int) Ipv4Address.parse(address), PORT);
                script.send(content).awaitBytes(content.length);
                assertThat(host.count("ethernet.frames_sent"))
                        .as("nothing on the wire")
                        .isEqualTo(sent);
            });
        }
    }

    @Test
    void refusesConnectionsToPortsThatNobodyListensOn() {
        try (Simulation simulation = new Simulation(8)) {
            simulation.recordingFailures(() -> {
                SimulatedHost server = simulation.host(1);
                SimulatedHost client = simulation.host(2);
                ScriptedClient script = ScriptedClient.connect(client, server.address(), PORT);
                assertThat(script.isEstablished()).isFalse();
                assertThat(script.closeReason()).isNotNull();
            });
        }
    }

    @Test
    void reachesOtherNetworksThroughTheGateway() {
        try (Simulation simulation = new Simulation(9)) {
            ScriptedStation gateway = new ScriptedStation(simulation, 254).answeringArp();
            SimulatedHost host = simulation.host(
                    1,
                    org.unimark.keel.net.NetworkConfiguration.fixed(
                            Simulation.address(1), Simulation.PREFIX_LENGTH, gateway.address()),
                    new SimulatedHost.Options());
            simulation.run(3 * SECONDS);
            gateway.forget();
            int far = Ipv4Address.of(192, 0, 2, 80);
            host.network().connect(far, 80, new Echo());
            simulation.run(SECONDS / 2);
            byte[] syn = gateway.next(frame -> gateway.ipv4(frame) != null);
            assertThat(gateway.ethernet(syn).destination()).isEqualTo(gateway.mac());
            assertThat(gateway.ipv4(syn).destination()).isEqualTo(far);
            assertThat(gateway.ipv4(syn).dontFragment()).isTrue();
        }
    }
}
