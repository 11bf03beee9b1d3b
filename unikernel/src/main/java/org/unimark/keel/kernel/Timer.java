// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/**
 * One thing that happens later. Subclassed by whoever waits, allocated once with its owner and scheduled again and again:
 * scheduling allocates nothing. The fields belong to {@link Timers}.
 */
public abstract class Timer {
    Timer previous;
    Timer next;
    long deadlineNanos;
    int slot = UNSCHEDULED;

    static final int UNSCHEDULED = -1;

    /** Called once, at or after the deadline, with the time of the loop's turn; may schedule itself again. */
    protected abstract void expired(long nowNanos);

    public final boolean isScheduled() {
        return slot != UNSCHEDULED;
    }

    /** Meaningful while scheduled. */
    public final long deadlineNanos() {
        return deadlineNanos;
    }
}
