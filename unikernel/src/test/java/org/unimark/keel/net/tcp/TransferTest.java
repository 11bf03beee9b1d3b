// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.Impairments;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

/** Two stacks, a bad wire, and every byte compared. */
class TransferTest {
    private static final long HOUR_NANOS = 3600L * 1_000_000_000L;
    private static final int ALL_OFFLOADS =
            NetworkDevice.TRANSMIT_CHECKSUM | NetworkDevice.TRANSMIT_SEGMENTATION | NetworkDevice.RECEIVE_CHECKSUM;

    @Test
    void carriesAMegabyteBothWaysOverAPerfectWire() {
        transfer(1, Impairments.NONE, new SimulatedHost.Options(), 1 << 20, 1 << 20, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 300, 400})
    void carriesEveryByteOverABadWire(int firstSeed) {
        for (int seed = firstSeed; seed < firstSeed + 50; seed++) {
            SeededRandom random = new SeededRandom(seed);
            Impairments impairments = Impairments.NONE
                    .withLoss(random.below(20) / 100.0)
                    .withReordering(random.below(20) / 100.0)
                    .withDuplication(random.below(10) / 100.0)
                    .withCorruption(random.below(5) / 100.0)
                    .withDelay(random.below(50_000_000), random.below(1_000_000));
            SimulatedHost.Options options = new SimulatedHost.Options();
            options.offloads = random.below(2) == 0 ? 0 : ALL_OFFLOADS;
            options.mtu = random.below(3) == 0 ? 600 : 1500;
            transfer(seed, impairments, options, (int) random.below(200_000), (int) random.below(200_000), true);
        }
    }

    private static void transfer(
            long seed, Impairments impairments, SimulatedHost.Options options, int there, int back, boolean moody) {
        try (Simulation simulation = new Simulation(seed)) {
            simulation.recordingFailures(() -> {
                SimulatedHost client = simulation.host(1, options);
                SimulatedHost server = simulation.host(2, options);
                Endpoint near = new Endpoint(client, seed, there, moody);
                Endpoint far = new Endpoint(server, seed + 1, back, moody);
                server.network().listen(80, 16, connection -> {
                    far.connected(connection);
                    return far;
                });
                simulation.wire().impair(impairments);
                client.network().connect(Simulation.address(2), 80, near);
                simulation.runUntil(
                        () -> far.receivedBytes() == there && near.receivedBytes() == back
                                || near.isOver()
                                || far.isOver(),
                        HOUR_NANOS);
                assertThat(far.difference(near)).isEqualTo("none");
                assertThat(near.difference(far)).isEqualTo("none");
                near.finish();
                simulation.runUntil(() -> near.isOver() && far.isOver(), HOUR_NANOS);
                assertThat(far.closeReason()).isEqualTo(CloseReason.FINISHED);
                assertThat(near.closeReason()).isEqualTo(CloseReason.FINISHED);
            });
        }
    }
}
