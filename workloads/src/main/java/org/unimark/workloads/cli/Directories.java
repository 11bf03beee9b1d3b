// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.unimark.builder.FileTrees;

/** Temporary directories of commands. */
final class Directories {
    private Directories() {}

    /**
     * Deletes a directory, if it exists, with what is in it; says so if it cannot. A command that ends because it was told to does
     * this from two threads at once.
     */
    static synchronized void delete(Path directory) {
        try {
            FileTrees.delete(directory);
        } catch (IOException e) {
            System.err.println("unimark: " + directory + " could not be removed: " + e.getMessage());
        }
    }
}
