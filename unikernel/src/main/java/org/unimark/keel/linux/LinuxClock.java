// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.kernel.Clock;
import org.unimark.keel.machine.LinuxCalls;

/** The kernel's monotonic and real-time clocks. */
final class LinuxClock implements Clock {
    private static final int NANOS_PER_MILLI = 1_000_000;

    @Override
    public long nanos() {
        return LinuxCalls.clockNanos(Linux.CLOCK_MONOTONIC);
    }

    @Override
    public long epochMillis() {
        return LinuxCalls.clockNanos(Linux.CLOCK_REALTIME) / NANOS_PER_MILLI;
    }
}
