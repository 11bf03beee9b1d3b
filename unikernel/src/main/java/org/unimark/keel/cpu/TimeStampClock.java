// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import org.unimark.keel.machine.Cpu;

/**
 * Nanoseconds since boot from the time-stamp counter, by one multiplication. How long a tick is comes from the hypervisor if
 * it says so, else from comparing the counter with the timer of the local APIC, which counts nanoseconds on QEMU and KVM:
 * first over the rest of the boot, so that nobody waits for a calibration, then better and better over the first sleeps.
 * Refinements change the rate, never the reading.
 */
public final class TimeStampClock {
    /** Without a better figure yet: an ordinary 2.5 GHz; replaced before anything depends on it. */
    private static final long PROVISIONAL_HERTZ = 2_500_000_000L;
    /** The shortest comparison that is believed: a reading is off by about a microsecond under emulation. */
    private static final long SHORTEST_COMPARISON_NANOS = 100_000;
    /** From here on the rate is known to about one part in a million, and comparing ends. */
    private static final long LONGEST_COMPARISON_NANOS = 2_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final LocalApic apic;
    private long originTicks;
    private long originNanos;
    /** Nanoseconds a tick, times 2^32. */
    private long multiplier;

    private boolean exact;
    private long comparedTicks;
    private long comparedNanos;
    private long armedAtTicks;
    private long armedNanos;

    /** Starts the comparison, unless the hypervisor tells the rate. {@code entryTicks} is where time begins. */
    public TimeStampClock(LocalApic apic, Hypervisor hypervisor, long entryTicks) {
        this.apic = apic;
        originTicks = entryTicks;
        multiplier = hypervisor.nanosPerTick();
        exact = multiplier != 0;
        if (!exact) {
            multiplier = perTick(NANOS_PER_SECOND, PROVISIONAL_HERTZ);
            arm(LocalApic.LONGEST_TIMER_TICKS);
        }
    }

    /** {@code nanos / ticks}, times 2^32; the quotient must be below 2^31 and {@code ticks} below 2^40. */
    static long perTick(long nanos, long ticks) {
        long whole = nanos / ticks;
        long rest = nanos % ticks;
        // Sixteen bits at a time, so that nothing overflows.
        long high = (rest << 16) / ticks;
        long low = ((rest << 16) % ticks << 16) / ticks;
        return (whole << 32) + (high << 16) + low;
    }

    /** Nanoseconds since boot; never goes backwards. */
    public long nanos() {
        return originNanos + Cpu.scale(Cpu.timeStamp() - originTicks, multiplier);
    }

    /** Ticks of the time-stamp counter as nanoseconds. */
    public long nanos(long ticks) {
        return Cpu.scale(ticks, multiplier);
    }

    /**
     * Ends the first comparison, which began with the constructor: at the end of the boot, before anybody has taken the
     * time. Waits only if the boot was improbably short.
     */
    public void calibrate() {
        while (!exact && !compare()) {
            Cpu.pause();
        }
        if (!exact) {
            multiplier = perTick(comparedNanos, comparedTicks);
        }
    }

    /** Arms the timer to interrupt in {@code nanos}, which the timer counts one by one. */
    void arm(long nanos) {
        armedNanos = Math.min(nanos, LocalApic.LONGEST_TIMER_TICKS);
        armedAtTicks = Cpu.timeStamp();
        apic.startTimer(armedNanos);
    }

    /** After a sleep: what the timer and the counter have counted since {@link #arm} improves the rate. */
    void refine() {
        if (!exact && compare()) {
            long now = Cpu.timeStamp();
            originNanos += Cpu.scale(now - originTicks, multiplier);
            originTicks = now;
            multiplier = perTick(comparedNanos, comparedTicks);
            exact = comparedNanos >= LONGEST_COMPARISON_NANOS;
        }
    }

    /** Adds what was counted since {@link #arm} to the comparison; false if it was too little to be worth anything. */
    private boolean compare() {
        long remaining = apic.remainingTimerTicks();
        long ticks = Cpu.timeStamp() - armedAtTicks;
        long nanos = armedNanos - remaining;
        // At zero the timer has stopped, who knows when.
        if (remaining == 0 || nanos < SHORTEST_COMPARISON_NANOS) {
            return false;
        }
        comparedTicks += ticks;
        comparedNanos += nanos;
        return true;
    }
}
