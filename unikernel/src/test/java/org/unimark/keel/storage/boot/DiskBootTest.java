// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.disk.DiskFormatter;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;

/** Real images on real disks of a hypervisor, which lose their power at any instant. */
@Tag("boot")
class DiskBootTest {
    private static final int LIMIT_SECONDS = 60;
    private static final long DISK_BYTES = 32L << 20;
    private static final Pattern FOUND = Pattern.compile("found (\\d+) corrupt (\\d+) extent (-?\\d+) torn (\\d+)");
    private static final Pattern DURABLE = Pattern.compile("durable (\\d+)\n");
    /** Power failures of each machine type; many more by hand with -Dunimark.kills=200. */
    private static final int KILLS = Integer.getInteger("unimark.kills", 10);

    @TempDir
    static Path directory;

    private static Path image;

    @BeforeAll
    static void build() throws Exception {
        Path tests = Path.of(LoggingImage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        image = ImageBuilder.build(new BuildRequest(
                        LoggingImage.class.getName(), List.of(tests), Map.of(), Target.IMAGE, directory))
                .elf();
    }

    private static Path newDisk() throws Exception {
        Path disk = directory.resolve("disk-" + System.nanoTime());
        DiskFormatter.create(disk, DISK_BYTES);
        return disk;
    }

    /** A guest, and what it has said so far. */
    private static final class Guest implements AutoCloseable {
        private final Process process;
        private final Path console;

        Guest(QemuCommand command) throws IOException {
            console = Files.createTempFile(directory, "console", ".txt");
            process = new ProcessBuilder(
                            command.kernel(image).consoleFile(console).arguments())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("qemu.txt").toFile())
                    .start();
        }

        String text() throws IOException {
            return Files.readString(console, StandardCharsets.ISO_8859_1);
        }

        String awaitEnd() throws Exception {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(ended).as("ends by itself; console: %s", text()).isTrue();
            return text();
        }

        void await(Pattern pattern) throws Exception {
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
                    !pattern.matcher(text()).find(); ) {
                assertThat(process.isAlive() && System.nanoTime() < end)
                        .as("says %s; it said: %s", pattern, text())
                        .isTrue();
                Thread.sleep(5);
            }
        }

        @Override
        public void close() {
            failPower();
        }

        /** Without a warning. */
        void failPower() {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static QemuCommand command(Machine machine, Path disk) {
        return new QemuCommand(machine).drive(disk, "writeback");
    }

    @ParameterizedTest
    @EnumSource
    void everythingAcknowledgedSurvivesTheLossOfPower(Machine machine) throws Exception {
        Path disk = newDisk();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long acknowledged = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (Guest guest = new Guest(command(machine, disk))) {
                guest.await(FOUND);
                Matcher found = FOUND.matcher(guest.text());
                assertThat(found.find()).isTrue();
                String what = String.format("seed %d, kill %d: %s", seed, kill, found.group());
                assertThat(Long.parseLong(found.group(1))).as(what).isGreaterThanOrEqualTo(acknowledged);
                assertThat(found.group(2)).as(what).isEqualTo("0");
                assertThat(Long.parseLong(found.group(3)))
                        .as(what)
                        .isGreaterThanOrEqualTo(kill == 0 ? -1 : acknowledged);
                guest.await(DURABLE);
                Thread.sleep(random.nextInt(150));
                guest.failPower();
                acknowledged = lastDurable(guest.text());
            }
        }
        assertThat(DiskFormatter.describe(disk)).contains("log numbers").contains("extent last");
    }

    @ParameterizedTest
    @EnumSource
    void worksOnDisksWithoutAWriteCache(Machine machine) throws Exception {
        Path disk = newDisk();
        try (Guest guest = new Guest(new QemuCommand(machine).drive(disk, "writeback", "write-cache=off"))) {
            guest.await(Pattern.compile("durable 100\n"));
        }
    }

    @Test
    void runsUntilTheLogIsFullAndFindsAllOfIt() throws Exception {
        Path disk = newDisk();
        long durable;
        try (Guest guest = new Guest(command(Machine.Q35, disk))) {
            String text = guest.awaitEnd();
            assertThat(text).contains("full at ");
            durable = lastDurable(text);
        }
        try (Guest guest = new Guest(command(Machine.Q35, disk))) {
            assertThat(guest.awaitEnd())
                    .contains("found " + durable + " corrupt 0")
                    .contains("full at ");
        }
    }

    private static long lastDurable(String text) {
        return DURABLE.matcher(text)
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .max()
                .orElseThrow();
    }

    @Test
    void saysThatThereIsNoDisk() throws Exception {
        try (Guest guest = new Guest(new QemuCommand(Machine.Q35))) {
            assertThat(guest.awaitEnd()).contains("no disk");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAForeignDiskAndLeavesItAlone(Machine machine) throws Exception {
        Path disk = directory.resolve("foreign-" + machine);
        byte[] content = new byte[4 << 20];
        new Random(1).nextBytes(content);
        Files.write(disk, content);
        try (Guest guest = new Guest(command(machine, disk))) {
            assertThat(guest.awaitEnd()).contains("disk: ").contains("nothing was changed");
            assertThat(guest.process.exitValue()).isNotZero();
        }
        assertThat(Arrays.equals(Files.readAllBytes(disk), content)).isTrue();
    }

    @Test
    void refusesADiskThatWasCut() throws Exception {
        Path disk = newDisk();
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(DISK_BYTES / 2);
        }
        try (Guest guest = new Guest(command(Machine.MICROVM, disk))) {
            assertThat(guest.awaitEnd()).contains("disk: ").contains("nothing was changed");
        }
    }

    @Test
    void refusesToWriteToAReadOnlyDisk() throws Exception {
        Path disk = newDisk();
        QemuCommand command = new QemuCommand(Machine.Q35)
                .extra("-drive", "id=d,if=none,format=raw,readonly=on,file=" + disk)
                .device("virtio-blk-pci,drive=d");
        try (Guest guest = new Guest(command)) {
            assertThat(guest.awaitEnd()).contains("failure READ_ONLY");
        }
    }

    @Test
    void tellsTheApplicationAboutABadSector() throws Exception {
        Path disk = newDisk();
        Path errors = directory.resolve("blkdebug.conf");
        // The fifteenth write of the guest, and all after it, fail.
        Files.writeString(
                errors,
                "[set-state]\nstate = \"1\"\nevent = \"flush_to_disk\"\nnew_state = \"2\"\n"
                        + "[set-state]\nstate = \"2\"\nevent = \"flush_to_disk\"\nnew_state = \"3\"\n"
                        + "[inject-error]\nstate = \"3\"\nevent = \"pwritev\"\nerrno = \"5\"\n");
        QemuCommand command = new QemuCommand(Machine.Q35)
                .extra("-drive", "id=d,if=none,format=raw,werror=report,file=blkdebug:" + errors + ":" + disk)
                .device("virtio-blk-pci,drive=d");
        try (Guest guest = new Guest(command)) {
            assertThat(guest.awaitEnd()).contains("failure IO_ERROR sector");
        }
        try (Guest guest = new Guest(command(Machine.Q35, disk))) {
            guest.await(FOUND);
            assertThat(guest.text()).contains("corrupt 0");
        }
    }
}
