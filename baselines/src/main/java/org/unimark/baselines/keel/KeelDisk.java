// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.keel;

import java.io.IOException;
import java.nio.file.Path;

/** Disks in Keel's own layout. */
public final class KeelDisk {
    /** The file that is the disk of the identical application, in its container. */
    public static final String CONTAINER_PATH = "/data/keel.disk";

    private KeelDisk() {}

    /** A fresh one in {@code directory}. */
    static Path create(Path directory, int mebibytes) throws IOException {
        throw new IOException("no disk of " + mebibytes + " MiB in " + directory + ": Keel's layout is not there yet");
    }
}
