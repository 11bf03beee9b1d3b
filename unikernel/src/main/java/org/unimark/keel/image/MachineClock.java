// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.cpu.TimeStampClock;
import org.unimark.keel.kernel.Clock;

/** The time of an image: the time-stamp counter, and the time of day at boot from hypervisor or battery-backed clock. */
final class MachineClock implements Clock {
    private final TimeStampClock ticks;
    private final long epochMillisAtStart;

    /** {@code epochMillisNow} is the time of day, or 0 if nobody knows it. */
    MachineClock(TimeStampClock ticks, long epochMillisNow) {
        this.ticks = ticks;
        epochMillisAtStart = epochMillisNow - ticks.nanos() / 1_000_000;
    }

    @Override
    public long nanos() {
        return ticks.nanos();
    }

    @Override
    public long epochMillis() {
        return epochMillisAtStart + ticks.nanos() / 1_000_000;
    }
}
