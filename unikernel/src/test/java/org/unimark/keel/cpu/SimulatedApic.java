// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import java.util.TreeMap;
import org.unimark.keel.machine.SimulatedCpu;
import org.unimark.keel.machine.SimulatedDevices;

/**
 * A local APIC and the passing of time: the timer counts nanoseconds down, the time-stamp counter runs at a rate of the
 * test's choice, and a halt lasts until the timer expires or until a time that the test chose.
 */
final class SimulatedApic implements SimulatedDevices.Model {
    static final long BASE = 0xfee0_0000L;
    private static final int TIMER_INITIAL = 0x380;
    private static final int TIMER_CURRENT = 0x390;

    final TreeMap<Long, Long> written = new TreeMap<>();
    private final double ticksPerNano;
    private double nowNanos = 1000;
    private double armedAtNanos;
    private long initial;
    private double wakeNanos = Double.MAX_VALUE;

    SimulatedApic(double ticksPerNano) {
        this.ticksPerNano = ticksPerNano;
        SimulatedDevices.mapMemory(BASE, 0x1000, this);
        SimulatedCpu.setOnHalt(this::halt);
        advance(0);
    }

    void advance(double nanos) {
        nowNanos += nanos;
        SimulatedCpu.setTimeStamp((long) (nowNanos * ticksPerNano));
    }

    double nowNanos() {
        return nowNanos;
    }

    /** A device interrupts so many nanoseconds after the processor halts. */
    void interruptAfter(double nanos) {
        wakeNanos = nanos;
    }

    private void halt() {
        double timer = initial == 0 ? Double.MAX_VALUE : armedAtNanos + initial - nowNanos;
        advance(Math.max(0, Math.min(timer, wakeNanos)));
        wakeNanos = Double.MAX_VALUE;
    }

    @Override
    public long read(long offset, int bytes) {
        // Looking takes time, which ends loops that wait for it to pass.
        advance(500);
        if (offset == TIMER_CURRENT) {
            return (long) Math.max(0, armedAtNanos + initial - nowNanos);
        }
        return written.getOrDefault(offset, 0L);
    }

    @Override
    public void write(long offset, int bytes, long value) {
        written.put(offset, value);
        if (offset == TIMER_INITIAL) {
            initial = value;
            armedAtNanos = nowNanos;
        }
    }
}
