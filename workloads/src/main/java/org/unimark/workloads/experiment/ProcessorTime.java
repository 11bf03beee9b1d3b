// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unimark.baselines.Instance;

/** Processor time of the host that an instance uses, from construction on. */
final class ProcessorTime {
    /** Fixed for user space on Linux, whatever the kernel's own tick is. */
    private static final double TICKS_PER_SECOND = 100;
    /** Fields after the command's closing parenthesis: state is the first, utime the 12th, stime the 13th. */
    private static final int USER_TICKS = 11;

    private final Instance instance;
    private final long startNanos = System.nanoTime();
    private final double startSeconds;

    ProcessorTime(Instance instance) {
        this.instance = instance;
        this.startSeconds = seconds();
    }

    /** Cores that were used on average. */
    double cores() {
        return (seconds() - startSeconds) / (Math.max(1, System.nanoTime() - startNanos) / 1e9);
    }

    private double seconds() {
        double sum = 0;
        for (long process : instance.processIds()) {
            sum += seconds(process);
        }
        return sum;
    }

    private static double seconds(long process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            // It ended; the repetition notices by other means.
            return 0;
        }
    }
}
