// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import org.unimark.keel.machine.Cpu;

/**
 * How an image waits: the timer is armed for the deadline, then the processor halts until any interrupt. Work that arrived
 * after the last look at the devices has its interrupt pending, and ends the halt at once: no wake-up is lost.
 */
public final class Idle {
    private final TimeStampClock clock;
    private long sleeps;
    private long sleptNanos;

    public Idle(TimeStampClock clock) {
        this.clock = clock;
    }

    /** Returns at an interrupt, at {@code deadlineNanos} or earlier. Devices have been asked to interrupt before. */
    public void sleepUntil(long deadlineNanos) {
        long start = clock.nanos();
        if (deadlineNanos <= start) {
            return;
        }
        clock.arm(deadlineNanos - start);
        Cpu.waitForInterrupt();
        clock.refine();
        sleeps++;
        sleptNanos += clock.nanos() - start;
    }

    public long sleeps() {
        return sleeps;
    }

    /** Nanoseconds spent asleep. */
    public long sleptNanos() {
        return sleptNanos;
    }
}
