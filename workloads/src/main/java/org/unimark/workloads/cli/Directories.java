// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Temporary directories of commands. */
final class Directories {
    private Directories() {}

    /** Deletes a directory of files, if it exists; says so if it cannot. */
    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                Files.deleteIfExists(entry);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            System.err.println("unimark: " + directory + " could not be removed: " + e.getMessage());
        }
    }
}
