// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.simulation.FreePort;

/** A guest that has nothing to do leaves the host alone, and wakes up at once when something comes. */
@Tag("boot")
class IdleTest {
    private static final int BOOT_LIMIT_MILLIS = 20_000;
    private static final int QUIET_MILLIS = 5_000;
    private static final int EXCHANGES = 60;
    private static final int PAUSE_MILLIS = 30;
    private static final double LARGEST_SHARE = 0.02;
    private static final long LARGEST_DELAY_MICROS = 2_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void sleepsAndWakesUp(Machine machine) throws Exception {
        int port = FreePort.take();
        Process qemu = start(machine, port);
        try (Socket socket = connect(qemu, port)) {
            Duration before = qemu.toHandle().info().totalCpuDuration().orElseThrow();
            assertThat(qemu.waitFor(QUIET_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
            Duration used =
                    qemu.toHandle().info().totalCpuDuration().orElseThrow().minus(before);
            assertThat(used.toMillis() / (double) QUIET_MILLIS).isLessThan(LARGEST_SHARE);

            // The better half: how long the host leaves a ready process waiting is not the guest's doing.
            long[] delays = delaysMicros(qemu, socket);
            assertThat(delays[EXCHANGES / 2])
                    .describedAs("median of %s", Arrays.toString(delays))
                    .isLessThan(LARGEST_DELAY_MICROS);
        } finally {
            qemu.destroyForcibly().waitFor();
        }
    }

    private Process start(Machine machine, int port) throws Exception {
        QemuCommand command = new QemuCommand(machine)
                .kernel(PropertyImages.build(directory))
                .commandLine("test=idle keel.ip=10.0.2.15/24 keel.gateway=10.0.2.2")
                .userNetwork("127.0.0.1", port, PropertyImage.ECHO_PORT, "")
                .consoleFile(directory.resolve("console.txt"));
        return new ProcessBuilder(command.arguments())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.txt").toFile())
                .start();
    }

    /** QEMU accepts before the guest listens, so only an echo proves that somebody is there. */
    private Socket connect(Process qemu, int port) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BOOT_LIMIT_MILLIS);
        while (System.nanoTime() < deadlineNanos) {
            assertThat(qemu.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
            if (Files.exists(directory.resolve("console.txt"))
                    && Files.readString(directory.resolve("console.txt")).contains("listening")) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                return socket;
            }
        }
        throw new AssertionError("the guest does not listen");
    }

    private static long[] delaysMicros(Process qemu, Socket socket) throws IOException, InterruptedException {
        OutputStream output = socket.getOutputStream();
        InputStream input = socket.getInputStream();
        long[] delays = new long[EXCHANGES];
        for (int i = 0; i < EXCHANGES; i++) {
            assertThat(qemu.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
            long start = System.nanoTime();
            output.write(i);
            assertThat(input.read()).isEqualTo(i);
            delays[i] = (System.nanoTime() - start) / 1000;
        }
        Arrays.sort(delays);
        return delays;
    }
}
