// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.text;

/** A natural number of up to some thousand digits, nine in a word, lowest word first: for exact conversions. */
final class BigDigits {
    private static final int BASE = 1_000_000_000;
    private static final int WORDS = 400;
    private static final int WORD_DIGITS = 9;
    private static final int FIVE_TO_THE_12TH = 244_140_625;
    private static final long LOW = 0xffffffffL;

    private final int[] words = new int[WORDS];
    private int length;

    void set(int value) {
        words[0] = value;
        length = value == 0 ? 0 : 1;
    }

    void setUnsigned(long value) {
        set(0);
        multiplyAndAdd(1, (int) (value >>> 42));
        multiplyAndAdd(1 << 21, (int) (value >>> 21) & 0x1fffff);
        multiplyAndAdd(1 << 21, (int) value & 0x1fffff);
    }

    /** Factors up to a thousand million, summands less than that. */
    void multiplyAndAdd(int factor, int summand) {
        long carry = summand;
        for (int i = 0; i < length; i++) {
            carry += (words[i] & LOW) * factor;
            long high = carry / BASE;
            words[i] = (int) (carry - high * BASE);
            carry = high;
        }
        if (carry != 0) {
            words[length++] = (int) carry;
        }
    }

    void shiftLeft(int bits) {
        for (int left = bits; left > 0; left -= 29) {
            multiplyAndAdd(1 << Math.min(left, 29), 0);
        }
    }

    void multiplyByPowerOfFive(int exponent) {
        int left = exponent;
        for (; left >= 12; left -= 12) {
            multiplyAndAdd(FIVE_TO_THE_12TH, 0);
        }
        for (; left > 0; left--) {
            multiplyAndAdd(5, 0);
        }
    }

    void multiplyByPowerOfTen(int exponent) {
        int left = exponent;
        for (; left >= 9; left -= 9) {
            multiplyAndAdd(BASE, 0);
        }
        for (; left > 0; left--) {
            multiplyAndAdd(10, 0);
        }
    }

    /** About the logarithm to base two, within one. */
    int bits() {
        return length == 0 ? 0 : (length - 1) * 29897 / 1000 + 32 - Integer.numberOfLeadingZeros(words[length - 1]);
    }

    int compareTo(BigDigits other) {
        if (length != other.length) {
            return length < other.length ? -1 : 1;
        }
        for (int i = length - 1; i >= 0; i--) {
            if (words[i] != other.words[i]) {
                return words[i] < other.words[i] ? -1 : 1;
            }
        }
        return 0;
    }

    /** Subtracts a number that is not larger. */
    void subtract(BigDigits other) {
        int borrow = 0;
        for (int i = 0; i < length; i++) {
            int difference = words[i] - borrow - (i < other.length ? other.words[i] : 0);
            borrow = difference < 0 ? 1 : 0;
            words[i] = difference + borrow * BASE;
        }
        while (length > 0 && words[length - 1] == 0) {
            length--;
        }
    }

    /** Writes the digits, none for zero, and returns how many. */
    int digits(byte[] target) {
        int count = 0;
        for (int i = length - 1; i >= 0; i--) {
            int divisor = BASE / 10;
            for (int j = 0; j < WORD_DIGITS; j++) {
                int digit = words[i] / divisor % 10;
                divisor = Math.max(1, divisor / 10);
                if (count > 0 || digit != 0) {
                    target[count++] = (byte) digit;
                }
            }
        }
        return count;
    }
}
