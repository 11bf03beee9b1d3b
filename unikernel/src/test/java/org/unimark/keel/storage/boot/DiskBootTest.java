// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.disk.DiskFormatter;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.boot.BootedGuest;

/** Real images on real disks of a hypervisor, which lose their power at any instant. */
@Tag("boot")
class DiskBootTest {
    private static final int LIMIT_SECONDS = 60;
    /** A guest that lost its power serves again within that, the start of the machine included. */
    private static final int BOOT_LIMIT_SECONDS = 30;

    private static final long DISK_BYTES = 32L << 20;
    private static final Pattern FOUND = Pattern.compile("found (\\d+) corrupt (\\d+) extent (-?\\d+) torn (\\d+)");
    private static final Pattern DURABLE = Pattern.compile("durable (\\d+)\n");
    /** Power failures of each machine type; 200 in the full test. */
    private static final int KILLS = Integer.getInteger("unimark.kills", 10);

    /** Records of a log that holds some 32,000: from here on, a new disk is used. */
    private static final int NEARLY_FULL = 24_000;

    @TempDir
    static Path directory;

    private static Path image;

    @BeforeAll
    static void build() throws Exception {
        image = Programs.elf(LoggingImage.class, Map.of(), Target.IMAGE, directory);
    }

    private static BootedGuest boot(QemuCommand command) throws IOException {
        return new BootedGuest(directory, image, command, LIMIT_SECONDS);
    }

    private static QemuCommand command(Machine machine, Path disk) {
        return new QemuCommand(machine).drive(disk, "writeback");
    }

    @ParameterizedTest
    @EnumSource
    void everythingAcknowledgedSurvivesTheLossOfPower(Machine machine) throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long acknowledged = 0;
        boolean isNew = true;
        for (int kill = 0; kill < KILLS; kill++) {
            if (acknowledged > NEARLY_FULL) {
                Files.delete(disk);
                disk = BootedGuest.newDisk(directory, DISK_BYTES);
                acknowledged = 0;
                isNew = true;
            }
            try (BootedGuest guest = new BootedGuest(directory, image, command(machine, disk), BOOT_LIMIT_SECONDS)) {
                guest.await(FOUND);
                Matcher found = FOUND.matcher(guest.text());
                assertThat(found.find()).isTrue();
                String what = String.format("seed %d, kill %d: %s", seed, kill, found.group());
                assertThat(Long.parseLong(found.group(1))).as(what).isGreaterThanOrEqualTo(acknowledged);
                assertThat(found.group(2)).as(what).isEqualTo("0");
                assertThat(Long.parseLong(found.group(3))).as(what).isGreaterThanOrEqualTo(isNew ? -1 : acknowledged);
                isNew = false;
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
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        try (BootedGuest guest = boot(new QemuCommand(machine).drive(disk, "writeback", "write-cache=off"))) {
            guest.await(Pattern.compile("durable 100\n"));
        }
    }

    @Test
    void runsUntilTheLogIsFullAndFindsAllOfIt() throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        long durable;
        try (BootedGuest guest = boot(command(Machine.Q35, disk))) {
            String text = guest.awaitEnd();
            assertThat(text).contains("full at ");
            durable = lastDurable(text);
        }
        try (BootedGuest guest = boot(command(Machine.Q35, disk))) {
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
        try (BootedGuest guest = boot(new QemuCommand(Machine.Q35))) {
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
        try (BootedGuest guest = boot(command(machine, disk))) {
            assertThat(guest.awaitEnd()).contains("disk: ").contains("nothing was changed");
            assertThat(guest.exitStatus()).isNotZero();
        }
        assertThat(Arrays.equals(Files.readAllBytes(disk), content)).isTrue();
    }

    /** What may be wrong with a disk of Keel's; it has 512 bytes a sector, superblocks in 0 and 8, tables from 16 on. */
    enum Fault {
        NEWER("the disk has layout version 2, and this system knows version 1") {
            @Override
            void bringAbout(ByteBuffer disk) {
                for (int copy = 0; copy <= 8 * SECTOR; copy += 8 * SECTOR) {
                    disk.put(copy + 8, (byte) 2);
                    CRC32C checksum = new CRC32C();
                    checksum.update(disk.array(), copy, SECTOR - 4);
                    disk.putInt(copy + SECTOR - 4, (int) checksum.getValue());
                }
            }
        },
        SUPERBLOCKS("both superblocks of the disk are damaged") {
            @Override
            void bringAbout(ByteBuffer disk) {
                disk.put(20, (byte) 1);
                disk.put(8 * SECTOR + 30, (byte) 1);
            }
        },
        DIRECTORY("sector 16 of the directory is damaged") {
            @Override
            void bringAbout(ByteBuffer disk) {
                disk.put(16 * SECTOR + 60, (byte) 'x');
            }
        };

        private static final int SECTOR = 512;

        final String message;

        Fault(String message) {
            this.message = message;
        }

        abstract void bringAbout(ByteBuffer disk);
    }

    @ParameterizedTest
    @EnumSource
    void refusesADiskThatItCannotTrustAndLeavesItAlone(Fault fault) throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        byte[] content = Files.readAllBytes(disk);
        fault.bringAbout(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(disk, content);
        try (BootedGuest guest = boot(command(Machine.Q35, disk))) {
            assertThat(guest.awaitEnd()).contains("disk: " + fault.message).contains("; nothing was changed on it");
            assertThat(guest.exitStatus()).isNotZero();
        }
        assertThat(Arrays.equals(Files.readAllBytes(disk), content)).isTrue();
    }

    @Test
    void refusesALogThatIsDamagedInTheMiddleAndLeavesItAlone() throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        try (BootedGuest guest = boot(command(Machine.Q35, disk))) {
            guest.await(Pattern.compile("durable 100\n"));
        }
        Matcher log = Pattern.compile("log numbers: .*, at sector (\\d+)").matcher(DiskFormatter.describe(disk));
        assertThat(log.find()).isTrue();
        int sector = Integer.parseInt(log.group(1));
        byte[] content = Files.readAllBytes(disk);
        content[sector * 512 + 100] ^= 1;
        Files.write(disk, content);
        try (BootedGuest guest = boot(command(Machine.Q35, disk))) {
            assertThat(guest.awaitEnd())
                    .contains("failure DAMAGED sector " + sector + ": the log is damaged at sector " + sector);
        }
        assertThat(Arrays.equals(Files.readAllBytes(disk), content)).isTrue();
    }

    @Test
    void refusesADiskThatWasCut() throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(DISK_BYTES / 2);
        }
        try (BootedGuest guest = boot(command(Machine.MICROVM, disk))) {
            assertThat(guest.awaitEnd()).contains("disk: ").contains("nothing was changed");
        }
    }

    @Test
    void refusesToWriteToAReadOnlyDisk() throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        QemuCommand command = new QemuCommand(Machine.Q35)
                .extra("-drive", "id=d,if=none,format=raw,readonly=on,file=" + disk)
                .device("virtio-blk-pci,drive=d");
        try (BootedGuest guest = boot(command)) {
            assertThat(guest.awaitEnd()).contains("failure READ_ONLY");
        }
    }

    @Test
    void tellsTheApplicationAboutABadSector() throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        QemuCommand command = BootedGuest.withFailingDisk(directory, disk, 2);
        try (BootedGuest guest = boot(command)) {
            assertThat(guest.awaitEnd()).contains("failure IO_ERROR sector");
        }
        try (BootedGuest guest = boot(command(Machine.Q35, disk))) {
            guest.await(FOUND);
            assertThat(guest.text()).contains("corrupt 0");
        }
    }
}
