// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/** Instructions that Java has no word for. Those that need privilege level 0 say so; a Linux process must not call them. */
@Include(value = "keel.h", isSystem = false)
public final class Cpu {
    public static final int EAX = 0;
    public static final int EBX = 1;
    public static final int ECX = 2;
    public static final int EDX = 3;

    private Cpu() {}

    /** The time-stamp counter, in ticks of unknown length since an unknown time. */
    public static long timeStamp() {
        return Target.isCompiled() ? rdtsc() : SimulatedCpu.timeStamp();
    }

    /** One of the four registers ({@link #EAX} to {@link #EDX}) that {@code cpuid} returns. */
    public static int cpuid(int leaf, int subleaf, int register) {
        return Target.isCompiled() ? nativeCpuid(leaf, subleaf, register) : SimulatedCpu.cpuid(leaf, subleaf, register);
    }

    /** A number from the processor's random generator (RDRAND must be present), or 0 if it has run dry. */
    public static long random() {
        return Target.isCompiled() ? rdrand() : SimulatedCpu.random();
    }

    /** Bits 32 to 95 of {@code value * multiplier}: fixed-point scaling that does not overflow in between. Unsigned. */
    public static long scale(long value, long multiplier) {
        if (Target.isCompiled()) {
            return nativeScale(value, multiplier);
        }
        return Math.multiplyHigh(value, multiplier) << 32 | value * multiplier >>> 32;
    }

    /** Tells the processor, and a hypervisor, that this is a waiting loop. */
    public static void pause() {
        if (Target.isCompiled()) {
            nativePause();
        }
    }

    /** Privileged. */
    public static long readModelSpecific(int register) {
        return Target.isCompiled() ? rdmsr(register) : SimulatedCpu.readModelSpecific(register);
    }

    /** Privileged. */
    public static void writeModelSpecific(int register, long value) {
        if (Target.isCompiled()) {
            wrmsr(register, value);
        } else {
            SimulatedCpu.writeModelSpecific(register, value);
        }
    }

    /**
     * Privileged. Sleeps until an interrupt; one that came before ends the sleep at once. Interrupts are enabled nowhere
     * else, so that an interrupt never meets running Java code.
     */
    public static void waitForInterrupt() {
        if (Target.isCompiled()) {
            halt();
        } else {
            SimulatedCpu.halt();
        }
    }

    @Import(name = "keel_rdtsc")
    @Unmanaged
    private static native long rdtsc();

    @Import(name = "keel_cpuid")
    @Unmanaged
    private static native int nativeCpuid(int leaf, int subleaf, int register);

    @Import(name = "keel_rdrand")
    @Unmanaged
    private static native long rdrand();

    @Import(name = "keel_scale")
    @Unmanaged
    private static native long nativeScale(long value, long multiplier);

    @Import(name = "keel_pause")
    @Unmanaged
    private static native void nativePause();

    @Import(name = "keel_rdmsr")
    @Unmanaged
    private static native long rdmsr(int register);

    @Import(name = "keel_wrmsr")
    @Unmanaged
    private static native void wrmsr(int register, long value);

    @Import(name = "keel_wait_for_interrupt")
    @Unmanaged
    private static native void halt();
}
