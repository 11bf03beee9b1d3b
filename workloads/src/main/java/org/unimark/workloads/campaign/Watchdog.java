// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Interrupts a thread that stays in one repetition for too long. */
final class Watchdog implements AutoCloseable {
    private final Thread watched = Thread.currentThread();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "watchdog");
        thread.setDaemon(true);
        return thread;
    });
    private ScheduledFuture<?> alarm;
    private boolean armed;
    private boolean barked;

    synchronized void arm(double seconds) {
        armed = true;
        barked = false;
        alarm = clock.schedule(this::bark, (long) (seconds * 1e3), TimeUnit.MILLISECONDS);
    }

    private synchronized void bark() {
        if (armed) {
            barked = true;
            watched.interrupt();
        }
    }

    /** Ends the watch; returns whether the time was over, in which case the interruption that this caused is taken back. */
    synchronized boolean disarm() {
        armed = false;
        alarm.cancel(false);
        if (barked) {
            Thread.interrupted();
        }
        return barked;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
