// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.unimark.builder.disk.DiskFormatter;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.storage.StorageException;

/** A guest whose console is a file, and what it has said so far. */
public final class BootedGuest implements AutoCloseable {
    private final Process process;
    private final Path console;
    private final int limitSeconds;

    /**
     * @param directory for its files
     * @param limitSeconds after which it is late with whatever is awaited
     */
    public BootedGuest(Path directory, Path image, QemuCommand command, int limitSeconds) throws IOException {
        this.limitSeconds = limitSeconds;
        console = Files.createTempFile(directory, "console", ".txt");
        process = new ProcessBuilder(command.kernel(image).consoleFile(console).arguments())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.txt").toFile())
                .start();
    }

    /** A q35 machine whose {@code disk} takes {@code flushes} of them, and from then on refuses to be written. */
    public static QemuCommand withFailingDisk(Path directory, Path disk, int flushes) throws IOException {
        Path errors = directory.resolve("blkdebug.conf");
        StringBuilder states = new StringBuilder();
        for (int i = 1; i <= flushes; i++) {
            states.append(
                    "[set-state]\nstate = \"%d\"\nevent = \"flush_to_disk\"\nnew_state = \"%d\"\n".formatted(i, i + 1));
        }
        states.append("[inject-error]\nstate = \"%d\"\nevent = \"pwritev\"\nerrno = \"5\"\n".formatted(flushes + 1));
        Files.writeString(errors, states);
        return new QemuCommand(Machine.Q35)
                .extra("-drive", "id=d,if=none,format=raw,werror=report,file=blkdebug:" + errors + ":" + disk)
                .device("virtio-blk-pci,drive=d");
    }

    /** An empty disk of that size in {@code directory}. */
    public static Path newDisk(Path directory, long bytes) throws IOException, StorageException {
        Path disk = directory.resolve("disk-" + System.nanoTime());
        DiskFormatter.create(disk, bytes);
        return disk;
    }

    public String text() throws IOException {
        return Files.readString(console, StandardCharsets.ISO_8859_1);
    }

    public String utf8() throws IOException {
        return Files.readString(console);
    }

    /** Waits until it ends by itself, and returns all it has said. */
    public String awaitEnd() throws Exception {
        boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
        assertThat(ended).as("ends by itself; console: %s", text()).isTrue();
        return text();
    }

    public void await(Pattern pattern) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
        while (!pattern.matcher(text()).find()) {
            assertThat(process.isAlive() && System.nanoTime() < end)
                    .as("says %s; it said: %s", pattern, text())
                    .isTrue();
            Thread.sleep(5);
        }
    }

    public int exitStatus() {
        return process.exitValue();
    }

    @Override
    public void close() {
        failPower();
    }

    /** Without a warning. */
    public void failPower() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
