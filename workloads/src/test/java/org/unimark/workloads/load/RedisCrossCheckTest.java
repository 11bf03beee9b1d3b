// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.process.Command;

/** Against the distribution's Redis, as its own benchmark sees it. */
@Tag("machine")
@Timeout(180)
class RedisCrossCheckTest {
    private static final int ATTEMPTS = 4;
    /** Requests that are counted twice, or not at all, are found; which of two clients is faster is the machine's affair. */
    private static final double TOLERANCE = 0.4;

    @TempDir
    Path directory;

    private Process redis;
    private int port;

    @BeforeEach
    void startRedis() throws Exception {
        assumeTrue(Command.exists("redis-server") && Command.exists("redis-benchmark"), "no Redis");
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        redis = new ProcessBuilder("redis-server", "--port", Integer.toString(port), "--save", "", "--appendonly", "no")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (!answers()) {
            assertThat(redis.isAlive()).isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (java.io.IOException notYet) {
            return false;
        }
    }

    @AfterEach
    void stopRedis() throws Exception {
        if (redis != null) {
            redis.destroy();
            assertThat(redis.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private LoadResult load(KvRequests requests, int pipeline, LoadPhase phase) throws Exception {
        LoadPlan plan = new LoadPlan(new InetSocketAddress("127.0.0.1", port), requests, 30).withPipeline(pipeline);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            generator.run(LoadPhase.closed(Duration.ofSeconds(1)));
            LoadResult result = generator.run(phase);
            assertThat(result.errors()).isEmpty();
            return result;
        }
    }

    @Test
    void findsEveryKeyThatItWrote() throws Exception {
        for (int valueBytes : new int[] {3, 1_024, 10_240}) {
            LoadResult filled =
                    load(KvRequests.fill(2_000, valueBytes), 16, LoadPhase.requests(2_000, Duration.ofSeconds(20)));
            assertThat(filled.completed()).isEqualTo(2_000);
            KvRequests reads = new KvRequests(2_000, valueBytes, 0.5, KvRequests.Order.ZIPFIAN, true);
            assertThat(load(reads, 16, LoadPhase.closed(Duration.ofSeconds(1))).completed())
                    .isPositive();
            assertThat(load(reads, 1, LoadPhase.open(500, Duration.ofSeconds(1)))
                            .completed())
                    .isEqualTo(500);
        }
    }

    /**
     * The rate of a single connection is decided by the way there and back, and by neither client's share of the machine. The
     * nearest of several comparisons counts: both need a quiet moment at once.
     */
    @Test
    void agreesWithTheBenchmarkOfRedis() throws Exception {
        double nearest = Double.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && Math.abs(nearest - 1) > TOLERANCE; attempt++) {
            KvRequests requests = new KvRequests(1, 3, 0, KvRequests.Order.UNIFORM, false);
            LoadPlan plan = new LoadPlan(new InetSocketAddress("127.0.0.1", port), requests, 1);
            double ours;
            try (LoadGenerator generator = new LoadGenerator(plan)) {
                generator.run(LoadPhase.closed(Duration.ofSeconds(2)));
                ours = generator.run(LoadPhase.closed(Duration.ofSeconds(3))).requestsPerSecond();
            }
            double theirs = benchmark((int) (3 * ours));
            double ratio = ours / theirs;
            nearest = Math.abs(ratio - 1) < Math.abs(nearest - 1) ? ratio : nearest;
        }
        assertThat(nearest).as("rate, of redis-benchmark's").isCloseTo(1, within(TOLERANCE));
    }

    private double benchmark(int requests) throws Exception {
        List<String> command = List.of(
                "redis-benchmark",
                "-p",
                Integer.toString(port),
                "-c",
                "1",
                "-n",
                Integer.toString(requests),
                "-t",
                "set",
                "--csv");
        String output = Command.run(null, 120, command);
        String row = output.lines()
                .filter(line -> line.startsWith("\"SET\""))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(row.split(",")[1].replace("\"", ""));
    }
}
