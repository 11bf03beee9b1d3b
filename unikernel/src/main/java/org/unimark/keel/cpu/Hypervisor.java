// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.Cpu;
import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.memory.PhysicalMemory;

/**
 * What the hypervisor tells a guest that asks politely: the rate of the time-stamp counter and the time of day. Emulators
 * tell neither.
 */
public final class Hypervisor {
    private static final int CPUID_HYPERVISOR = 1 << 31;
    private static final int LEAF_SIGNATURE = 0x4000_0000;
    private static final int LEAF_KVM_FEATURES = 0x4000_0001;
    /** A convention of VMware that KVM and others follow: EAX is the time-stamp counter's rate in kHz. */
    private static final int LEAF_FREQUENCIES = 0x4000_0010;

    private static final int LEAF_CRYSTAL = 0x15;
    private static final int KVM_SIGNATURE = 0x4b4d_564b;
    private static final int KVM_CLOCK = 1 << 3;

    /** Linux, Documentation/virt/kvm/x86/msr.rst. */
    private static final int KVM_WALL_CLOCK = 0x4b56_4d00;

    private static final int KVM_SYSTEM_TIME = 0x4b56_4d01;
    private static final int SYSTEM_TIME_BYTES = 32;
    private static final int SYSTEM_TIME_NANOS = 16;
    private static final int SYSTEM_TIME_MULTIPLIER = 24;
    private static final int SYSTEM_TIME_SHIFT = 28;
    private static final int WALL_SECONDS = 4;
    private static final int WALL_NANOS = 8;

    private long nanosPerTick;
    private long epochMillis;

    public Hypervisor(PhysicalMemory memory) {
        boolean present = (Cpu.cpuid(1, 0, Cpu.ECX) & CPUID_HYPERVISOR) != 0;
        if (present
                && Cpu.cpuid(LEAF_SIGNATURE, 0, Cpu.EBX) == KVM_SIGNATURE
                && (Cpu.cpuid(LEAF_KVM_FEATURES, 0, Cpu.EAX) & KVM_CLOCK) != 0) {
            askKvm(memory);
        } else if (present && Integer.compareUnsigned(Cpu.cpuid(LEAF_SIGNATURE, 0, Cpu.EAX), LEAF_FREQUENCIES) >= 0) {
            setRate(Cpu.cpuid(LEAF_FREQUENCIES, 0, Cpu.EAX) * 1000L);
        } else if (Cpu.cpuid(0, 0, Cpu.EAX) >= LEAF_CRYSTAL) {
            setCrystalRate();
        }
    }

    private void askKvm(PhysicalMemory memory) {
        Bytes shared = memory.allocate(2 * SYSTEM_TIME_BYTES, 2 * SYSTEM_TIME_BYTES);
        long time = shared.address(0, SYSTEM_TIME_BYTES);
        long wall = shared.address(SYSTEM_TIME_BYTES, SYSTEM_TIME_BYTES);
        Cpu.writeModelSpecific(KVM_SYSTEM_TIME, time | 1);
        long multiplier = DeviceMemory.get32(time + SYSTEM_TIME_MULTIPLIER) & 0xffff_ffffL;
        byte shift = (byte) DeviceMemory.get8(time + SYSTEM_TIME_SHIFT);
        long upNanos = DeviceMemory.get64(time + SYSTEM_TIME_NANOS);
        nanosPerTick = shift >= 0 ? multiplier << shift : multiplier >>> -shift;
        Cpu.writeModelSpecific(KVM_WALL_CLOCK, wall);
        epochMillis = (DeviceMemory.get32(wall + WALL_SECONDS) & 0xffff_ffffL) * 1000
                + ((DeviceMemory.get32(wall + WALL_NANOS) & 0xffff_ffffL) + upNanos) / 1_000_000;
        Cpu.writeModelSpecific(KVM_SYSTEM_TIME, 0);
    }

    /** Intel SDM 2, CPUID: EBX / EAX is the counter's rate over that of the crystal, which is ECX in Hz. */
    private void setCrystalRate() {
        long denominator = Cpu.cpuid(LEAF_CRYSTAL, 0, Cpu.EAX) & 0xffff_ffffL;
        long numerator = Cpu.cpuid(LEAF_CRYSTAL, 0, Cpu.EBX) & 0xffff_ffffL;
        if (denominator != 0) {
            setRate((Cpu.cpuid(LEAF_CRYSTAL, 0, Cpu.ECX) & 0xffff_ffffL) * numerator / denominator);
        }
    }

    private void setRate(long hertz) {
        nanosPerTick = hertz == 0 ? 0 : TimeStampClock.perTick(1_000_000_000L, hertz);
    }

    /** Nanoseconds of one tick of the time-stamp counter, times 2^32; 0 if the hypervisor does not say. */
    public long nanosPerTick() {
        return nanosPerTick;
    }

    /** Milliseconds since 1970 when this object was made; 0 if the hypervisor does not say. */
    public long epochMillis() {
        return epochMillis;
    }
}
