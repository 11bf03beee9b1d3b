// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unimark.baselines.Cache;
import org.unimark.builder.disk.DiskFormatter;
import org.unimark.keel.storage.StorageException;

/** Disks in Keel's own layout. */
public final class KeelDisk {
    /** The file that is the disk of the identical application, in its container. */
    public static final String CONTAINER_PATH = "/data/keel.disk";

    private static final String FILE = "keel.disk";
    private static final int MEBIBYTE_BITS = 20;

    private KeelDisk() {}

    /** A fresh one in {@code directory}. */
    public static Path create(Path directory, int mebibytes) throws IOException {
        Path disk = Files.createTempDirectory(directory, "disk").resolve(FILE);
        format(disk, mebibytes);
        // Alone in the directory, so that who is done with it has one file to delete.
        Path moved = directory.resolve(disk.getParent().getFileName() + ".keel");
        Files.move(disk, moved);
        Files.delete(disk.getParent());
        return moved;
    }

    /** A directory that has nothing but a fresh one, for the file system of a container; made once. */
    public static Path containerData(int mebibytes) throws IOException {
        Path directory = Cache.directory("disks").resolve("keel-" + mebibytes);
        Path disk = Files.createDirectories(directory).resolve(FILE);
        if (!Files.exists(disk)) {
            try {
                format(disk, mebibytes);
            } catch (FileAlreadyExistsException e) {
                // Another process was quicker.
                return directory;
            }
        }
        return directory;
    }

    private static void format(Path disk, int mebibytes) throws IOException {
        try {
            DiskFormatter.create(disk, (long) mebibytes << MEBIBYTE_BITS);
        } catch (StorageException e) {
            throw new IOException("no disk can be made: " + e.getMessage(), e);
        }
    }
}
