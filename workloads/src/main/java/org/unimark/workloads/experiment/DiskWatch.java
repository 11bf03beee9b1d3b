// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.unimark.baselines.hypervisor.Monitor;

/**
 * Counts what reaches a guest's disk until the guest ends: its hypervisor, which knows, ends with it, and so is asked again and
 * again. The last few milliseconds are lost.
 */
final class DiskWatch implements AutoCloseable {
    private static final long POLL_NANOS = 5_000_000;

    private final Path socket;
    private final Thread thread = new Thread(this::watch, "disk-watch");
    private volatile Monitor.DiskRequests last;
    private volatile boolean closing;

    /** Watches the machine whose monitor listens at {@code socket}, or will soon. */
    DiskWatch(Path socket) {
        this.socket = socket;
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try (Monitor monitor = new Monitor(socket, () -> !closing)) {
            while (!closing) {
                last = monitor.diskRequests();
                LockSupport.parkNanos(POLL_NANOS);
            }
        } catch (IOException ended) {
            // The machine has ended, or never listened: what it was asked last is what there is.
        }
    }

    /** Adds what an insert caused, on average, once the machine has ended. */
    void describe(String label, int inserts, Outcome outcome) throws Rejected {
        close();
        Monitor.DiskRequests all = last;
        if (all == null || all.flushes() == 0) {
            throw new Rejected("its hypervisor saw no flush of a disk, although every transaction is durable");
        }
        describe(label, "insert", all, inserts, outcome);
    }

    /** Adds what of {@code all} fell to each of {@code count} things, which are called {@code thing}. */
    static void describe(String label, String thing, Monitor.DiskRequests all, double count, Outcome outcome) {
        outcome.value(label + "_flushes_per_" + thing, all.flushes() / count)
                .value(label + "_writes_per_" + thing, all.writes() / count)
                .value(label + "_written_bytes_per_" + thing, all.writtenBytes() / count);
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
