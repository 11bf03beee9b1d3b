// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadGeneratorTest {
    private static final byte[] PAGE = "x".repeat(612).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESPONSE = ScriptedServer.response(PAGE);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static LoadPlan plan(InetSocketAddress address, int connections) {
        return new LoadPlan(address, HttpExchange.keepAlive("test", "/", PAGE), connections);
    }

    private static ScriptedServer correctServer() throws IOException {
        return new ScriptedServer((number, out) -> {
            out.write(RESPONSE);
            return true;
        });
    }

    private static LoadResult load(ScriptedServer server, LoadPhase phase) throws Exception {
        try (LoadGenerator generator = new LoadGenerator(plan(server.address(), 4))) {
            return generator.run(phase);
        }
    }

    private static LoadError errorFrom(ScriptedServer.Script script) throws Exception {
        try (ScriptedServer server = new ScriptedServer(script);
                LoadGenerator generator =
                        new LoadGenerator(plan(server.address(), 1).withRequestTimeout(Duration.ofMillis(200)))) {
            LoadResult result = generator.run(LoadPhase.requests(1, LIMIT));
            assertThat(result.completed()).as("a bad answer is no answer").isZero();
            assertThat(result.errors()).hasSize(1);
            return result.errors().keySet().iterator().next();
        }
    }

    @Test
    void sendsExactlyTheRequestsItWasToldTo() throws Exception {
        try (ScriptedServer server = correctServer()) {
            LoadResult result = load(server, LoadPhase.requests(1_000, LIMIT));
            assertThat(result.completed()).isEqualTo(1_000);
            assertThat(server.requests()).isEqualTo(1_000);
            assertThat(server.connections()).isEqualTo(4);
            assertThat(result.errors()).isEmpty();
            assertThat(result.latency().getTotalCount()).isEqualTo(1_000);
            assertThat(result.bodyBytes()).isEqualTo(612_000);
        }
    }

    @Test
    void keepsConnectionsBetweenPhases() throws Exception {
        try (ScriptedServer server = correctServer();
                LoadGenerator generator =
                        new LoadGenerator(plan(server.address(), 3).withThreads(2))) {
            generator.run(LoadPhase.requests(30, LIMIT));
            LoadResult second = generator.run(LoadPhase.requests(31, LIMIT));
            assertThat(second.completed()).isEqualTo(31);
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void endsWithItsTime() throws Exception {
        try (ScriptedServer server = correctServer()) {
            LoadResult result = load(server, LoadPhase.closed(Duration.ofMillis(300)));
            assertThat(result.intervalSeconds()).isCloseTo(0.3, within(0.001));
            assertThat(result.completed()).isEqualTo(server.requests());
            assertThat(result.requestsPerSecond()).isGreaterThan(100);
        }
    }

    @Test
    void pipelines() throws Exception {
        try (LoopbackServer server = new LoopbackServer(RESPONSE);
                LoadGenerator generator =
                        new LoadGenerator(plan(server.address(), 2).withPipeline(16))) {
            LoadResult result = generator.run(LoadPhase.requests(10_001, LIMIT));
            assertThat(result.completed()).isEqualTo(10_001);
            assertThat(result.errors()).isEmpty();
        }
    }

    @Test
    void makesAConnectionForEachRequest() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, out) -> {
                    out.write(RESPONSE);
                    return false;
                });
                LoadGenerator generator =
                        new LoadGenerator(new LoadPlan(server.address(), HttpExchange.closing("test", "/", PAGE), 3))) {
            LoadResult result = generator.run(LoadPhase.requests(100, LIMIT));
            assertThat(result.completed()).isEqualTo(100);
            assertThat(result.errors()).isEmpty();
            assertThat(server.connections()).isEqualTo(100);
            LoadResult open = generator.run(LoadPhase.open(200, Duration.ofMillis(500)));
            assertThat(open.completed()).isEqualTo(100);
        }
    }

    @Test
    void readsLargeBodiesInPieces() throws Exception {
        byte[] large = new byte[1 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 >> 3);
        }
        byte[] response = ScriptedServer.response(large);
        try (ScriptedServer server = new ScriptedServer((number, out) -> {
                    int cut = 1 + number * 7919 % response.length;
                    out.write(response, 0, cut);
                    out.flush();
                    out.write(response, cut, response.length - cut);
                    return true;
                });
                LoadGenerator generator =
                        new LoadGenerator(new LoadPlan(server.address(), HttpExchange.keepAlive("t", "/", large), 1))) {
            LoadResult result = generator.run(LoadPhase.requests(20, LIMIT));
            assertThat(result.completed()).isEqualTo(20);
            assertThat(result.bodyBytes()).isEqualTo(20L << 20);
        }
    }

    @Test
    void readsResponsesThatArriveByteByByte() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, out) -> {
            for (byte next : RESPONSE) {
                out.write(next);
                out.flush();
            }
            return true;
        })) {
            assertThat(load(server, LoadPhase.requests(20, LIMIT)).completed()).isEqualTo(20);
        }
    }

    @Test
    void countsWrongAnswersByCause() throws Exception {
        byte[] otherBody = PAGE.clone();
        otherBody[611]++;
        assertThat(errorFrom((n, out) -> write(out, ScriptedServer.response(otherBody))))
                .isEqualTo(LoadError.WRONG_BODY);
        assertThat(errorFrom((n, out) -> write(out, ScriptedServer.response(Arrays.copyOf(PAGE, 611)))))
                .isEqualTo(LoadError.WRONG_LENGTH);
        assertThat(errorFrom((n, out) -> write(out, ScriptedServer.response("404 Not Found", PAGE))))
                .isEqualTo(LoadError.WRONG_STATUS);
        assertThat(errorFrom(
                        (n, out) -> write(out, "nonsense, and then more\r\n\r\n".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(LoadError.MALFORMED);
        assertThat(errorFrom((n, out) -> !write(out, Arrays.copyOf(RESPONSE, 300))))
                .isEqualTo(LoadError.CLOSED_EARLY);
        assertThat(errorFrom((n, out) -> write(out, new byte[0]))).isEqualTo(LoadError.TIMEOUT);
    }

    private static boolean write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return true;
    }

    @Test
    void answersBeyondTheRequestsAreAnError() throws Exception {
        byte[] twice = Arrays.copyOf(RESPONSE, 2 * RESPONSE.length);
        System.arraycopy(RESPONSE, 0, twice, RESPONSE.length, RESPONSE.length);
        try (ScriptedServer server = new ScriptedServer((number, out) -> write(out, twice))) {
            LoadResult result = load(server, LoadPhase.closed(Duration.ofMillis(300)));
            assertThat(result.errors()).containsKey(LoadError.MALFORMED);
        }
    }

    @Test
    void givesUpWhereNobodyListens() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        try (LoadGenerator generator = new LoadGenerator(plan(nobody, 2))) {
            LoadResult result = generator.run(LoadPhase.closed(LIMIT));
            assertThat(result.errors().keySet()).containsExactly(LoadError.CONNECT);
            assertThat(result.errorCount()).isGreaterThanOrEqualTo(50);
        }
    }

    @Test
    void reconnectsAfterTheServerClosed() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, out) -> write(out, RESPONSE) && number % 10 != 9)) {
            LoadResult result = load(server, LoadPhase.requests(200, LIMIT));
            // A server may close between requests; those that were on their way are lost and reported.
            assertThat(result.completed() + result.errorCount()).isEqualTo(200);
            assertThat(result.completed()).isGreaterThan(150);
        }
    }

    @Test
    void takesALastAnswerForWhatItIs() throws Exception {
        byte[] last = new String(RESPONSE, StandardCharsets.US_ASCII)
                .replace("Server: test", "Connection: close")
                .getBytes(StandardCharsets.US_ASCII);
        try (ScriptedServer server = new ScriptedServer(
                (number, out) -> write(out, number % 10 == 9 ? last : RESPONSE) && number % 10 != 9)) {
            LoadResult result = load(server, LoadPhase.requests(200, LIMIT));
            assertThat(result.completed()).isEqualTo(200);
            assertThat(result.errors()).as("an announced end loses no request").isEmpty();
            assertThat(server.connections()).isGreaterThan(20);
        }
    }

    @Test
    void openLoopKeepsItsRate() throws Exception {
        try (ScriptedServer server = correctServer()) {
            load(server, LoadPhase.closed(Duration.ofMillis(500)));
            LoadResult result = load(server, LoadPhase.open(500, Duration.ofSeconds(1)));
            assertThat(result.completed()).isEqualTo(500);
            assertThat(result.requestsPerSecond()).isCloseTo(500, within(50.0));
            assertThat(result.lateness().getTotalCount()).isPositive();
        }
    }

    @Test
    void aStallDelaysEveryRequestThatItHit() throws Exception {
        int stallMillis = 300;
        try (ScriptedServer server = new ScriptedServer((number, out) -> {
                    if (number == 100) {
                        new CountDownLatch(1).await(stallMillis, TimeUnit.MILLISECONDS);
                    }
                    return write(out, RESPONSE);
                });
                LoadGenerator generator = new LoadGenerator(plan(server.address(), 1))) {
            LoadResult result = generator.run(LoadPhase.open(500, Duration.ofSeconds(1)));
            assertThat(result.completed()).isEqualTo(500);
            // 150 requests were due during the stall: a tenth of all waited for more than half of it.
            assertThat(result.latency().getValueAtPercentile(90)).isGreaterThan(stallMillis / 2 * 1_000_000L);
            // The server's own view hides it: coordinated omission.
            assertThat(result.serviceTime().getValueAtPercentile(90)).isLessThan(stallMillis / 2 * 1_000_000L);
        }
    }

    @Test
    void whatAnOpenLoopCannotServeIsAnError() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, out) -> {
                    new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
                    return write(out, RESPONSE);
                });
                LoadGenerator generator =
                        new LoadGenerator(plan(server.address(), 1).withRequestTimeout(Duration.ofMillis(100)))) {
            LoadResult result = generator.run(LoadPhase.open(1_000, Duration.ofMillis(500)));
            assertThat(result.errors()).containsKey(LoadError.UNSERVED);
            assertThat(result.completed() + result.errorCount()).isEqualTo(500);
        }
    }

    @Test
    void reportsItsOwnUseOfTheProcessor() throws Exception {
        try (LoopbackServer server = new LoopbackServer(RESPONSE);
                LoadGenerator generator = new LoadGenerator(plan(server.address(), 30))) {
            LoadResult busy = generator.run(LoadPhase.closed(Duration.ofMillis(500)));
            LoadResult calm = generator.run(LoadPhase.open(50, Duration.ofMillis(500)));
            assertThat(busy.clientCpu()).isBetween(0.05, 1.05);
            assertThat(calm.clientCpu()).isLessThan(busy.clientCpu());
            assertThat(busy.errors()).isEqualTo(Map.of());
        }
    }

    @Test
    void allocatesNothingForARequest() throws Exception {
        try (LoopbackServer server = new LoopbackServer(RESPONSE);
                LoadWorker worker = new LoadWorker(plan(server.address(), 10), 0, 10)) {
            Allocation.requireNonePerRequest(
                    requests -> worker.run(LoadPhase.requests(requests, LIMIT), System.nanoTime()));
        }
    }

    @Test
    void answersAreCountedIntervalByInterval() throws Exception {
        LoadResult result;
        try (ScriptedServer server = correctServer()) {
            result = load(server, LoadPhase.closed(Duration.ofMillis(450)));
        }
        assertThat(result.perInterval()).as("whole intervals only").hasSize(4);
        long counted = Arrays.stream(result.perInterval()).sum();
        assertThat(counted).isPositive().isLessThanOrEqualTo(result.completedInTime());
        assertThat(result.speeds()[1]).isEqualTo(result.perInterval()[1] * 10.0);
    }
}
