// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import org.unimark.keel.kernel.Clock;

/** Time that passes only when a test says so. */
public final class VirtualClock implements Clock {
    /** 2026-01-01T00:00Z. */
    private long epochMillisAtZero = 1_767_225_600_000L;

    private long nanos = 1_000_000_000L;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return epochMillisAtZero + nanos / 1_000_000;
    }

    /** Sets the calendar, for tests that compare with something that lives by another one. */
    public void setEpochMillis(long epochMillis) {
        epochMillisAtZero += epochMillis - epochMillis();
    }

    /** Moves on to {@code nanos}; never back. */
    public void advanceTo(long nanos) {
        this.nanos = Math.max(this.nanos, nanos);
    }

    public void advance(long nanos) {
        this.nanos += nanos;
    }
}
