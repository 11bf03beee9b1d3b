// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the current thread spends its time: running, waiting for a core, or asleep. */
final class ThreadUsage {
    private final long startNanos = System.nanoTime();
    private final long startCpuNanos = cpuNanos();
    private final long startWaitNanos = waitNanos();

    /** Share of the time since construction that this thread was running. */
    double cpuShare() {
        return share(cpuNanos() - startCpuNanos);
    }

    /** Share of the time since construction that this thread was ready and had no core. */
    double waitShare() {
        return share(waitNanos() - startWaitNanos);
    }

    private double share(long nanos) {
        return nanos / (double) Math.max(1, System.nanoTime() - startNanos);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Second field of schedstat; 0 where the kernel keeps none. */
    private static long waitNanos() {
        try {
            return Long.parseLong(
                    Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ")[1]);
        } catch (IOException e) {
            return 0;
        }
    }
}
