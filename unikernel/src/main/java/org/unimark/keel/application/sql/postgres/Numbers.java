// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.text.FloatText;

/** Decimal numbers to and from bytes, without strings wherever that is possible. */
final class Numbers {
    private static final FloatText FLOATS = new FloatText();

    /** Of a 64-bit number with its sign. */
    static final int MAXIMUM_DIGITS = 20;
    /** Of a 64-bit floating-point number: sign, 17 digits, point, exponent; or an integer of 16 digits. */
    static final int MAXIMUM_REAL_DIGITS = 32;

    /** Powers of ten that a double holds exactly. */
    private static final int EXACT_POWERS = 22;
    /** Above it not every integer is a double. */
    private static final double LARGEST_EXACT = 9007199254740992.0;

    private static final double[] POWERS = powers();

    private Numbers() {}

    private static double[] powers() {
        double[] powers = new double[EXACT_POWERS + 1];
        double power = 1;
        for (int i = 0; i < powers.length; i++) {
            powers[i] = power;
            power *= 10;
        }
        return powers;
    }

    /** Puts a number at {@code at} and returns the position behind it. */
    static int put(Bytes out, int at, long value) {
        int begin = at;
        long rest = value;
        if (value < 0) {
            out.put8(begin++, '-');
        } else {
            // Negative numbers reach one further than positive ones.
            rest = -value;
        }
        int digits = 1;
        for (long left = rest; left <= -10; left /= 10) {
            digits++;
        }
        for (int i = digits - 1; i >= 0; i--) {
            out.put8(begin + i, '0' - (int) (rest % 10));
            rest /= 10;
        }
        return begin + digits;
    }

    /** Puts the shortest text that reads back as {@code value}, as PostgreSQL writes it, and returns the position behind it. */
    static int put(Bytes out, int at, double value) {
        if (Double.isNaN(value)) {
            return out.putAscii(at, "NaN");
        }
        if (Double.isInfinite(value)) {
            return out.putAscii(at, value < 0 ? "-Infinity" : "Infinity");
        }
        int begin = at;
        double magnitude = value;
        if (value < 0 || (value == 0 && 1 / value < 0)) {
            out.put8(begin++, '-');
            magnitude = -value;
        }
        if (magnitude < 1e15 && (magnitude >= 1e-4 || magnitude == 0)) {
            int end = putScaled(out, begin, magnitude);
            if (end >= 0) {
                return end;
            }
        }
        return begin + FLOATS.formatShortest(magnitude, out, begin);
    }

    /**
     * Looks for the fewest decimals that give the number back. Integer and power of ten are exact, so their quotient is the
     * double nearest to the decimal number: what a reader of the text would get.
     */
    private static int putScaled(Bytes out, int at, double magnitude) {
        for (int decimals = 0; decimals <= EXACT_POWERS; decimals++) {
            double scaled = magnitude * POWERS[decimals];
            if (scaled >= LARGEST_EXACT) {
                return -1;
            }
            long whole = (long) (scaled + 0.5);
            if (whole / POWERS[decimals] == magnitude) {
                return putDecimals(out, at, whole, decimals);
            }
        }
        return -1;
    }

    private static int putDecimals(Bytes out, int at, long whole, int decimals) {
        long power = 1;
        for (int i = 0; i < Math.min(decimals, 18); i++) {
            power *= 10;
        }
        int end = put(out, at, decimals > 18 ? 0 : whole / power);
        if (decimals > 0) {
            long rest = decimals > 18 ? whole : whole % power;
            out.put8(end, '.');
            for (int i = decimals; i > 0; i--) {
                out.put8(end + i, '0' + (int) (rest % 10));
                rest /= 10;
            }
            end += decimals + 1;
        }
        return end;
    }

    /** Whether the bytes are an integer of 64 bits, with a sign or without; spaces around it are not part of it. */
    static boolean isLong(Bytes text, int at, int length) {
        int from = at;
        int end = at + length;
        if (from < end && (text.u8(from) == '-' || text.u8(from) == '+')) {
            from++;
        }
        if (from == end || end - from > 19) {
            return false;
        }
        for (int i = from; i < end; i++) {
            if (!Ascii.isDigit(text.u8(i))) {
                return false;
            }
        }
        long value = parseLong(text, at, length);
        return end - from < 19 || (text.u8(at) == '-' ? value < 0 : value >= 0);
    }

    /** The number that {@link #isLong} has seen. */
    static long parseLong(Bytes text, int at, int length) {
        int from = at;
        int end = at + length;
        boolean isNegative = text.u8(from) == '-';
        if (isNegative || text.u8(from) == '+') {
            from++;
        }
        long value = 0;
        for (int i = from; i < end; i++) {
            value = value * 10 - (text.u8(i) - '0');
        }
        return isNegative ? value : -value;
    }

    /** Whether the bytes are a decimal number with a point or an exponent, or NaN or an infinity. */
    static boolean isReal(Bytes text, int at, int length) {
        int i = at;
        int end = at + length;
        if (i < end && (text.u8(i) == '-' || text.u8(i) == '+')) {
            i++;
        }
        int digits = 0;
        int points = 0;
        while (i < end && (Ascii.isDigit(text.u8(i)) || (text.u8(i) == '.' && points++ == 0))) {
            digits += text.u8(i) == '.' ? 0 : 1;
            i++;
        }
        if (i < end && digits > 0 && Ascii.lower(text.u8(i)) == 'e') {
            i++;
            if (i < end && (text.u8(i) == '-' || text.u8(i) == '+')) {
                i++;
            }
            int exponentAt = i;
            while (i < end && Ascii.isDigit(text.u8(i)) && i - exponentAt < 4) {
                i++;
            }
            digits = i > exponentAt ? digits : 0;
        }
        return digits > 0 && i == end && length <= 400;
    }

    /** The number that {@link #isReal} has seen. */
    static double parseReal(Bytes text, int at, int length) {
        if (isLong(text, at, length) && length <= 15) {
            return parseLong(text, at, length);
        }
        return FLOATS.parseBound(text, at, length) ? FLOATS.value() : Double.NaN;
    }
}
