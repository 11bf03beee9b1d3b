// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.part;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.kernel.Timers;

/** A timer that is put off, as one of a connection is with each segment, among a thousand others; one in 64 fires. */
public final class TimerPart implements Part {
    private static final int TIMERS = 1024;
    private static final int SHARE = 64;
    private static final long TICK_NANOS = 1L << 20;
    private static final long SOON_NANOS = 40_000_000L;

    private final Timers timers = new Timers(0);
    private final Counting[] all = new Counting[TIMERS];
    private long nowNanos;
    private int next;
    private long fired;

    private final class Counting extends Timer {
        @Override
        protected void expired(long now) {
            fired++;
        }
    }

    public TimerPart() {
        for (int i = 0; i < TIMERS; i++) {
            all[i] = new Counting();
            timers.schedule(all[i], SOON_NANOS + i * TICK_NANOS);
        }
    }

    @Override
    public long run() {
        next = next + 1 & TIMERS - 1;
        if (next % SHARE == 0) {
            nowNanos += SHARE * TICK_NANOS / 16;
            timers.advance(nowNanos);
        }
        timers.schedule(all[next], nowNanos + SOON_NANOS);
        return fired + timers.scheduled();
    }
}
