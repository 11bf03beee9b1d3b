// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.machine.Cpu;
import org.unimark.keel.machine.SimulatedCpu;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.memory.SimulatedPhysicalMemory;

class TimeStampClockTest {
    private static final double TICKS_PER_NANO = 2.893;
    private static final int BASE_REGISTER = 0x1b;
    private final PhysicalMemory memory = new SimulatedPhysicalMemory(1 << 20);

    @BeforeEach
    @AfterEach
    void reset() {
        SimulatedDevices.reset();
        SimulatedCpu.reset();
        Cpu.writeModelSpecific(BASE_REGISTER, SimulatedApic.BASE | 0x900);
    }

    private TimeStampClock clock(SimulatedApic apic) {
        long entry = Cpu.timeStamp();
        apic.advance(50_000);
        return new TimeStampClock(new LocalApic(memory), new Hypervisor(memory), entry);
    }

    @Test
    void learnsTheRateDuringTheRestOfTheBoot() {
        SimulatedApic apic = new SimulatedApic(TICKS_PER_NANO);
        double entryNanos = apic.nowNanos();
        TimeStampClock clock = clock(apic);
        apic.advance(3_000_000);
        clock.calibrate();
        double upNanos = apic.nowNanos() - entryNanos;
        assertThat((double) clock.nanos()).isCloseTo(upNanos, within(upNanos * 0.001));
    }

    @Test
    void waitsOnlyIfTheBootWasImprobablyShort() {
        SimulatedApic apic = new SimulatedApic(TICKS_PER_NANO);
        TimeStampClock clock = clock(apic);
        double before = apic.nowNanos();
        clock.calibrate();
        assertThat(apic.nowNanos() - before).isBetween(50_000.0, 300_000.0);
    }

    @Test
    void refinesTheRateWhileItSleepsAndNeverJumps() {
        SimulatedApic apic = new SimulatedApic(TICKS_PER_NANO);
        TimeStampClock clock = clock(apic);
        clock.calibrate();
        Idle idle = new Idle(clock);
        for (int i = 0; i < 40; i++) {
            long before = clock.nanos();
            double beforeNanos = apic.nowNanos();
            apic.interruptAfter(70_000_000);
            idle.sleepUntil(before + 500_000_000);
            double slept = apic.nowNanos() - beforeNanos;
            assertThat((double) (clock.nanos() - before)).isCloseTo(slept, within(slept * 0.02));
        }
        long before = clock.nanos();
        apic.advance(1_000_000_000);
        assertThat((double) (clock.nanos() - before)).isCloseTo(1_000_000_000.0, within(30_000.0));
        assertThat(idle.sleeps()).isEqualTo(40);
    }

    @Test
    void sleepsUntilTheDeadline() {
        SimulatedApic apic = new SimulatedApic(TICKS_PER_NANO);
        TimeStampClock clock = clock(apic);
        clock.calibrate();
        Idle idle = new Idle(clock);
        long deadline = clock.nanos() + 1_000_000;
        idle.sleepUntil(deadline);
        assertThat(clock.nanos()).isBetween(deadline - 10_000, deadline + 100_000);
        idle.sleepUntil(deadline);
        assertThat(idle.sleeps()).isEqualTo(1);
    }

    @Test
    void takesTheHypervisorsWord() {
        SimulatedCpu.setCpuid(1, 0, 0, 0, 1 << 31, 0);
        SimulatedCpu.setCpuid(0x4000_0000, 0, 0x4000_0010, 0, 0, 0);
        SimulatedCpu.setCpuid(0x4000_0010, 0, 2_893_000, 1_000_000, 0, 0);
        SimulatedApic apic = new SimulatedApic(TICKS_PER_NANO);
        TimeStampClock clock = clock(apic);
        clock.calibrate();
        long before = clock.nanos();
        apic.advance(10_000_000_000.0);
        assertThat((double) (clock.nanos() - before)).isCloseTo(10_000_000_000.0, within(100.0));
        assertThat(apic.written).doesNotContainKey(0x380L);
    }

    @Test
    void takesTheProcessorsWord() {
        SimulatedCpu.setCpuid(0, 0, 0x15, 0, 0, 0);
        SimulatedCpu.setCpuid(0x15, 0, 2, 250, 24_000_000, 0);
        assertThat(new Hypervisor(memory).nanosPerTick()).isEqualTo(TimeStampClock.perTick(1, 3));
    }

    @Property
    void scalesWithoutOverflow(
            @ForAll @LongRange(min = 1, max = 4_000_000_000L) long nanos,
            @ForAll @LongRange(min = 2, max = 17_000_000_000L) long ticks) {
        double exact = (double) nanos / ticks * 4_294_967_296.0;
        assertThat((double) TimeStampClock.perTick(nanos, ticks)).isCloseTo(exact, within(2 + exact * 1e-9));
    }
}
