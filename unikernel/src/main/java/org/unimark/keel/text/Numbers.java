// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.text;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Whole numbers of 64 bits as texts. A parser returns whether the text is one, and keeps it. */
public final class Numbers {
    public static final int LONGEST = 20;

    /** Digits that never make more than 64 bits hold. */
    private static final int LONGEST_UNSIGNED = 18;

    private static final String SMALLEST = "-9223372036854775808";

    private long value;

    /** What was parsed last. */
    public long value() {
        return value;
    }

    /** The number that 1 to 18 digits and nothing else are, or -1. */
    @Rare
    public static long unsigned(String text) {
        if (text.isEmpty() || text.length() > LONGEST_UNSIGNED) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /**
     * Reads a number that is written the one way in which {@link #format} writes it: no plus sign, no leading zeros. Only
     * such a string can be kept as a number.
     */
    public boolean parseCanonical(Bytes data, int at, int length) {
        // Most strings do not begin like a number: a glance is enough.
        return length > 0 && length <= LONGEST && data.u8(at) <= '9' && readCanonical(data, at, length);
    }

    private boolean readCanonical(Bytes data, int at, int length) {
        int position = at;
        int first = data.u8(at);
        boolean negative = first == '-';
        if (negative) {
            if (length == 1) {
                return false;
            }
            first = data.u8(++position);
        }
        int end = at + length;
        if (first < '1' || first > '9') {
            value = 0;
            return first == '0' && length == 1;
        }
        long number = first - '0';
        for (position++; position < end; position++) {
            int digit = data.u8(position) - '0';
            // 922337203685477580 is the largest number that may take another digit.
            if (digit < 0 || digit > 9 || number > 922337203685477580L) {
                return false;
            }
            number = number * 10 + digit;
            if (number < 0 && !(negative && number == Long.MIN_VALUE)) {
                return false;
            }
        }
        value = negative ? -number : number;
        return true;
    }

    /** Number of characters that {@link #format} writes. */
    public static int digits(long number) {
        int count = number < 0 ? 2 : 1;
        long rest = number / 10;
        while (rest != 0) {
            count++;
            rest /= 10;
        }
        return count;
    }

    /** Writes a number at {@code at} and returns how many characters that took; there must be room for the longest. */
    public static int format(long number, Bytes target, int at) {
        if (number >= 0 && number < 10) {
            target.put8(at, '0' + (int) number);
            return 1;
        }
        if (number == Long.MIN_VALUE) {
            return target.putAscii(at, SMALLEST) - at;
        }
        int length = digits(number);
        long rest = number < 0 ? -number : number;
        int position = at + length;
        while (rest >= 10) {
            long next = rest / 10;
            target.put8(--position, '0' + (int) (rest - next * 10));
            rest = next;
        }
        target.put8(--position, '0' + (int) rest);
        if (number < 0) {
            target.put8(at, '-');
        }
        return length;
    }
}
