// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.application.kv.KvApplication;
import org.unimark.keel.boot.BootedGuest;
import org.unimark.keel.simulation.FreePort;

/** The store as an image with {@code appendonly=always}, on disks of a hypervisor that lose their power or fail. */
@Tag("boot")
class KvBootTest {
    private static final int LIMIT_SECONDS = 60;
    private static final int GUEST_PORT = 6379;
    private static final int MEMORY_MEBIBYTES = 32;
    private static final int CLIENTS = 4;
    /** Power failures; 200 in the full test. */
    private static final int KILLS = Integer.getInteger("unimark.kills", 20);

    private static final Pattern LISTENING = Pattern.compile("listening on port");

    @TempDir
    static Path directory;

    private static Path image;

    @BeforeAll
    static void build() throws Exception {
        image = Programs.elf(KvApplication.class, "kv.properties", "appendonly=always\n", Target.IMAGE, directory);
    }

    /** Returns once it listens; that is after it has replayed its log. */
    private static BootedGuest boot(QemuCommand command, int port) throws Exception {
        BootedGuest guest = new BootedGuest(
                directory,
                image,
                command.memoryMebibytes(MEMORY_MEBIBYTES)
                        .commandLine(QemuCommand.USER_NETWORK_ADDRESS)
                        .userNetwork("127.0.0.1", port, GUEST_PORT, ""),
                LIMIT_SECONDS);
        try {
            guest.await(LISTENING);
            return guest;
        } catch (Exception | AssertionError e) {
            guest.close();
            throw e;
        }
    }

    private static List<RememberingClient> clients(long seed) {
        return IntStream.range(0, CLIENTS)
                .mapToObj(number -> new RememberingClient(number, seed))
                .toList();
    }

    private static List<Thread> start(List<RememberingClient> clients, int port) {
        List<Thread> threads = clients.stream()
                .map(client -> new Thread(() -> client.write(port), "client"))
                .toList();
        threads.forEach(Thread::start);
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void expectNoFault(List<RememberingClient> clients, int port, String what) throws Exception {
        for (RememberingClient client : clients) {
            assertThat(client.findFault(port)).as(what).isNull();
        }
    }

    @Test
    void everythingAcknowledgedSurvivesTheLossOfPower() throws Exception {
        Path disk = BootedGuest.newDisk(directory, 8L << 20);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<RememberingClient> clients = clients(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            int port = FreePort.take();
            QemuCommand command = new QemuCommand(Machine.values()[kill % 2]).drive(disk, "writeback");
            try (BootedGuest guest = boot(command, port)) {
                expectNoFault(clients, port, String.format("seed %d, kill %d: %s", seed, kill, guest.text()));
                List<Thread> writing = start(clients, port);
                Thread.sleep(random.nextInt(500));
                guest.failPower();
                join(writing);
            }
            assertThat(clients)
                    .extracting(RememberingClient::refusal)
                    .as("seed %d", seed)
                    .containsOnlyNulls();
        }
        long writes =
                clients.stream().mapToLong(RememberingClient::acknowledged).sum();
        System.out.printf("%d writes, %d losses of power%n", writes, KILLS);
        assertThat(writes).isGreaterThan(CLIENTS * KILLS);
    }

    /** Once the disk fails, writes are refused and reads answered; after the repair everything acknowledged is there. */
    @Test
    void refusesWritesWhenTheDiskFails() throws Exception {
        Path disk = BootedGuest.newDisk(directory, 8L << 20);
        QemuCommand failing = BootedGuest.withFailingDisk(directory, disk, 200);
        List<RememberingClient> clients = clients(1);
        int port = FreePort.take();
        try (BootedGuest guest = boot(failing, port)) {
            expectRefusals(clients, port, guest);
        }
        port = FreePort.take();
        try (BootedGuest guest = boot(new QemuCommand(Machine.Q35).drive(disk, "writeback"), port)) {
            expectNoFault(clients, port, guest.text());
        }
    }

    /** Those whose write was under way are cut off; whoever comes afterwards is told why. */
    private static void expectRefusals(List<RememberingClient> clients, int port, BootedGuest guest) throws Exception {
        join(start(clients, port));
        // Some may come when it has failed already.
        assertThat(clients).extracting(RememberingClient::acknowledged).anyMatch(writes -> writes > 0);
        join(start(clients, port));
        assertThat(clients)
                .as(guest.text())
                .allSatisfy(client -> assertThat(client.refusal()).startsWith("-MISCONF"));
    }
}
