// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
    private static final int SEEDS_A_TEST = 50;
    private static final int ALL_OFFLOADS =
            NetworkDevice.TRANSMIT_CHECKSUM | NetworkDevice.TRANSMIT_SEGMENTATION | NetworkDevice.RECEIVE_CHECKSUM;

    @Test
    void carriesAMegabyteBothWaysOverAPerfectWire() {
        transfer(1, Impairments.NONE, new SimulatedHost.Options(), 1, 1 << 20, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 300, 400})
    void carriesEveryByteOverABadWire(int firstSeed) {
        for (int seed = firstSeed; seed < firstSeed + SEEDS_A_TEST; seed++) {
            SeededRandom random = new SeededRandom(seed);
            transfer(seed, impairments(random), options(random), 1, (int) random.below(200_000), true);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 800})
    void carriesEveryByteThoughAllPoolsAreTiny(int firstSeed) {
        for (int seed = firstSeed; seed < firstSeed + SEEDS_A_TEST; seed++) {
            SeededRandom random = new SeededRandom(seed);
            SimulatedHost.Options options = options(random);
            options.sendBlocks = 3;
            options.receiveBuffers = 1;
            options.receiveBlocks = 24;
            options.transmitFrames = 12;
            options.tcp.maximumSpans = 12;
            options.tcp.maximumRetainedBlocks = 6;
            options.tcp.maximumReassemblies = 2;
            options.tcp.maximumScoreboards = 1;
            options.tcp.maximumOutOfOrderBlocks = 4;
            options.tcp.sendQueueBytes = 5000;
            transfer(seed, impairments(random), options, 4, (int) random.below(20_000), true);
        }
    }

    @Test
    void carriesEveryByteThroughAShortQueue() {
        for (int seed = 700; seed < 700 + SEEDS_A_TEST; seed++) {
            SeededRandom random = new SeededRandom(seed);
            Impairments narrow = Impairments.NONE
                    .withDelay(1_000_000 + random.below(20_000_000), 0)
                    .withBandwidth(1_000_000 + random.below(50_000_000), 5 + (int) random.below(40));
            transfer(seed, narrow, options(random), 3, 100_000, false);
        }
    }

    private static Impairments impairments(SeededRandom random) {
        return Impairments.NONE
                .withLoss(random.below(20) / 100.0)
                .withReordering(random.below(20) / 100.0)
                .withDuplication(random.below(10) / 100.0)
                .withCorruption(random.below(5) / 100.0)
                .withDelay(random.below(50_000_000), random.below(1_000_000));
    }

    private static SimulatedHost.Options options(SeededRandom random) {
        SimulatedHost.Options options = new SimulatedHost.Options();
        options.offloads = random.below(2) == 0 ? 0 : ALL_OFFLOADS;
        options.mtu = random.below(3) == 0 ? 600 : 1500;
        return options;
    }

    /** Moves {@code bytes} both ways over each of some connections at the same time, and closes them. */
    private static void transfer(
            long seed,
            Impairments impairments,
            SimulatedHost.Options options,
            int connections,
            int bytes,
            boolean moody) {
        try (Simulation simulation = new Simulation(seed)) {
            simulation.recordingFailures(() -> {
                SimulatedHost client = simulation.host(1, options);
                SimulatedHost server = simulation.host(2, options);
                List<Endpoint> near = new ArrayList<>();
                List<Endpoint> far = new ArrayList<>();
                simulation.wire().impair(impairments);
                for (int i = 0; i < connections; i++) {
                    Endpoint here = new Endpoint(client, seed * 31 + i, bytes, moody);
                    Endpoint there = new Endpoint(server, seed * 57 + i, bytes, moody);
                    server.network().listen(80 + i, 16, connection -> {
                        there.connected(connection);
                        return there;
                    });
                    client.network().connect(Simulation.address(2), 80 + i, here);
                    near.add(here);
                    far.add(there);
                }
                simulation.runUntil(() -> all(near, bytes) && all(far, bytes), HOUR_NANOS);
                near.forEach(Endpoint::finish);
                simulation.runUntil(() -> isOver(near) && isOver(far), HOUR_NANOS);
                for (int i = 0; i < connections; i++) {
                    assertThat(far.get(i).difference(near.get(i))).isEqualTo("none");
                    assertThat(near.get(i).difference(far.get(i))).isEqualTo("none");
                    assertThat(near.get(i).closeReason()).isEqualTo(CloseReason.FINISHED);
                    assertThat(far.get(i).closeReason()).isEqualTo(CloseReason.FINISHED);
                }
                simulation.run(1_000_000_000L);
                assertThat(client.outstandingBuffers()).isZero();
                assertThat(server.outstandingBuffers()).isZero();
            });
        }
    }

    private static boolean all(List<Endpoint> endpoints, int bytes) {
        return endpoints.stream().allMatch(endpoint -> endpoint.receivedBytes() == bytes || endpoint.isOver());
    }

    private static boolean isOver(List<Endpoint> endpoints) {
        return endpoints.stream().allMatch(Endpoint::isOver);
    }
}
