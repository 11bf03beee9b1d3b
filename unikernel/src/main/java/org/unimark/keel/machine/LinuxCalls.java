// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/**
 * The Linux kernel, for the Linux platform only: system calls by number with raw arguments. On a JVM there is none, and
 * every call throws: the platform is tested as a compiled program with real sockets.
 */
@Include(value = "keel_linux.h", isSystem = false)
public final class LinuxCalls {
    private LinuxCalls() {}

    /** Returns what the kernel returns: a result, or an error number negated. */
    public static long call(int number, long a, long b, long c, long d, long e, long f) {
        if (!Target.isCompiled()) {
            throw new UnsupportedOperationException("system calls need a compiled program");
        }
        return systemCall(number, a, b, c, d, e, f);
    }

    public static long call(int number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }

    public static long call(int number, long a, long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    public static long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    public static long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    public static long call(int number, long a, long b, long c, long d, long e) {
        return call(number, a, b, c, d, e, 0);
    }

    /** Nanoseconds of a clock of {@code clock_gettime}, read without entering the kernel where that is possible. */
    public static long clockNanos(int clock) {
        if (!Target.isCompiled()) {
            throw new UnsupportedOperationException("system calls need a compiled program");
        }
        return nativeClockNanos(clock);
    }

    @Import(name = "keel_system_call")
    @Unmanaged
    private static native long systemCall(int number, long a, long b, long c, long d, long e, long f);

    @Import(name = "keel_clock_nanos")
    @Unmanaged
    private static native long nativeClockNanos(int clock);
}
