// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * An ICMP message where it lies (RFC 792). After {@link #check} returned true no getter fails.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |     Type      |     Code      |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |       Rest: identifier and sequence number, or next MTU       |
 * +---------------------------------------------------------------+
 * |        Data, or the header and 8 bytes of what failed         |
 * </pre>
 */
public final class IcmpView {
    public static final int HEADER_BYTES = 8;
    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #DESTINATION_UNREACHABLE}. */
    public static final int NETWORK_UNREACHABLE = 0;

    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int ADMINISTRATIVELY_PROHIBITED = 13;
    /** Code of {@link #TIME_EXCEEDED}: pieces of a packet did not arrive in time. */
    public static final int REASSEMBLY_TIME_EXCEEDED = 1;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int REST = 4;
    private static final int NEXT_MTU = 6;

    private IcmpView() {}

    /** Whether the bytes are a message with a correct checksum. */
    public static boolean check(Bytes bytes, int at, int length) {
        return length >= HEADER_BYTES && InternetChecksum.isCorrect(bytes.sum32(at, length));
    }

    public static int type(Bytes bytes, int at) {
        return bytes.u8(at + TYPE);
    }

    public static int code(Bytes bytes, int at) {
        return bytes.u8(at + CODE);
    }

    public static int rest(Bytes bytes, int at) {
        return bytes.i32(at + REST);
    }

    /** Of {@link #FRAGMENTATION_NEEDED} (RFC 1191, 4): 0 from routers that do not know it. */
    public static int nextMtu(Bytes bytes, int at) {
        return bytes.u16(at + NEXT_MTU);
    }

    public static int checksum(Bytes bytes, int at) {
        return bytes.u16(at + CHECKSUM);
    }

    /** Makes an echo reply of a request, with a checksum that the caller computed. */
    public static void putReply(Bytes bytes, int at, int checksum) {
        bytes.put32(at + TYPE, ECHO_REPLY << 24 | checksum);
    }

    /** Writes the header of a message whose other bytes lie behind it already, with its checksum. */
    public static void put(Bytes bytes, int at, int type, int code, int rest, int length) {
        bytes.put32(at + TYPE, type << 24 | code << 16);
        bytes.put32(at + REST, rest);
        bytes.put16(at + CHECKSUM, InternetChecksum.finish(InternetChecksum.sum(bytes, at, length)));
    }
}
