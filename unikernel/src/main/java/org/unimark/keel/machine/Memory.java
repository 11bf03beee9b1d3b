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

    /** Whether {@code length} bytes are the same. */
    public static boolean matches(long one, long other, int length) {
        if (Target.isCompiled()) {
            return nativeMatches(one, other, length) != 0;
        }
        for (int i = 0; i < length; i++) {
            if (getByte(one + i) != getByte(other + i)) {
                return false;
            }
        }
        return true;
    }

    @Import(name = "keel_matches")
    @Unmanaged
    private static native int nativeMatches(long one, long other, int length);

    /** Which of the 16 bytes at {@code one} are those at {@code other}: a bit for each, the lowest for the first. */
    public static int equal16(long one, long other) {
        if (Target.isCompiled()) {
            return nativeEqual16(one, other);
        }
        int bits = 0;
        for (int i = 0; i < 16; i++) {
            bits |= getByte(one + i) == getByte(other + i) ? 1 << i : 0;
        }
        return bits;
    }

    /** Which of the 64 bytes at {@code address} are less than {@code limit}, 1 to 255: a bit for each. */
    public static long below64(long address, int limit) {
        if (Target.isCompiled()) {
            return nativeBelow64(address, limit);
        }
        long bits = 0;
        for (int i = 0; i < 64; i++) {
            bits |= (getByte(address + i) & 0xff) < limit ? 1L << i : 0;
        }
        return bits;
    }

    @Import(name = "keel_equal16")
    @Unmanaged
    private static native int nativeEqual16(long one, long other);

    @Import(name = "keel_below64")
    @Unmanaged
    private static native long nativeBelow64(long address, int limit);

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
