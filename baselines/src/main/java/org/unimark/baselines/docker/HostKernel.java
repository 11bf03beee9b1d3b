// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel of this machine, which containers on it execute. */
final class HostKernel {
    private static final Path RESOURCES = Path.of("/proc/iomem");
    private static final Path MODULES = Path.of("/proc/modules");

    private HostKernel() {}

    /** Bytes of the running kernel's code and data and of its loaded modules; 0 as far as it does not tell. */
    static long bytes() throws IOException {
        long bytes = 0;
        for (String line : Files.readAllLines(RESOURCES)) {
            // "  01000000-01e031f0 : Kernel code"; addresses are zero for all but root.
            String[] parts = line.strip().split("[- ]", 3);
            if (parts.length == 3 && parts[2].startsWith(": Kernel ") && !parts[2].endsWith(" bss")) {
                bytes += Math.max(0, Long.parseLong(parts[1], 16) - Long.parseLong(parts[0], 16));
            }
        }
        if (Files.isReadable(MODULES)) {
            for (String line : Files.readAllLines(MODULES)) {
                bytes += Long.parseLong(line.split(" ", 3)[1]);
            }
        }
        return bytes;
    }
}
