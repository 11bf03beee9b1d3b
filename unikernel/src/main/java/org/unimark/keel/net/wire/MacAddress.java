// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

/** Hardware addresses are longs, the first byte in bits 47..40; this is how they are written. */
public final class MacAddress {
    private static final String DIGITS = "0123456789abcdef";

    private MacAddress() {}

    public static String toString(long address) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 44; shift >= 0; shift -= 4) {
            text.append(DIGITS.charAt((int) (address >> shift) & 0xf));
            if (shift % 8 == 0 && shift != 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
