// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** Decimal numbers without strings. */
final class Decimal {
    private Decimal() {}

    /** How many digits a non-negative number has. */
    static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes a non-negative number of {@code digits} digits to {@code at}. */
    static void put(Bytes out, int at, long value, int digits) {
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            out.put8(at + i, '0' + (int) (rest % 10));
            rest /= 10;
        }
    }

    /** Writes a non-negative number and returns the position behind it. */
    static int put(Bytes out, int at, long value) {
        int digits = digits(value);
        put(out, at, value, digits);
        return at + digits;
    }
}
