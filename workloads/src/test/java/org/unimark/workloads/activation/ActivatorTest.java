// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients against an activator with servers inside this process, which take their time to come up. */
@Timeout(120)
class ActivatorTest {
    private static final int CLIENTS = 50;
    private static final int LARGE = 3 << 20;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();
    private Activator activator;
    private Future<?> serving;
    private EchoBackend.Launcher launcher;

    @AfterEach
    void end() throws Exception {
        activator.stop();
        serving.get(10, TimeUnit.SECONDS);
        activator.close();
        threads.shutdownNow();
        assertThat(launcher.running()).as("servers left behind").isZero();
    }

    @Test
    void startsTheServerForTheFirstConnectionOnly() throws Exception {
        start(new EchoBackend.Launcher(30), 60_000);
        assertThat(launcher.launches()).isZero();
        assertThat(ask("first")).isEqualTo("first");
        assertThat(ask("second")).isEqualTo("second");
        assertThat(launcher.launches()).isEqualTo(1);
    }

    @Test
    void losesNothingOfManyClientsThatComeWhileItBoots() throws Exception {
        start(new EchoBackend.Launcher(200), 60_000);
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String text = "client " + i;
            answers.add(threads.submit(() -> ask(text)));
        }
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(answers.get(i).get()).isEqualTo("client " + i);
        }
        assertThat(launcher.launches()).isEqualTo(1);
    }

    @Test
    void carriesMoreThanItBuffersBothWaysAndTheEndOfBoth() throws Exception {
        start(new EchoBackend.Launcher(100), 60_000);
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);
        assertThat(ask(large)).isEqualTo(large);
    }

    @Test
    void losesNoneOfAThousandColdStarts() throws Exception {
        start(new EchoBackend.Launcher(1), 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(ask("start " + i)).isEqualTo("start " + i);
        }
        assertThat(launcher.launches()).isGreaterThan(500);
        assertThat(failures.get()).isZero();
    }

    @Test
    void endsAServerThatNobodyUsesAndStartsItAgain() throws Exception {
        start(new EchoBackend.Launcher(5), 50);
        assertThat(ask("one")).isEqualTo("one");
        await(() -> stops.get() == 1);
        assertThat(launcher.running()).isZero();
        assertThat(ask("two")).isEqualTo("two");
        assertThat(launcher.launches()).isEqualTo(2);
    }

    @Test
    void keepsAServerThatSomebodyIsConnectedTo() throws Exception {
        start(new EchoBackend.Launcher(5), 30);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            Thread.sleep(200);
            socket.getOutputStream().write(2);
            assertThat(socket.getInputStream().read()).isEqualTo(2);
        }
        assertThat(launcher.launches()).isEqualTo(1);
    }

    @Test
    void triesAnotherServerWhenOneDoesNotComeUp() throws Exception {
        start(new EchoBackend.Launcher(5).failing(2), 60_000);
        assertThat(ask("patient")).isEqualTo("patient");
        assertThat(launcher.launches()).isEqualTo(3);
        assertThat(failures.get()).isEqualTo(2);
    }

    @Test
    void breaksOffWhenNoServerComesUp() throws Exception {
        start(new EchoBackend.Launcher(5).failing(Integer.MAX_VALUE), 60_000);
        assertThatThrownBy(() -> ask("hopeless")).isInstanceOf(IOException.class);
        assertThat(launcher.launches()).isEqualTo(3);
    }

    @Test
    void breaksOffConnectionsOfAServerThatEnds() throws Exception {
        start(new EchoBackend.Launcher(5), 60_000);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            launcher.kill();
            assertThatThrownBy(() -> {
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("an orderly end would look like a whole answer");
                        }
                    })
                    .hasMessageContaining("reset");
        }
        assertThat(ask("again")).isEqualTo("again");
        assertThat(launcher.launches()).isEqualTo(2);
    }

    private void start(EchoBackend.Launcher of, long idleMillis) throws IOException {
        launcher = of;
        Activator.Observer observer = new Activator.Observer() {
            @Override
            public void started() {}

            @Override
            public void answered(boolean cold, long nanos) {}

            @Override
            public void stopped() {
                stops.incrementAndGet();
            }

            @Override
            public void failed(String reason, int connections) {
                failures.incrementAndGet();
            }
        };
        activator = new Activator(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                launcher,
                new Activator.Settings(TimeUnit.MILLISECONDS.toNanos(idleMillis), TimeUnit.SECONDS.toNanos(20)),
                observer);
        serving = threads.submit((Callable<Void>) () -> {
            activator.run();
            return null;
        });
    }

    private Socket connect() throws IOException {
        InetSocketAddress address = activator.address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private String ask(String text) throws Exception {
        return new String(ask(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** Sends everything and then the end, and reads until the end. */
    private byte[] ask(byte[] request) throws Exception {
        try (Socket socket = connect()) {
            Future<Void> writer = threads.submit(() -> {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                return null;
            });
            InputStream in = socket.getInputStream();
            byte[] answer = in.readAllBytes();
            writer.get();
            return answer;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(1);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
