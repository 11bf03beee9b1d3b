// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * An ARP packet for IPv4 over Ethernet where it lies (RFC 826).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |       Hardware type = 1       |     Protocol type = 0x0800    |
 * +---------------+---------------+-------------------------------+
 * |   Length = 6  |   Length = 4  |           Operation           |
 * +---------------+---------------+-------------------------------+
 * |               Sender hardware address (6 bytes)               |
 * |               Sender protocol address (4 bytes)               |
 * |               Target hardware address (6 bytes)               |
 * |               Target protocol address (4 bytes)               |
 * </pre>
 */
public final class ArpView {
    public static final int PACKET_BYTES = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    /** Hardware and protocol type, both lengths: the first six bytes of every packet that is for us. */
    private static final long FORMAT = 0x0001_0800_0604L;

    private static final int OPERATION = 6;
    private static final int SENDER_HARDWARE = 8;
    private static final int SENDER_PROTOCOL = 14;
    private static final int TARGET_HARDWARE = 18;
    private static final int TARGET_PROTOCOL = 24;

    private ArpView() {}

    /** Whether this is a request or a reply for IPv4 over Ethernet; padding behind it is allowed. */
    public static boolean check(Bytes bytes, int at, int length) {
        if (length < PACKET_BYTES || bytes.i64(at) >>> 16 != FORMAT) {
            return false;
        }
        int operation = operation(bytes, at);
        return operation == REQUEST || operation == REPLY;
    }

    public static int operation(Bytes bytes, int at) {
        return bytes.u16(at + OPERATION);
    }

    public static long senderHardware(Bytes bytes, int at) {
        return bytes.i64(at + SENDER_HARDWARE) >>> 16;
    }

    public static int senderProtocol(Bytes bytes, int at) {
        return bytes.i32(at + SENDER_PROTOCOL);
    }

    public static long targetHardware(Bytes bytes, int at) {
        return bytes.i64(at + TARGET_HARDWARE) >>> 16;
    }

    public static int targetProtocol(Bytes bytes, int at) {
        return bytes.i32(at + TARGET_PROTOCOL);
    }

    /** Writes a packet; {@code targetHardware} is 0 in requests. */
    public static void put(
            Bytes bytes,
            int at,
            int operation,
            long senderHardware,
            int senderProtocol,
            long targetHardware,
            int targetProtocol) {
        bytes.put64(at, FORMAT << 16 | operation);
        bytes.put64(at + SENDER_HARDWARE, senderHardware << 16 | senderProtocol >>> 16);
        bytes.put16(at + SENDER_PROTOCOL + 2, senderProtocol);
        bytes.put64(at + TARGET_HARDWARE, targetHardware << 16 | targetProtocol >>> 16);
        bytes.put16(at + TARGET_PROTOCOL + 2, targetProtocol);
    }
}
