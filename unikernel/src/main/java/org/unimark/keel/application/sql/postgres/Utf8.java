// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

/** Strings whose characters are bytes: what {@code putAscii} writes and {@link Ascii#string} reads. */
final class Utf8 {
    private Utf8() {}

    /** The UTF-8 of a string, one character a byte; the string itself if it is ASCII. */
    static String bytesOf(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return encode(text);
            }
        }
        return text;
    }

    private static String encode(String text) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int character = text.charAt(i);
            boolean isPair = character >= 0xd800 && character < 0xdc00 && i + 1 < text.length();
            if (isPair) {
                character = 0x10000 + ((character - 0xd800) << 10) + (text.charAt(++i) - 0xdc00);
            }
            if (character < 0x80) {
                bytes.append((char) character);
            } else if (character < 0x800) {
                bytes.append((char) (0xc0 | character >> 6)).append(tail(character, 0));
            } else if (character < 0x10000) {
                bytes.append((char) (0xe0 | character >> 12))
                        .append(tail(character, 6))
                        .append(tail(character, 0));
            } else {
                bytes.append((char) (0xf0 | character >> 18))
                        .append(tail(character, 12))
                        .append(tail(character, 6))
                        .append(tail(character, 0));
            }
        }
        return bytes.toString();
    }

    /** How much of such a string fits in so many bytes without a part of a character at its end. */
    static int clipped(String bytes, int maximum) {
        int size = Math.min(bytes.length(), maximum);
        while (size > 0 && size < bytes.length() && (bytes.charAt(size) & 0xc0) == 0x80) {
            size--;
        }
        return size;
    }

    private static char tail(int character, int shift) {
        return (char) (0x80 | character >> shift & 0x3f);
    }
}
