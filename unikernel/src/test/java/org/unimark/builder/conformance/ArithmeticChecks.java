// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.conformance;

/** Integers that wrap, shifts that mask, divisions that overflow or fail, conversions that saturate. */
final class ArithmeticChecks {
    private static final int[] INTS = {
        0,
        1,
        -1,
        2,
        -2,
        3,
        7,
        -7,
        10,
        31,
        32,
        33,
        63,
        64,
        65,
        127,
        128,
        255,
        256,
        32767,
        32768,
        -32768,
        -32769,
        65535,
        65536,
        0x7ffffffe,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE + 1,
        0x55555555,
        0xaaaaaaaa,
        0x12345678,
        0xdeadbeef
    };

    private static final long[] LONGS = {
        0,
        1,
        -1,
        2,
        -2,
        10,
        63,
        64,
        65,
        0x7fffffffL,
        0x80000000L,
        0xffffffffL,
        0x100000000L,
        -0x80000000L,
        Long.MAX_VALUE,
        Long.MAX_VALUE - 1,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1,
        0x5555555555555555L,
        0x123456789abcdef0L
    };

    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        1.5,
        -1.5,
        1e9,
        2147483647.0,
        2147483648.0,
        -2147483648.0,
        -2147483649.0,
        1e10,
        -1e10,
        9.223372036854775807e18,
        -9.223372036854775808e18,
        1e19,
        -1e19,
        1e300,
        -1e300,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    private ArithmeticChecks() {}

    static long ints() {
        Digest digest = new Digest();
        for (int a : INTS) {
            digest.add(-a);
            digest.add(~a);
            digest.add((byte) a);
            digest.add((short) a);
            digest.add((char) a);
            digest.add((long) a);
            digest.add((float) a);
            digest.add((double) a);
            digest.add(a + 1 > a ? 1 : 0);
            digest.add(a - 1 < a ? 1 : 0);
            digest.add(a * 2 / 2 == a ? 1 : 0);
            digest.add(Math.abs(a));
            digest.add(Integer.bitCount(a) * 100 + Integer.numberOfLeadingZeros(a));
            digest.add(Integer.numberOfTrailingZeros(a));
            digest.add(Integer.reverseBytes(a) ^ Integer.rotateLeft(a, 7));
            digest.add(Integer.toString(a));
            digest.add(Integer.toHexString(a));
            for (int b : INTS) {
                binary(digest, a, b);
            }
        }
        return digest.value();
    }

    private static void binary(Digest digest, int a, int b) {
        digest.add(a + b);
        digest.add(a - b);
        digest.add(a * b);
        digest.add(a << b);
        digest.add(a >> b);
        digest.add(a >>> b);
        digest.add(a & b);
        digest.add(a | b);
        digest.add(a ^ b);
        digest.add(a < b ? 1 : a == b ? 2 : 3);
        digest.add(Integer.compareUnsigned(a, b));
        digest.add(a - b < 0 ? 1 : 0);
        digest.add((long) a * b);
        digest.add(quotient(a, b));
        digest.add(remainder(a, b));
    }

    private static long quotient(int a, int b) {
        try {
            return a / b;
        } catch (ArithmeticException zero) {
            return 4711;
        }
    }

    private static long remainder(int a, int b) {
        try {
            return a % b;
        } catch (ArithmeticException zero) {
            return 4712;
        }
    }

    static long longs() {
        Digest digest = new Digest();
        for (long a : LONGS) {
            digest.add(-a);
            digest.add((int) a);
            digest.add((double) a);
            digest.add((float) a);
            digest.add(a + 1 > a ? 1 : 0);
            digest.add(Long.bitCount(a) * 100 + Long.numberOfLeadingZeros(a));
            digest.add(Long.numberOfTrailingZeros(a));
            digest.add(Long.reverseBytes(a) ^ Long.rotateRight(a, 9));
            digest.add(Long.toString(a));
            for (long b : LONGS) {
                binary(digest, a, b);
            }
        }
        return digest.value();
    }

    private static void binary(Digest digest, long a, long b) {
        digest.add(a + b);
        digest.add(a - b);
        digest.add(a * b);
        digest.add(a << b);
        digest.add(a >> (int) b);
        digest.add(a >>> b);
        digest.add(a & b | a ^ b);
        digest.add(a < b ? 1 : a == b ? 2 : 3);
        digest.add(Long.compare(a, b));
        digest.add(Long.compareUnsigned(a, b));
        try {
            digest.add(a / b);
            digest.add(a % b);
        } catch (ArithmeticException zero) {
            digest.add(4713);
        }
    }

    static long doubles() {
        Digest digest = new Digest();
        for (double a : DOUBLES) {
            digest.add((int) a);
            digest.add((long) a);
            digest.add((int) (float) a);
            digest.add((long) (float) a);
            digest.add((byte) a);
            digest.add((char) a);
            digest.add(Math.floor(a));
            digest.add(Math.sqrt(a));
            for (double b : DOUBLES) {
                digest.add(a + b);
                digest.add(a * b);
                digest.add(a / b);
                digest.add(a < b ? 1 : a > b ? 2 : a == b ? 3 : 4);
                digest.add(a <= b ? 1 : 0);
                digest.add(Double.compare(a, b));
                digest.add(Math.min(a, b));
            }
        }
        return digest.value();
    }

    /** A sequence that depends on every bit of wrapping multiplication and of shifts. */
    static long generator() {
        long state = 88172645463325252L;
        int mixed = 1;
        Digest digest = new Digest();
        for (int i = 0; i < 100_000; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            mixed = mixed * 31 + (int) (state >>> 33);
            mixed += mixed << (i & 31);
            digest.add(state + mixed);
        }
        return digest.value();
    }
}
