// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The generator and wrk agree about the same nginx. */
@Tag("machine")
@Timeout(120)
class WrkCrossCheckTest {
    private static final int CONNECTIONS = 30;
    private static final int ROUNDS = 5;
    private static final double PACE = 2_000;
    private static final byte[] PAGE = "p".repeat(612).getBytes(StandardCharsets.US_ASCII);
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

    @TempDir
    Path directory;

    private Process nginx;
    private InetSocketAddress address;

    @BeforeEach
    void startNginx() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        Files.write(Files.createDirectory(directory.resolve("site")).resolve("index.html"), PAGE);
        String configuration =
                """
                daemon off; master_process off; pid DIRECTORY/pid; error_log DIRECTORY/errors;
                events { worker_connections 256; }
                http {
                  access_log off; keepalive_requests 1000000000; sendfile on; open_file_cache max=10;
                  limit_req_zone $binary_remote_addr zone=pace:1m rate=2000r/s;
                  client_body_temp_path DIRECTORY/1; proxy_temp_path DIRECTORY/2; fastcgi_temp_path DIRECTORY/3;
                  uwsgi_temp_path DIRECTORY/4; scgi_temp_path DIRECTORY/5;
                  server {
                    listen 127.0.0.1:PORT; root DIRECTORY/site;
                    location /paced/ { alias DIRECTORY/site/; limit_req zone=pace burst=100; }
                  }
                }
                """.replace("DIRECTORY", directory.toString()).replace("PORT", Integer.toString(address.getPort()));
        Path file = Files.writeString(directory.resolve("nginx.conf"), configuration);
        nginx = start("nginx", "-c", file.toString());
        awaitListening();
    }

    @AfterEach
    void stopNginx() throws Exception {
        nginx.destroy();
        assertThat(nginx.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void agreesWithWrkWhereNeitherSaturates() throws Exception {
        Comparison comparison = compare("/paced/");
        assertThat(comparison.clientCpu()).as("not saturated").isLessThan(LoadResult.SATURATED_SHARE);
        assertThat(comparison.rate()).as("the pace that nginx sets").isCloseTo(PACE, within(PACE * 0.1));
        assertThat(comparison.ratio())
                .as("rate of the generator over that of wrk: %s", comparison)
                .isCloseTo(1.0, within(0.1));
    }

    @Test
    void isNoMoreOfABottleneckThanWrk() throws Exception {
        Comparison comparison = compare("/");
        assertThat(comparison.ratio())
                .as("rate of the generator over that of wrk: %s", comparison)
                .isGreaterThan(0.9);
    }

    /**
     * Alternating slices of both.
     *
     * @param ratio median of our rate over that of wrk just before and after
     * @param rate ours in the median slice, requests a second
     * @param clientCpu of the generator, at most
     */
    private record Comparison(double ratio, double rate, double clientCpu) {}

    private Comparison compare(String path) throws Exception {
        double[] ratios = new double[ROUNDS];
        double[] rates = new double[ROUNDS];
        double highestCpu = 0;
        LoadPlan plan = new LoadPlan(address, HttpExchange.keepAlive("127.0.0.1", path, PAGE), CONNECTIONS);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            generator.run(LoadPhase.closed(Duration.ofSeconds(2)));
            double before = wrk(path);
            for (int i = 0; i < ROUNDS; i++) {
                LoadResult ours = generator.run(LoadPhase.closed(Duration.ofSeconds(1)));
                double after = wrk(path);
                assertThat(ours.errors()).isEmpty();
                rates[i] = ours.requestsPerSecond();
                ratios[i] = rates[i] / ((before + after) / 2);
                highestCpu = Math.max(highestCpu, ours.clientCpu());
                before = after;
            }
        }
        Arrays.sort(ratios);
        Arrays.sort(rates);
        return new Comparison(ratios[ROUNDS / 2], rates[ROUNDS / 2], highestCpu);
    }

    private double wrk(String path) throws Exception {
        Path output = directory.resolve("wrk.txt");
        Process wrk = start("wrk", "-t1", "-c" + CONNECTIONS, "-d1s", "http://127.0.0.1:" + address.getPort() + path);
        assertThat(wrk.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Matcher rate = RATE.matcher(Files.readString(output));
        assertThat(rate.find()).as(Files.readString(output)).isTrue();
        return Double.parseDouble(rate.group(1));
    }

    private Process start(String... command) throws IOException {
        return new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(command[0] + ".txt").toFile())
                .start();
    }

    private void awaitListening() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < deadline) {
            try (Socket probe = new Socket(address.getAddress(), address.getPort())) {
                assertThat(probe.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
        throw new IOException("nginx does not listen: " + Files.readString(directory.resolve("nginx.txt")));
    }
}
