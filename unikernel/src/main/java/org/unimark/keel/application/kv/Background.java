// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.kernel.Timers;

/** Does what takes long in small steps, a few each millisecond, in turn. */
final class Background extends Timer {
    private static final long PERIOD_NANOS = 1_000_000;
    private static final int STEPS = 8;

    private final Timers timers;
    private BackgroundTask first;
    private BackgroundTask last;

    Background(Timers timers) {
        this.timers = timers;
    }

    void add(BackgroundTask task, long nowNanos) {
        if (task.isQueued) {
            return;
        }
        task.isQueued = true;
        append(task);
        if (!isScheduled()) {
            timers.schedule(this, nowNanos + PERIOD_NANOS);
        }
    }

    private void append(BackgroundTask task) {
        task.nextTask = null;
        if (first == null) {
            first = task;
        } else {
            last.nextTask = task;
        }
        last = task;
    }

    /** Does all of it at once: while nobody is served, memory that is given back is wanted at once. */
    void finish() {
        while (first != null) {
            step();
        }
    }

    private void step() {
        BackgroundTask task = first;
        first = task.nextTask;
        if (task.step()) {
            append(task);
        } else {
            task.isQueued = false;
        }
    }

    @Override
    protected void expired(long nowNanos) {
        for (int i = 0; i < STEPS && first != null; i++) {
            step();
        }
        if (first != null) {
            timers.schedule(this, nowNanos + PERIOD_NANOS);
        }
    }
}
