// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes a selector when a request is due. A selector waits in whole milliseconds, which is too coarse, and polling would
 * take the core that the system under test needs.
 */
final class Pacer implements AutoCloseable {
    private final Selector selector;
    private final long startNanos;
    private final double intervalNanos;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean asleep;

    Pacer(Selector selector, long startNanos, double intervalNanos) {
        this.selector = selector;
        this.startNanos = startNanos;
        this.intervalNanos = intervalNanos;
        this.thread = new Thread(this::run, "load-pacer");
        thread.setDaemon(true);
        thread.start();
    }

    /** The worker tells before it looks whether a request is due, so that no wake-up is lost, and after it slept. */
    void asleep(boolean sleeps) {
        asleep = sleeps;
    }

    private void run() {
        sharpenTimers();
        long next = 0;
        while (!stopped) {
            long now = System.nanoTime();
            long dueNanos = startNanos + (long) (next * intervalNanos);
            if (dueNanos > now) {
                LockSupport.parkNanos(this, dueNanos - now);
                continue;
            }
            if (asleep) {
                selector.wakeup();
            }
            next = Math.max(next + 1, (long) Math.floor((now - startNanos) / intervalNanos) + 1);
        }
    }

    /** Linux lets a timer of an ordinary thread be 50 us late, unless the thread asks for better. */
    private static void sharpenTimers() {
        try {
            Files.writeString(Path.of("/proc/thread-self/timerslack_ns"), "1");
        } catch (IOException e) {
            // Not there in every container; then requests are up to 50 us late, which the lateness histogram shows.
            return;
        }
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
