// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * A TCP header where it lies (RFC 9293, 3.1). After {@link #headerLength} returned something positive no getter fails.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |                        Sequence Number                        |
 * +---------------------------------------------------------------+
 * |                    Acknowledgment Number                      |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * | Offset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * |           Checksum            |         Urgent Pointer        |
 * +-------------------------------+-------------------------------+
 * |                           [Options]                           |
 * </pre>
 */
public final class TcpView {
    /** Bytes of a header without options. */
    public static final int MINIMUM_BYTES = 20;
    /** Bytes of a header with the most options that the offset field can express. */
    public static final int MAXIMUM_BYTES = 60;
    /** Where the checksum lies, from the start of the header. */
    public static final int CHECKSUM = 16;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int OFFSET = 12;
    private static final int WINDOW = 14;
    private static final int URGENT_POINTER = 18;

    private TcpView() {}

    /** The header's length with its options in bytes, or -1 if {@code length} bytes from {@code at} on cannot hold it. */
    public static int headerLength(Bytes bytes, int at, int length) {
        if (length < MINIMUM_BYTES) {
            return -1;
        }
        int headerLength = bytes.u8(at + OFFSET) >> 4 << 2;
        return headerLength < MINIMUM_BYTES || headerLength > length ? -1 : headerLength;
    }

    public static int sourcePort(Bytes bytes, int at) {
        return bytes.u16(at + SOURCE_PORT);
    }

    public static int destinationPort(Bytes bytes, int at) {
        return bytes.u16(at + DESTINATION_PORT);
    }

    /** Source port in the upper, destination port in the lower half: one load for a table look-up. */
    public static int ports(Bytes bytes, int at) {
        return bytes.i32(at + SOURCE_PORT);
    }

    public static int sequence(Bytes bytes, int at) {
        return bytes.i32(at + SEQUENCE);
    }

    public static int acknowledgment(Bytes bytes, int at) {
        return bytes.i32(at + ACKNOWLEDGMENT);
    }

    /** Or of {@link #FIN}, {@link #SYN} and so on. */
    public static int flags(Bytes bytes, int at) {
        return bytes.u8(at + OFFSET + 1);
    }

    /** As on the wire: not scaled. */
    public static int window(Bytes bytes, int at) {
        return bytes.u16(at + WINDOW);
    }

    public static int checksum(Bytes bytes, int at) {
        return bytes.u16(at + CHECKSUM);
    }

    public static int urgentPointer(Bytes bytes, int at) {
        return bytes.u16(at + URGENT_POINTER);
    }

    /**
     * Writes a header without options or checksum: both fields are zero, and {@code headerLength} leaves room for the
     * options.
     *
     * @param headerLength in bytes, a multiple of 4 from 20 to 60
     * @param window as on the wire, 0 to 65,535
     */
    public static void put(
            Bytes bytes, int at, int ports, int sequence, int acknowledgment, int flags, int window, int headerLength) {
        bytes.put64(at + SOURCE_PORT, (long) ports << 32 | sequence & 0xffffffffL);
        long second =
                (long) acknowledgment << 32 | (long) (headerLength << 26 & 0xf0000000 | flags << 16) & 0xffffffffL;
        bytes.put64(at + ACKNOWLEDGMENT, second | window);
        bytes.put32(at + CHECKSUM, 0);
    }

    public static void putChecksum(Bytes bytes, int at, int checksum) {
        bytes.put16(at + CHECKSUM, checksum);
    }

    public static void putUrgentPointer(Bytes bytes, int at, int urgentPointer) {
        bytes.put16(at + URGENT_POINTER, urgentPointer);
    }

    /** The ports in the order of {@link #ports}. */
    public static int ports(int sourcePort, int destinationPort) {
        return sourcePort << 16 | destinationPort;
    }
}
