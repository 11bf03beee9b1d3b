// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * The Internet checksum (RFC 1071). A partial sum is a non-negative long that counts 16-bit words in network order; partial
 * sums are added with {@code +} and closed by {@link #finish}.
 */
public final class InternetChecksum {
    private InternetChecksum() {}

    /** The partial sum of bytes that begin at an even distance from the start of the summed data. */
    public static long sum(Bytes bytes, int at, int length) {
        return swap(fold(bytes.sum32(at, length)));
    }

    /** The partial sum of bytes that begin at an odd distance: each word contributes with its bytes swapped. */
    public static long sumOdd(Bytes bytes, int at, int length) {
        return fold(bytes.sum32(at, length));
    }

    /** The pseudo header of TCP and UDP (RFC 9293, 3.1; RFC 768); {@code length} is that of header and payload. */
    public static long pseudoHeader(int sourceAddress, int destinationAddress, int protocol, int length) {
        return (sourceAddress & 0xffffffffL) + (destinationAddress & 0xffffffffL) + protocol + length;
    }

    /** The value of a checksum field that was zero when the data was summed up. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /** Whether data that was summed up together with its checksum field is sound. */
    public static boolean isCorrect(long sum) {
        return fold(sum) == 0xffff;
    }

    /** Reduces a partial sum to 16 bits; 0 stays 0, everything else ends in 1 to 0xffff. */
    public static int fold(long sum) {
        long folded = (sum & 0xffffffffL) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16 & 0xffff) + (folded >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
    }

    /**
     * The checksum after a 16-bit word of the summed data changed (RFC 1624, equation 3).
     *
     * @return the new value of the field
     */
    public static int update(int checksum, int before, int after) {
        return ~fold((~checksum & 0xffffL) + (~before & 0xffffL) + after) & 0xffff;
    }

    private static int swap(int folded) {
        return (folded & 0xff) << 8 | folded >>> 8;
    }
}
