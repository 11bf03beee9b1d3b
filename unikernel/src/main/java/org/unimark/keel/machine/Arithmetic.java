// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/**
 * Where Java's arithmetic is not the processor's: division by zero throws instead of trapping, the smallest number divided
 * by -1 wraps instead of trapping, conversions from floating point saturate, and arrays of negative size are refused. The builder puts calls of these methods
 * in place of the operations, unless a constant operand makes them harmless. On a JVM they do what the operators do.
 */
@Include(value = "keel.h", isSystem = false)
public final class Arithmetic {
    /** Larger arrays would overflow the allocator's 32-bit sizes; no heap of an image holds one. */
    private static final int ARRAY_LIMIT = 1 << 27;

    private static final double INT_END = 2147483648.0;
    private static final double LONG_END = 9223372036854775808.0;

    private Arithmetic() {}

    /** The number of the lowest bit that is set; one is. {@code Long.numberOfTrailingZeros} in one instruction. */
    public static int lowestBit(long bits) {
        return Target.isCompiled() ? nativeLowestBit(bits) : Long.numberOfTrailingZeros(bits);
    }

    @Import(name = "keel_lowest_bit")
    @Unmanaged
    private static native int nativeLowestBit(long bits);

    public static int divide(int dividend, int divisor) {
        if (divisor == 0) {
            zero();
        }
        return divisor == -1 ? -dividend : dividend / divisor;
    }

    public static int remainder(int dividend, int divisor) {
        if (divisor == 0) {
            zero();
        }
        return divisor == -1 ? 0 : dividend % divisor;
    }

    public static long divide(long dividend, long divisor) {
        if (divisor == 0) {
            zero();
        }
        return divisor == -1 ? -dividend : dividend / divisor;
    }

    public static long remainder(long dividend, long divisor) {
        if (divisor == 0) {
            zero();
        }
        return divisor == -1 ? 0 : dividend % divisor;
    }

    private static void zero() {
        throw new ArithmeticException("/ by zero");
    }

    /** Returns the size of a new array if there can be such an array. */
    public static int arraySize(int size) {
        if (size < 0 || size >= ARRAY_LIMIT) {
            impossible(size);
        }
        return size;
    }

    private static void impossible(int size) {
        if (size < 0) {
            throw new NegativeArraySizeException("negative array size");
        }
        throw new OutOfMemoryError("array too large");
    }

    public static int toInt(double value) {
        if (value >= INT_END) {
            return Integer.MAX_VALUE;
        }
        if (value > -INT_END - 1) {
            return (int) value;
        }
        return Double.isNaN(value) ? 0 : Integer.MIN_VALUE;
    }

    public static long toLong(double value) {
        if (value >= LONG_END) {
            return Long.MAX_VALUE;
        }
        if (value >= -LONG_END) {
            return (long) value;
        }
        return Double.isNaN(value) ? 0 : Long.MIN_VALUE;
    }

    public static int toInt(float value) {
        return toInt((double) value);
    }

    public static long toLong(float value) {
        return toLong((double) value);
    }
}
