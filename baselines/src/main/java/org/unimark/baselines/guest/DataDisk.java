// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.process.Command;
import org.unimark.baselines.server.ContainerImage;

/** The disk of a Linux guest: an ext4 file system with what a container keeps. Made once, copied for each start. */
final class DataDisk {
    private static final String PROGRAM = "mke2fs";
    private static final int TIMEOUT_SECONDS = 120;
    private static final String UUID = "5eb9b7a6-7e3e-4f0e-9d5c-198018000000";

    private DataDisk() {}

    /** Why none can be made, in a sentence, or null. */
    static String unavailable() {
        return Command.exists(PROGRAM) ? null : "There is no mke2fs; install the package e2fsprogs.";
    }

    /** A fresh one in {@code directory}, of holes where nothing was written yet. */
    static Path create(Path directory, int mebibytes, ContainerImage container)
            throws IOException, InterruptedException {
        Path template = template(mebibytes, container);
        Path disk = Files.createTempFile(directory, "data", ".disk");
        Command.run("cp", "--sparse=always", template.toString(), disk.toString());
        return disk;
    }

    /** Makes it unless it is there. */
    static Path template(int mebibytes, ContainerImage container) throws IOException, InterruptedException {
        String content = container.data() == null
                ? "empty"
                : container.data().getFileName().toString();
        Path template = Cache.directory("disks").resolve(content + "-" + mebibytes + ".ext4");
        if (Files.exists(template)) {
            return template;
        }
        Files.createDirectories(template.getParent());
        Path part = Files.createTempFile(template.getParent(), content, ".part");
        try {
            // All tables are written now: in a guest a thread would do it during measurements.
            List<String> command = new ArrayList<>(List.of(
                    "env",
                    "E2FSPROGS_FAKE_TIME=1767225600",
                    Command.find(PROGRAM).toString(),
                    "-q",
                    "-F",
                    "-t",
                    "ext4"));
            command.addAll(List.of("-U", UUID, "-m", "0"));
            command.addAll(List.of("-E", "lazy_itable_init=0,lazy_journal_init=0,hash_seed=" + UUID));
            if (container.data() != null) {
                command.addAll(List.of("-d", container.data().toString()));
            }
            command.addAll(List.of(part.toString(), mebibytes + "M"));
            Command.run(null, TIMEOUT_SECONDS, command);
            Files.move(part, template, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        return template;
    }

    /** For provenance. */
    static String sha256(int mebibytes, ContainerImage container) throws IOException, InterruptedException {
        return Digests.sha256(Files.readAllBytes(template(mebibytes, container)));
    }
}
