// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.keel.simulation.Impairments;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

/**
 * How fast two megabytes go over a wire of 100 Mbit/s and 10 ms round trip that loses frames, median of five seeds. The
 * bounds are a snapshot: a change that moves a figure out of them made recovery better or worse, and should know it.
 */
class GoodputTest {
    private static final int BYTES = 2 << 20;
    private static final int SEEDS = 5;

    @ParameterizedTest
    @CsvSource({"0.000, 38, 54", "0.001, 36, 53", "0.010, 14, 20", "0.030, 6.5, 9.5", "0.100, 2.0, 3.0"})
    void staysWithinItsSnapshot(double loss, double least, double most) {
        double[] megabits = new double[SEEDS];
        for (int i = 0; i < SEEDS; i++) {
            megabits[i] = megabitsPerSecond(900 + i, loss);
        }
        java.util.Arrays.sort(megabits);
        assertThat(megabits[SEEDS / 2]).as("Mbit/s at loss %s", loss).isBetween(least, most);
    }

    /** As between machines of one rack: here a timeout costs as much as a thousand round trips. */
    @ParameterizedTest
    @CsvSource({"0.000, 750, 830", "0.005, 600, 760", "0.020, 400, 530", "0.050, 230, 360"})
    void recoversWithoutTimeoutsOnAShortWay(double loss, double least, double most) {
        double[] megabits = new double[SEEDS];
        for (int i = 0; i < SEEDS; i++) {
            megabits[i] = megabitsPerSecond(900 + i, loss, 100_000, 1_000_000_000);
        }
        java.util.Arrays.sort(megabits);
        assertThat(megabits[SEEDS / 2]).as("Mbit/s at loss %s", loss).isBetween(least, most);
    }

    private static double megabitsPerSecond(long seed, double loss) {
        return megabitsPerSecond(seed, loss, 5_000_000, 100_000_000);
    }

    private static double megabitsPerSecond(long seed, double loss, long delayNanos, int bitsPerSecond) {
        try (Simulation simulation = new Simulation(seed)) {
            simulation
                    .wire()
                    .impair(Impairments.NONE
                            .withLoss(loss)
                            .withDelay(delayNanos, 0)
                            .withBandwidth(bitsPerSecond, 200));
            SimulatedHost client = simulation.host(1);
            SimulatedHost server = simulation.host(2);
            Endpoint near = new Endpoint(client, seed, 0, false);
            Endpoint far = new Endpoint(server, seed + 1, BYTES, false);
            server.network().listen(80, 16, connection -> {
                far.connected(connection);
                return far;
            });
            long start = simulation.clock().nanos();
            client.network().connect(Simulation.address(2), 80, near);
            simulation.recordingFailures(
                    () -> simulation.runUntil(() -> near.receivedBytes() == BYTES, 600_000_000_000L));
            return BYTES * 8e3 / (simulation.clock().nanos() - start);
        }
    }
}
