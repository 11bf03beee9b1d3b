// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/**
 * Raw little-endian memory by address. Unchecked in compiled code: everything above the fence goes through
 * {@code buffer.Bytes}, which checks bounds first. On a JVM the accesses go to {@link SimulatedMemory}.
 *
 * <p>These accesses may be cached or reordered by the compiler. Memory that a device reads or writes is accessed through
 * the volatile accessors of this package.
 */
@Include(value = "keel.h", isSystem = false)
public final class Memory {
    private Memory() {}

    public static byte getByte(long address) {
        return Target.isCompiled() ? Address.fromLong(address).getByte() : SimulatedMemory.getByte(address);
    }

    public static short getShort(long address) {
        return Target.isCompiled() ? Address.fromLong(address).getShort() : SimulatedMemory.getShort(address);
    }

    public static int getInt(long address) {
        return Target.isCompiled() ? Address.fromLong(address).getInt() : SimulatedMemory.getInt(address);
    }

    public static long getLong(long address) {
        return Target.isCompiled() ? Address.fromLong(address).getLong() : SimulatedMemory.getLong(address);
    }

    public static void putByte(long address, byte value) {
        if (Target.isCompiled()) {
            Address.fromLong(address).putByte(value);
        } else {
            SimulatedMemory.putByte(address, value);
        }
    }

    public static void putShort(long address, short value) {
        if (Target.isCompiled()) {
            Address.fromLong(address).putShort(value);
        } else {
            SimulatedMemory.putShort(address, value);
        }
    }

    public static void putInt(long address, int value) {
        if (Target.isCompiled()) {
            Address.fromLong(address).putInt(value);
        } else {
            SimulatedMemory.putInt(address, value);
        }
    }

    public static void putLong(long address, long value) {
        if (Target.isCompiled()) {
            Address.fromLong(address).putLong(value);
        } else {
            SimulatedMemory.putLong(address, value);
        }
    }

    /** Copies {@code length} bytes; the ranges must not overlap. */
    public static void copy(long from, long to, int length) {
        if (Target.isCompiled()) {
            nativeCopy(from, to, length);
            return;
        }
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            putLong(to + at, getLong(from + at));
        }
        for (; at < length; at++) {
            putByte(to + at, getByte(from + at));
        }
    }

    @Import(name = "keel_copy")
    @Unmanaged
    private static native void nativeCopy(long from, long to, int length);

    /** Clears {@code length} bytes: for large areas, where a string instruction pays. */
    public static void zero(long address, int length) {
        if (Target.isCompiled()) {
            Address.fillZero(Address.fromLong(address), length);
        } else {
            fill(address, length, (byte) 0);
        }
    }

    /** Sets {@code length} bytes to {@code value}. */
    public static void fill(long address, int length, byte value) {
        long word = (value & 0xffL) * 0x0101010101010101L;
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            putLong(address + at, word);
        }
        for (; at < length; at++) {
            putByte(address + at, value);
        }
    }
}
