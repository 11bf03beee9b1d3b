// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The suite's work tree, which the script that started this names. */
final class Home {
    private Home() {}

    static Path directory() {
        return Path.of(System.getProperty("unimark.home", "")).toAbsolutePath();
    }

    /** Where runs get their directories. */
    static Path runs() {
        return directory().resolve("results").resolve("runs");
    }

    /** The newest run, or a committed reference run if there is none yet. */
    static Path newestRun() throws IOException, Failure {
        Path newest = newest(runs());
        if (newest == null) {
            newest = newest(directory().resolve("results").resolve("reference"));
        }
        if (newest == null) {
            throw new Failure("there is no run yet; make one with './unimark reproduce'");
        }
        return newest;
    }

    private static Path newest(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return null;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            // Their names start with the time.
            return entries.filter(entry -> Files.exists(entry.resolve("run.json")))
                    .max(Comparator.comparing(entry -> entry.getFileName().toString()))
                    .orElse(null);
        }
    }
}
