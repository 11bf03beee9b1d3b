// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.text;

import org.unimark.keel.buffer.Bytes;

/**
 * Floating-point numbers as texts, exact to the last bit in both directions: doubles, and the 64-bit mantissas in which
 * Redis adds to floating-point strings. A number is kept as sign, mantissa and binary exponent.
 */
public final class FloatText {
    /** Longest text that the formats write: that of the largest double without an exponent, or with 17 decimals. */
    public static final int LONGEST = 352;

    private static final int DOUBLE_BITS = 53;
    private static final int EXTENDED_BITS = 64;
    private static final int LOWEST_DOUBLE = -1074;
    private static final int LOWEST_EXTENDED = -16445;
    /** Powers of ten beyond this are not read: they are no doubles. */
    private static final int EXPONENT_LIMIT = 400;

    /** Decimal digits that every double keeps. */
    private static final int EXACT_DIGITS = 15;

    private static final double SMALLEST_NORMAL = 0x1.0p-1022;

    private static final int SIGNIFICANT = 17;
    private static final int DECIMALS = 17;
    private static final int KEPT_DIGITS = 780;
    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private final BigDigits number = new BigDigits();
    private final BigDigits divisor = new BigDigits();
    private final byte[] digits = new byte[1400];

    private boolean isNegative;
    private boolean isInfinite;
    /** A number, but too large or too small. */
    private boolean isOutOfRange;

    private long mantissa;
    private int exponent;

    // The sum of an addition.
    private boolean sumIsNegative;
    private long sumMantissa;
    private int sumExponent;

    private int digitCount;
    private int decimalExponent;
    private long leading;

    /** Reads a double as Redis does; false if the text is none, or too large, or too small. */
    public boolean parseDouble(Bytes data, int at, int length) {
        return parse(data, at, length, DOUBLE_BITS);
    }

    /** The same with a longer mantissa. */
    public boolean parseExtended(Bytes data, int at, int length) {
        return length < 5 * 1024 && parse(data, at, length, EXTENDED_BITS);
    }

    /** Reads a bound of a range, about which Redis is less strict: nothing is 0, and too large is infinite. */
    public boolean parseBound(Bytes data, int at, int length) {
        int from = at;
        while (from < at + length && data.u8(from) == ' ') {
            from++;
        }
        if (length == 0) {
            mantissa = 0;
            isInfinite = false;
            isNegative = false;
            return true;
        }
        isOutOfRange = false;
        if (parse(data, from, at + length - from, DOUBLE_BITS)) {
            return true;
        }
        if (isOutOfRange) {
            isInfinite = digitCount + decimalExponent > 0;
            mantissa = 0;
        }
        return isOutOfRange;
    }

    /** What {@link #parseDouble} read. */
    public double value() {
        double magnitude;
        if (isInfinite) {
            magnitude = Double.POSITIVE_INFINITY;
        } else if (mantissa == 0) {
            magnitude = 0;
        } else {
            int shift = Long.numberOfLeadingZeros(mantissa) - (64 - DOUBLE_BITS);
            int normal = exponent - shift;
            magnitude = toDouble(shift < 0 ? mantissa >>> -shift : mantissa << shift, normal);
        }
        return isNegative ? -magnitude : magnitude;
    }

    /** A mantissa of 53 bits; what is less than normal has lost its last bits already. */
    private double toDouble(long normalMantissa, int normal) {
        if (normal + 1075 > 2046) {
            return Double.POSITIVE_INFINITY;
        }
        return Double.longBitsToDouble(
                normal < LOWEST_DOUBLE
                        ? mantissa << exponent - LOWEST_DOUBLE
                        : (long) (normal + 1075) << 52 | normalMantissa & (1L << 52) - 1);
    }

    private boolean parse(Bytes data, int from, int length, int precision) {
        int at = from;
        int end = from + length;
        isNegative = false;
        isInfinite = false;
        if (at < end && (data.u8(at) == '-' || data.u8(at) == '+')) {
            isNegative = data.u8(at++) == '-';
        }
        if (isWord(data, at, end, "inf") || isWord(data, at, end, "infinity")) {
            isInfinite = true;
            return true;
        }
        if (end - at > 2 && data.u8(at) == '0' && (data.u8(at + 1) | 0x20) == 'x') {
            return parseHexadecimal(data, at + 2, end);
        }
        return readDecimal(data, at, end) && convert(precision);
    }

    private static boolean isWord(Bytes data, int at, int end, String word) {
        if (end - at != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((data.u8(at + i) | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whole hexadecimal numbers of up to 13 digits; others are refused (docs/supported.md). */
    private boolean parseHexadecimal(Bytes data, int at, int end) {
        mantissa = 0;
        exponent = 0;
        for (int i = at; i < end; i++) {
            int character = data.u8(i) | 0x20;
            int digit = character >= 'a' ? character - 'a' + 10 : character - '0';
            if (digit < 0 || digit > 15 || (character > '9' && character < 'a') || end - at > 13) {
                return false;
            }
            mantissa = mantissa << 4 | digit;
        }
        return true;
    }

    private boolean readDecimal(Bytes data, int from, int end) {
        digitCount = 0;
        decimalExponent = 0;
        leading = 0;
        boolean hasDigits = false;
        boolean hasPoint = false;
        int at = from;
        for (; at < end; at++) {
            int character = data.u8(at);
            if (character == '.' && !hasPoint) {
                hasPoint = true;
                continue;
            }
            if (character < '0' || character > '9') {
                break;
            }
            hasDigits = true;
            takeDigit(character - '0', hasPoint);
        }
        return hasDigits && (at == end || readExponent(data, at, end));
    }

    private void takeDigit(int digit, boolean isDecimal) {
        if (digitCount == 0 && digit == 0) {
            decimalExponent -= isDecimal ? 1 : 0;
        } else if (digitCount < KEPT_DIGITS) {
            digits[digitCount++] = (byte) digit;
            leading = digitCount <= 18 ? leading * 10 + digit : leading;
            decimalExponent -= isDecimal ? 1 : 0;
        } else {
            decimalExponent += isDecimal ? 0 : 1;
            // Enough to know on which side of a half the number lies.
            digits[KEPT_DIGITS - 1] |= digit == 0 ? 0 : 1;
        }
    }

    private boolean readExponent(Bytes data, int from, int end) {
        int at = from + 1;
        if ((data.u8(from) | 0x20) != 'e' || at == end) {
            return false;
        }
        boolean negative = data.u8(at) == '-';
        if (negative || data.u8(at) == '+') {
            at++;
        }
        int value = 0;
        if (at == end) {
            return false;
        }
        for (; at < end; at++) {
            int digit = data.u8(at) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = Math.min(value * 10 + digit, 1 << 20);
        }
        decimalExponent += negative ? -value : value;
        return true;
    }

    private boolean convert(int precision) {
        mantissa = 0;
        exponent = 0;
        if (digitCount == 0) {
            return true;
        }
        if (precision == DOUBLE_BITS && digitCount <= 15 && Math.abs(decimalExponent) < EXACT_POWERS.length) {
            // Both are exact, so that the one operation rounds correctly.
            double exact = decimalExponent < 0
                    ? leading / EXACT_POWERS[-decimalExponent]
                    : leading * EXACT_POWERS[decimalExponent];
            split(exact);
            return true;
        }
        int magnitude = digitCount + decimalExponent;
        isOutOfRange = magnitude > EXPONENT_LIMIT || magnitude < -EXPONENT_LIMIT;
        if (isOutOfRange) {
            return false;
        }
        number.set(0);
        for (int i = 0; i < digitCount; i++) {
            number.multiplyAndAdd(10, digits[i]);
        }
        divisor.set(1);
        number.multiplyByPowerOfTen(Math.max(0, decimalExponent));
        divisor.multiplyByPowerOfTen(Math.max(0, -decimalExponent));
        divide(precision);
        isOutOfRange = mantissa == 0 || (precision == DOUBLE_BITS && Double.isInfinite(value()));
        return !isOutOfRange;
    }

    /** Mantissa and exponent of {@link #number} / {@link #divisor}, rounded to even. */
    private void divide(int precision) {
        int shift = number.bits() - divisor.bits() - precision;
        number.shiftLeft(Math.max(0, -shift));
        divisor.shiftLeft(Math.max(0, shift) + precision);
        while (number.compareTo(divisor) >= 0) {
            divisor.shiftLeft(1);
            shift++;
        }
        for (number.shiftLeft(1); number.compareTo(divisor) < 0; shift--) {
            number.shiftLeft(1);
        }
        // number is now 2 to 1 times the divisor: the first bit of the quotient is there.
        int lowest = precision == DOUBLE_BITS ? LOWEST_DOUBLE : LOWEST_EXTENDED;
        int bits = precision - Math.max(0, lowest - shift);
        if (bits < 0) {
            return;
        }
        exponent = shift + precision - bits;
        for (int i = 0; i < bits; i++) {
            boolean one = number.compareTo(divisor) >= 0;
            if (one) {
                number.subtract(divisor);
            }
            mantissa = mantissa << 1 | (one ? 1 : 0);
            number.shiftLeft(1);
        }
        int half = number.compareTo(divisor);
        if (half > 0 || (half == 0 && (mantissa & 1) != 0)) {
            increment();
        }
    }

    private void increment() {
        mantissa++;
        if (mantissa == 0) {
            mantissa = Long.MIN_VALUE;
            exponent++;
        }
    }

    private void split(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int biased = (int) (bits >>> 52) & 0x7ff;
        long fraction = bits & (1L << 52) - 1;
        mantissa = biased == 0 ? fraction : fraction | 1L << 52;
        exponent = Math.max(biased, 1) - 1075;
    }

    public boolean isInfinite() {
        return isInfinite;
    }

    /** Keeps what was read, for {@link #add}. */
    public void keep() {
        sumIsNegative = isNegative;
        sumMantissa = mantissa;
        sumExponent = exponent;
    }

    /** Adds what was read since {@link #keep} to what was kept, rounded to 64 bits. */
    public void add() {
        normalize();
        if (sumMantissa == 0 || mantissa == 0) {
            if (mantissa == 0) {
                mantissa = sumMantissa;
                exponent = sumExponent;
                isNegative = sumIsNegative;
            }
            return;
        }
        boolean keptIsLarger =
                sumExponent > exponent || (sumExponent == exponent && Long.compareUnsigned(sumMantissa, mantissa) > 0);
        if (keptIsLarger) {
            long otherMantissa = mantissa;
            int otherExponent = exponent;
            boolean otherSign = isNegative;
            mantissa = sumMantissa;
            exponent = sumExponent;
            isNegative = sumIsNegative;
            sumMantissa = otherMantissa;
            sumExponent = otherExponent;
            sumIsNegative = otherSign;
        }
        addSmaller();
    }

    private void normalize() {
        if (mantissa != 0) {
            int shift = Long.numberOfLeadingZeros(mantissa);
            mantissa <<= shift;
            exponent -= shift;
        }
        if (sumMantissa != 0) {
            int shift = Long.numberOfLeadingZeros(sumMantissa);
            sumMantissa <<= shift;
            sumExponent -= shift;
        }
    }

    /** The sum of two normal numbers, the kept one not larger, in 128 bits. */
    private void addSmaller() {
        int distance = exponent - sumExponent;
        long high = distance == 0 ? sumMantissa : distance < 64 ? sumMantissa >>> distance : 0;
        long low;
        if (distance == 0) {
            low = 0;
        } else if (distance < 64) {
            low = sumMantissa << 64 - distance;
        } else {
            // What is far below decides about halves only.
            low = distance < 127 ? sumMantissa >>> distance - 64 | 1 : 1;
            low = distance == 64 ? sumMantissa : low;
        }
        if (isNegative == sumIsNegative) {
            long sum = mantissa + high;
            boolean carry = Long.compareUnsigned(sum, mantissa) < 0;
            if (carry) {
                low = low >>> 1 | sum << 63 | low & 1;
                sum = sum >>> 1 | Long.MIN_VALUE;
                exponent++;
            }
            mantissa = sum;
        } else {
            mantissa -= high + (low == 0 ? 0 : 1);
            low = -low;
            int shift = mantissa != 0 ? Long.numberOfLeadingZeros(mantissa) : 64 + Long.numberOfLeadingZeros(low);
            if (shift >= 128) {
                mantissa = 0;
                isNegative = false;
                return;
            }
            if (shift > 0) {
                mantissa = shift < 64 ? mantissa << shift | low >>> 64 - shift : low << shift - 64;
                low = shift < 64 ? low << shift : 0;
                exponent -= shift;
            }
        }
        if (low < 0 && (low != Long.MIN_VALUE || (mantissa & 1) != 0)) {
            increment();
        }
    }

    /** Writes a double with up to 17 significant digits, as {@code %.17g} does, and returns the length. */
    public int format(double value, Bytes target, int at) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return target.putAscii(at, Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf") - at;
        }
        long whole = value > -1e17 && value < 1e17 ? (long) value : 0;
        if (whole != 0 && whole == value) {
            return Numbers.format(whole, target, at);
        }
        return format(value, SIGNIFICANT, SIGNIFICANT, target, at);
    }

    /**
     * Writes a finite double with the fewest digits that read back as it, and an exponent where PostgreSQL has one; returns
     * the length.
     */
    public int formatShortest(double value, Bytes target, int at) {
        // With fewer digits than these, only the smallest doubles may read back from digits that are not just cut
        // zeros.
        int digitsWanted = Math.abs(value) < SMALLEST_NORMAL ? 1 : EXACT_DIGITS;
        int length = format(value, digitsWanted, EXACT_DIGITS, target, at);
        while (digitsWanted < SIGNIFICANT && !(parseDouble(target, at, length) && value() == value)) {
            digitsWanted++;
            length = format(value, digitsWanted, EXACT_DIGITS, target, at);
        }
        return length;
    }

    /** Of a finite double; from {@code 10^exponentFrom} on with an exponent. */
    private int format(double value, int significant, int exponentFrom, Bytes target, int at) {
        int end = at;
        if (Double.doubleToRawLongBits(value) < 0) {
            target.put8(end++, '-');
        }
        if (value == 0) {
            target.put8(end++, '0');
            return end - at;
        }
        split(value);
        int decimals = exactDigits();
        int point = digitCount - decimals;
        if (roundTo(significant)) {
            point++;
        }
        int scientific = point - 1;
        if (scientific < -4 || scientific >= exponentFrom) {
            end = putDigits(target, end, 1);
            return putExponent(target, end, scientific) - at;
        }
        return putDigits(target, end, point) - at;
    }

    /** Writes what was read or added with up to 17 decimals and returns the length. */
    public int formatDecimals(Bytes target, int at) {
        int decimals = exactDigits();
        int point = digitCount - decimals;
        if (point + DECIMALS < 0) {
            digitCount = 0;
        } else if (roundTo(point + DECIMALS)) {
            point++;
        }
        if (digitCount == 0) {
            target.put8(at, '0');
            return 1;
        }
        int end = at;
        if (isNegative) {
            target.put8(end++, '-');
        }
        return putDigits(target, end, point) - at;
    }

    /** All digits of the number; returns how many are decimals. */
    private int exactDigits() {
        number.setUnsigned(mantissa);
        if (exponent >= 0) {
            number.shiftLeft(exponent);
        } else {
            int zeros = mantissa == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(mantissa), -exponent);
            number.setUnsigned(mantissa >>> zeros);
            exponent += zeros;
            number.multiplyByPowerOfFive(-exponent);
        }
        digitCount = number.digits(digits);
        return Math.max(0, -exponent);
    }

    /** Rounds to so many digits, half to even, and cuts zeros; true if that made the number a digit longer. */
    private boolean roundTo(int wanted) {
        boolean isLonger = false;
        if (digitCount > wanted) {
            boolean up =
                    digits[wanted] > 5 || (digits[wanted] == 5 && (restIsNotZero(wanted + 1) || isOdd(wanted - 1)));
            digitCount = wanted;
            int at = wanted - 1;
            while (up && at >= 0 && digits[at] == 9) {
                at--;
            }
            if (up) {
                isLonger = at < 0;
                if (isLonger) {
                    digits[0] = 1;
                    digitCount = 1;
                } else {
                    digits[at]++;
                    digitCount = at + 1;
                }
            }
        }
        while (digitCount > 0 && digits[digitCount - 1] == 0) {
            digitCount--;
        }
        return isLonger;
    }

    private boolean isOdd(int at) {
        return at >= 0 && (digits[at] & 1) != 0;
    }

    private boolean restIsNotZero(int from) {
        for (int i = from; i < digitCount; i++) {
            if (digits[i] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Digits with the point behind {@code point} of them, which may be none or more than there are. */
    private int putDigits(Bytes target, int at, int point) {
        int end = at;
        if (point <= 0) {
            target.put8(end++, '0');
        }
        for (int i = 0; i < Math.max(point, 0); i++) {
            target.put8(end++, '0' + (i < digitCount ? digits[i] : 0));
        }
        if (digitCount > point) {
            target.put8(end++, '.');
            for (int i = Math.min(point, 0); i < 0; i++) {
                target.put8(end++, '0');
            }
            for (int i = Math.max(point, 0); i < digitCount; i++) {
                target.put8(end++, '0' + digits[i]);
            }
        }
        return end;
    }

    private static int putExponent(Bytes target, int at, int value) {
        target.put8(at, 'e');
        target.put8(at + 1, value < 0 ? '-' : '+');
        int magnitude = Math.abs(value);
        int end = at + 2;
        if (magnitude < 10) {
            target.put8(end++, '0');
        }
        return end + Numbers.format(magnitude, target, end);
    }
}
