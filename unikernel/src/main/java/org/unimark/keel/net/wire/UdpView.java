// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * A UDP header where it lies (RFC 768). After {@link #check} returned true no getter fails, and {@link #length} bytes are
 * there.
 *
 * <pre>
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |            Length             |           Checksum            |
 * +-------------------------------+-------------------------------+
 * </pre>
 */
public final class UdpView {
    public static final int HEADER_BYTES = 8;
    /** Where the checksum lies, from the start of the header. */
    public static final int CHECKSUM = 6;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int LENGTH = 4;

    private UdpView() {}

    /** Whether {@code available} bytes from {@code at} on hold a datagram; what is behind its length is padding. */
    public static boolean check(Bytes bytes, int at, int available) {
        if (available < HEADER_BYTES) {
            return false;
        }
        int length = length(bytes, at);
        return length >= HEADER_BYTES && length <= available;
    }

    public static int sourcePort(Bytes bytes, int at) {
        return bytes.u16(at + SOURCE_PORT);
    }

    public static int destinationPort(Bytes bytes, int at) {
        return bytes.u16(at + DESTINATION_PORT);
    }

    /** Header and payload, in bytes. */
    public static int length(Bytes bytes, int at) {
        return bytes.u16(at + LENGTH);
    }

    /** 0 means that the sender did not compute one. */
    public static int checksum(Bytes bytes, int at) {
        return bytes.u16(at + CHECKSUM);
    }

    public static boolean isChecksumCorrect(Bytes bytes, int at, int source, int destination) {
        if (checksum(bytes, at) == 0) {
            return true;
        }
        int length = length(bytes, at);
        return InternetChecksum.isCorrect(
                InternetChecksum.pseudoHeader(source, destination, Ipv4View.PROTOCOL_UDP, length)
                        + InternetChecksum.sum(bytes, at, length));
    }

    /** Writes a header whose checksum is zero. */
    public static void put(Bytes bytes, int at, int sourcePort, int destinationPort, int length) {
        bytes.put32(at + SOURCE_PORT, sourcePort << 16 | destinationPort);
        bytes.put32(at + LENGTH, length << 16);
    }

    /** Sets the checksum; a computed zero is sent as its other form, all ones (RFC 768). */
    public static void putChecksum(Bytes bytes, int at, int checksum) {
        bytes.put16(at + CHECKSUM, checksum == 0 ? 0xffff : checksum);
    }
}
