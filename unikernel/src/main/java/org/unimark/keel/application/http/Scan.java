// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** Classes of bytes as bit sets, and searches that look at eight bytes at a time. */
final class Scan {
    private static final long EVERY_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LOW_SEVEN = 0x7f * EVERY_BYTE;
    /** Turns letters into small letters, and no other token character into a letter. */
    private static final long CASE = 0x20 * EVERY_BYTE;

    private static final long HYPHENS = '-' * EVERY_BYTE;

    /** Added to a byte below 0x80, these set its high bit from 'a' on, and from '{' on. */
    private static final long FROM_A = (0x80 - 'a') * EVERY_BYTE;

    private static final long ABOVE_Z = (0x7f - 'z') * EVERY_BYTE;

    private static final long FROM_HYPHEN = (0x80 - '-') * EVERY_BYTE;
    private static final long ABOVE_COLON = (0x7f - ':') * EVERY_BYTE;
    private static final long SLASHES = '/' * EVERY_BYTE;

    /** Token characters (RFC 9110 section 5.6.2) below 64: {@code ! # $ % & ' * + - .} and digits. */
    private static final long TOKEN_LOW = 0x03ff_6cfa_0000_0000L;

    /** Token characters from 64 on: letters and {@code ^ _ ` | ~}. */
    private static final long TOKEN_HIGH = 0x57ff_ffff_c7ff_fffeL;

    /** Characters of a Host value below 64: unreserved, sub-delims, percent sign and colon (RFC 3986 section 3.2.2). */
    private static final long HOST_LOW = 0x2fff_7ff2_0000_0000L;

    /** From 64 on: letters, {@code [ ] _ ~}. */
    private static final long HOST_HIGH = 0x47ff_fffe_afff_fffeL;

    private Scan() {}

    static boolean isToken(int value) {
        return isIn(value, TOKEN_LOW, TOKEN_HIGH);
    }

    static boolean isHost(int value) {
        return isIn(value, HOST_LOW, HOST_HIGH);
    }

    private static boolean isIn(int value, long low, long high) {
        return value < 128 && ((value < 64 ? low : high) >>> (value & 63) & 1) != 0;
    }

    /** Position of the first byte in [at, end) that is no token character, or {@code end}. */
    static int tokenEnd(Bytes data, int at, int end) {
        int position = at;
        for (; position + 8 <= end; position += 8) {
            long word = data.i64Little(position);
            long small = (word | CASE) & LOW_SEVEN;
            long letters = (small + FROM_A) & ~(small + ABOVE_Z);
            long noHyphens = ((word ^ HYPHENS) & LOW_SEVEN) + LOW_SEVEN;
            // The colon; digits and the rest are few, and looked at one by one.
            for (long others = (~letters & noHyphens | word) & HIGH_BITS; others != 0; others &= others - 1) {
                int index = firstByte(others);
                int value = (int) (word >>> 8 * index) & 0xff;
                if (value == ':' || !isToken(value)) {
                    return position + index;
                }
            }
        }
        while (position < end && isToken(data.u8(position))) {
            position++;
        }
        return position;
    }

    /** Position of the first byte in [at, end) that no Host value may have, or {@code end}. */
    static int hostEnd(Bytes data, int at, int end) {
        int position = at;
        // Letters, digits, hyphens, dots and colons by words; whatever else is permitted is rare.
        while (position + 8 <= end && isPlainHost(data.i64Little(position))) {
            position += 8;
        }
        if (position > at && end - position < 8 && isPlainHost(data.i64Little(end - 8))) {
            return end;
        }
        while (position < end && isHost(data.u8(position))) {
            position++;
        }
        return position;
    }

    private static boolean isPlainHost(long word) {
        long seven = word & LOW_SEVEN;
        long small = (word | CASE) & LOW_SEVEN;
        long letters = (small + FROM_A) & ~(small + ABOVE_Z);
        long others = (seven + FROM_HYPHEN) & ~(seven + ABOVE_COLON) & ((seven ^ SLASHES) + LOW_SEVEN);
        return ((letters | others) & ~word & HIGH_BITS) == HIGH_BITS;
    }

    /** Position of the first control character other than a tab in [at, end), or {@code end}; DEL is none. */
    static int controlPosition(Bytes data, int at, int end) {
        int position = at - 1;
        do {
            position = data.findBelow(position + 1, end, ' ');
        } while (position < end && data.u8(position) == '\t');
        return position;
    }

    /** Number of the lowest byte whose high bit is set; nothing but high bits may be set. */
    private static int firstByte(long highBits) {
        // The bits below the lowest one fill a byte for each that precedes it, plus the lower part of its own.
        return (int) (((((highBits & -highBits) - 1) & EVERY_BYTE) * EVERY_BYTE) >>> 56) - 1;
    }

    /** First position in [at, end) that holds neither a space nor a tab, or {@code end}. */
    static int skipBlanks(Bytes data, int at, int end) {
        int position = at;
        while (position < end && isBlank(data.u8(position))) {
            position++;
        }
        return position;
    }

    /** Position behind the last byte of [at, end) that is neither a space nor a tab, or {@code at}. */
    static int trimBlanks(Bytes data, int at, int end) {
        int position = end;
        while (position > at && isBlank(data.u8(position - 1))) {
            position--;
        }
        return position;
    }

    static boolean isBlank(int value) {
        return value == ' ' || value == '\t';
    }

    /** Compares [at, at + length) with a text of small letters, without regard to case. */
    static boolean equalIgnoringCase(Bytes data, int at, int length, String small) {
        if (length != small.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int value = data.u8(at + i);
            int lower = value >= 'A' && value <= 'Z' ? value + ('a' - 'A') : value;
            if (lower != small.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the comma-separated list [at, end) has the element {@code small}, without regard to case.
     */
    static boolean listContains(Bytes data, int at, int end, String small) {
        int from = at;
        while (from < end) {
            int comma = from;
            while (comma < end && data.u8(comma) != ',') {
                comma++;
            }
            int first = skipBlanks(data, from, comma);
            if (equalIgnoringCase(data, first, trimBlanks(data, first, comma) - first, small)) {
                return true;
            }
            from = comma + 1;
        }
        return false;
    }
}
