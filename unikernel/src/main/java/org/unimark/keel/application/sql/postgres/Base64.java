// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** RFC 4648, section 4. */
@Rare
final class Base64 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Base64() {}

    static String encode(byte[] data) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < data.length; i += 3) {
            int left = data.length - i;
            int group = (data[i] & 0xff) << 16
                    | (left > 1 ? (data[i + 1] & 0xff) << 8 : 0)
                    | (left > 2 ? data[i + 2] & 0xff : 0);
            text.append(ALPHABET.charAt(group >> 18)).append(ALPHABET.charAt(group >> 12 & 63));
            text.append(left > 1 ? ALPHABET.charAt(group >> 6 & 63) : '=');
            text.append(left > 2 ? ALPHABET.charAt(group & 63) : '=');
        }
        return text.toString();
    }

    /** Null if it is not base 64. */
    static byte[] decode(String text) {
        int length = text.length();
        if (length % 4 != 0) {
            return null;
        }
        int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
        byte[] data = new byte[length / 4 * 3 - padding];
        int group = 0;
        int at = 0;
        for (int i = 0; i < length; i++) {
            int value = i >= length - padding ? 0 : ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                return null;
            }
            group = group << 6 | value;
            if (i % 4 == 3) {
                for (int shift = 16; shift >= 0 && at < data.length; shift -= 8) {
                    data[at++] = (byte) (group >> shift);
                }
                group = 0;
            }
        }
        return data;
    }
}
