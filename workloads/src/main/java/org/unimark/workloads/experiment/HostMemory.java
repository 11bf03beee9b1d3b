// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unimark.baselines.Instance;

/** Memory of the host that an instance uses now. */
final class HostMemory {
    private static final String PROPORTIONAL = "Pss:";
    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    private HostMemory() {}

    /**
     * Mebibytes of the instance's processes, where a page that several processes share counts in equal parts (PSS). What the
     * host's kernel keeps for them is not part of it.
     */
    static double mebibytes(Instance instance) throws IOException, Rejected {
        double kibibytes = 0;
        for (long process : instance.processIds()) {
            Path file = Path.of("/proc", Long.toString(process), "smaps_rollup");
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(PROPORTIONAL)) {
                    kibibytes += Double.parseDouble(line.replaceAll("[^0-9]", ""));
                }
            }
        }
        if (kibibytes == 0) {
            throw new Rejected("its processes cannot be seen from here, so neither can their memory");
        }
        return kibibytes / KIBIBYTES_PER_MEBIBYTE;
    }
}
