// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

/** IPv4 addresses are ints, the first byte in bits 31..24; this is how they are written and told apart. */
public final class Ipv4Address {
    /** No address yet, or any. */
    public static final int UNSPECIFIED = 0;
    /** All stations of this link. */
    public static final int BROADCAST = 0xffffffff;
    /** What {@link #parse} returns for text that is no address. */
    public static final long MALFORMED = -1;

    private Ipv4Address() {}

    public static int of(int first, int second, int third, int fourth) {
        return first << 24 | second << 16 | third << 8 | fourth;
    }

    /** Reads four decimal numbers and three dots; the address is in the lower half, {@link #MALFORMED} is negative. */
    public static long parse(String text) {
        long address = 0;
        int numbers = 0;
        int number = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (number < 0 || ++numbers > 4) {
                    return MALFORMED;
                }
                address = address << 8 | number;
                number = -1;
            } else if (c >= '0' && c <= '9') {
                number = Math.max(number, 0) * 10 + (c - '0');
                if (number > 255) {
                    return MALFORMED;
                }
            } else {
                return MALFORMED;
            }
        }
        return numbers == 4 ? address : MALFORMED;
    }

    public static String toString(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    /** The netmask of a prefix of 0 to 32 bits. */
    public static int mask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << 32 - prefixLength;
    }

    /** 224.0.0.0/4 (RFC 5771). */
    public static boolean isMulticast(int address) {
        return address >>> 28 == 0xe;
    }

    /** 127.0.0.0/8: never on a wire (RFC 1122, 3.2.1.3). */
    public static boolean isLoopback(int address) {
        return address >>> 24 == 127;
    }

    /** Whether a station can have this address: not 0/8, loopback, multicast, reserved or broadcast (RFC 1122, 3.2.1.3). */
    public static boolean isUnicast(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224;
    }
}
