// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** Comparison of 32-bit numbers that wrap (RFC 9293, 3.4): meaningful while they are less than 2^31 apart. */
final class SequenceNumber {
    private SequenceNumber() {}

    static boolean isBefore(int first, int second) {
        return first - second < 0;
    }

    static boolean isAtOrBefore(int first, int second) {
        return first - second <= 0;
    }

    static int later(int first, int second) {
        return first - second < 0 ? second : first;
    }

    static int earlier(int first, int second) {
        return first - second < 0 ? first : second;
    }

    /** Whether {@code number} is one of the {@code length} numbers from {@code left} on; length is not negative. */
    static boolean isWithin(int number, int left, int length) {
        // As unsigned numbers; Integer.compareUnsigned is not known to leave the garbage collector alone.
        return number - left + Integer.MIN_VALUE < length + Integer.MIN_VALUE;
    }
}
