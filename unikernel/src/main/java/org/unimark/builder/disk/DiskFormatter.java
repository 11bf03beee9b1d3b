// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.SimulatedMemory;
import org.unimark.keel.storage.DiskFormat;
import org.unimark.keel.storage.MemorySource;
import org.unimark.keel.storage.StorageException;

/** What {@code ./unimark disk} does. */
public final class DiskFormatter {
    private DiskFormatter() {}

    /** Memory for as long as a tool works with a disk. */
    private static final class Scratch implements MemorySource, AutoCloseable {
        private final List<Long> regions = new ArrayList<>();

        @Override
        public Bytes allocate(int bytes) {
            long address = SimulatedMemory.allocate(bytes);
            regions.add(address);
            return new Bytes(address, bytes);
        }

        @Override
        public void close() {
            regions.forEach(SimulatedMemory::free);
        }
    }

    /**
     * Makes a file of {@code bytes} bytes, sparse where the file system can, and formats it as an empty disk.
     *
     * @throws IOException if there is such a file already, or it cannot be made
     * @throws StorageException if it would be too small
     */
    public static void create(Path file, long bytes) throws IOException, StorageException {
        if (bytes < DiskFormat.MINIMUM_BYTES || bytes % 512 != 0) {
            throw new StorageException(
                    StorageException.Cause.FULL, -1, "a disk has at least 1 MiB, and a multiple of 512 bytes");
        }
        Files.createFile(file);
        boolean isComplete = false;
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(bytes);
            format(file);
            isComplete = true;
        } finally {
            if (!isComplete) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void format(Path file) throws IOException, StorageException {
        SecureRandom random = new SecureRandom();
        try (FileDisk disk = new FileDisk(file, false);
                Scratch scratch = new Scratch()) {
            DiskFormat.format(disk, device -> {}, scratch, random::nextLong);
        }
    }

    /** Says in a few lines what is on a disk, or why it cannot be used; changes nothing. */
    public static String describe(Path file) throws IOException {
        try (FileDisk disk = new FileDisk(file, true);
                Scratch scratch = new Scratch()) {
            return DiskFormat.describe(disk, device -> {}, scratch);
        }
    }
}
