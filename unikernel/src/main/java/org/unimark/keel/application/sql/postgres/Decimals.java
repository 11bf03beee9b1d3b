// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * Type numeric in binary (numeric_send): count of digits to the base 10,000, weight of the first, sign, decimals shown, the
 * digits; 16 bits each.
 */
@Rare
final class Decimals {
    static final int MAXIMUM_TEXT = 1000;
    static final int MAXIMUM_BINARY = 8 + 2 * (2 * MAXIMUM_TEXT / 4 + 2);

    private static final int COUNT = 0;
    private static final int WEIGHT = 2;
    private static final int SIGN = 4;
    private static final int SCALE = 6;
    private static final int DIGITS = 8;
    private static final int NEGATIVE = 0x4000;
    private static final int NOT_A_NUMBER = 0xc000;
    private static final int BASE = 10_000;
    /** With its letter and sign. */
    private static final int LONGEST_EXPONENT = 6;

    private Decimals() {}

    /** Puts the decimal number in {@code text}, which may have an exponent; returns the position behind it, or -1 if it is none. */
    static int put(Bytes out, int at, Bytes text, int from, int length) {
        if (length == 0 || length > MAXIMUM_TEXT) {
            return -1;
        }
        boolean isNegative = text.u8(from) == '-';
        int begin = isNegative || text.u8(from) == '+' ? from + 1 : from;
        int end = from + length;
        int point = behindDigits(text, begin, end);
        boolean hasPoint = point < end && text.u8(point) == '.';
        int mantissaEnd = hasPoint ? behindDigits(text, point + 1, end) : point;
        int digits = mantissaEnd - begin - (hasPoint ? 1 : 0);
        int whole = point - begin + exponent(text, mantissaEnd, end);
        int scale = Math.max(digits - whole, 0);
        if (digits == 0 || Math.abs(whole) > MAXIMUM_TEXT || scale > MAXIMUM_TEXT) {
            return -1;
        }
        int wholeGroups = Math.max(whole + 3, 0) / 4;
        int groups = wholeGroups + (scale + 3) / 4;
        int position = whole - 4 * wholeGroups;
        int weight = wholeGroups - 1;
        int count = 0;
        for (int group = 0; group < groups; group++, position += 4) {
            int value = group(text, begin, point, digits, position);
            if (value == 0 && count == 0) {
                continue;
            }
            if (count == 0) {
                out.put16(at + WEIGHT, weight - group);
            }
            out.put16(at + DIGITS + 2 * count++, value);
        }
        while (count > 0 && out.u16(at + DIGITS + 2 * (count - 1)) == 0) {
            count--;
        }
        if (count == 0) {
            out.put16(at + WEIGHT, 0);
        }
        out.put16(at + COUNT, count);
        out.put16(at + SIGN, isNegative && count > 0 ? NEGATIVE : 0);
        out.put16(at + SCALE, scale);
        return at + DIGITS + 2 * count;
    }

    private static int behindDigits(Bytes text, int from, int end) {
        int at = from;
        while (at < end && Ascii.isDigit(text.u8(at))) {
            at++;
        }
        return at;
    }

    /** Of what follows the digits: 0 for nothing, and beyond all limits for what is no exponent. */
    private static int exponent(Bytes text, int from, int end) {
        if (from == end) {
            return 0;
        }
        boolean isExponent = Ascii.lower(text.u8(from)) == 'e';
        return isExponent && end - from <= LONGEST_EXPONENT && Numbers.isLong(text, from + 1, end - from - 1)
                ? (int) Numbers.parseLong(text, from + 1, end - from - 1)
                : 4 * MAXIMUM_TEXT;
    }

    /** Four digits from the one with number {@code position} on; what is outside of the number is zero. */
    private static int group(Bytes text, int begin, int point, int digits, int position) {
        int value = 0;
        for (int i = position; i < position + 4; i++) {
            int at = begin + i;
            int digit = i < 0 || i >= digits ? 0 : text.u8(at < point ? at : at + 1) - '0';
            value = value * 10 + digit;
        }
        return value;
    }

    /** Puts the text of a binary number and returns the position behind it, or -1 if it is none that SQLite could keep. */
    static int putText(Bytes out, int at, Bytes binary, int from, int length) {
        if (length < DIGITS
                || length != DIGITS + 2 * binary.u16(from + COUNT)
                || binary.u16(from + SIGN) >= NOT_A_NUMBER) {
            return -1;
        }
        int count = binary.u16(from + COUNT);
        int weight = (short) binary.u16(from + WEIGHT);
        int scale = binary.u16(from + SCALE);
        if (4 * (Math.abs(weight) + count + 2) > MAXIMUM_TEXT || scale > MAXIMUM_TEXT / 2) {
            return -1;
        }
        int end = at;
        if (binary.u16(from + SIGN) == NEGATIVE) {
            out.put8(end++, '-');
        }
        if (weight < 0) {
            out.put8(end++, '0');
        }
        for (int group = 0; group <= weight; group++) {
            int value = group < count ? binary.u16(from + DIGITS + 2 * group) : 0;
            end = group == 0 ? Numbers.put(out, end, value) : four(out, end, value % BASE);
        }
        if (scale == 0) {
            return end;
        }
        out.put8(end++, '.');
        int decimalsEnd = end + scale;
        for (int group = weight + 1; end < decimalsEnd; group++) {
            int value = group >= 0 && group < count ? binary.u16(from + DIGITS + 2 * group) : 0;
            end = four(out, end, value % BASE);
        }
        return decimalsEnd;
    }

    private static int four(Bytes out, int at, int value) {
        out.put8(at, '0' + value / 1000);
        out.put8(at + 1, '0' + value / 100 % 10);
        out.put8(at + 2, '0' + value / 10 % 10);
        out.put8(at + 3, '0' + value % 10);
        return at + 4;
    }
}
