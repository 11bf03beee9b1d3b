// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * An IPv4 header where it lies (RFC 791, 3.1). After {@link #headerLength} returned something positive no getter fails, and
 * {@link #totalLength} bytes are there.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+-------------------------------+
 * |Version|  IHL  |Type of Service|          Total Length         |
 * +-------+-------+---------------+-----+-------------------------+
 * |         Identification        |Flags|     Fragment Offset     |
 * +---------------+---------------+-----+-------------------------+
 * | Time to Live  |    Protocol   |        Header Checksum        |
 * +---------------+---------------+-------------------------------+
 * |                         Source Address                        |
 * +---------------------------------------------------------------+
 * |                      Destination Address                      |
 * +---------------------------------------------------------------+
 * |                           [Options]                           |
 * </pre>
 */
public final class Ipv4View {
    /** Bytes of a header without options. */
    public static final int HEADER_BYTES = 20;
    /** Bytes of a header with the most options that the length field can express. */
    public static final int MAXIMUM_HEADER_BYTES = 60;

    public static final int PROTOCOL_ICMP = 1;
    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;

    /** In {@link #fragment}: the packet must not be cut. */
    public static final int DONT_FRAGMENT = 0x4000;
    /** In {@link #fragment}: this is not the last piece. */
    public static final int MORE_FRAGMENTS = 0x2000;
    /** In {@link #fragment}: where the piece belongs, in units of 8 bytes. */
    public static final int OFFSET_MASK = 0x1fff;

    /** Version 4 and a header of five words: what the first byte of nearly every packet says. */
    private static final int ORDINARY = 0x45;
    /** The same in the first eight bytes, together with {@link #MORE_FRAGMENTS} and the offset, which are zero. */
    private static final long ORDINARY_WORD = (long) ORDINARY << 56;

    private static final long ORDINARY_MASK = 0xff00_0000_0000_0000L | MORE_FRAGMENTS | OFFSET_MASK;
    private static final long LOWER_HALF = 0xffff_ffffL;

    private static final int VERSION_LENGTH = 0;
    private static final int TYPE_OF_SERVICE = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private Ipv4View() {}

    /**
     * The header's length with its options in bytes, or -1 if {@code length} bytes from {@code at} on do not hold a packet:
     * wrong version, shorter than it says (longer is padding). The checksum is a matter of {@link #isChecksumCorrect}.
     */
    public static int headerLength(Bytes bytes, int at, int length) {
        if (length < HEADER_BYTES) {
            return -1;
        }
        int first = bytes.u8(at + VERSION_LENGTH);
        int headerLength = HEADER_BYTES;
        if (first != ORDINARY) {
            headerLength = (first & 0xf) << 2;
            if (first >> 4 != 4 || headerLength < HEADER_BYTES) {
                return -1;
            }
        }
        int totalLength = totalLength(bytes, at);
        return totalLength < headerLength || totalLength > length ? -1 : headerLength;
    }

    public static boolean isChecksumCorrect(Bytes bytes, int at, int headerLength) {
        return InternetChecksum.isCorrect(bytes.sum32(at, headerLength));
    }

    /** The first eight bytes in one load, for {@link #isOrdinary} and {@link #totalLength(long)}. */
    public static long first(Bytes bytes, int at) {
        return bytes.i64(at);
    }

    /** The second eight bytes in one load: {@link #protocol(long)}, and the source in the lower half. */
    public static long second(Bytes bytes, int at) {
        return bytes.i64(at + TIME_TO_LIVE);
    }

    /** Whether this is version 4, has no options, and is a packet in one piece. */
    public static boolean isOrdinary(long first) {
        return (first & ORDINARY_MASK) == ORDINARY_WORD;
    }

    public static int totalLength(long first) {
        return (int) (first >>> 32) & 0xffff;
    }

    public static int protocol(long second) {
        return (int) (second >>> 48) & 0xff;
    }

    /** {@link #isChecksumCorrect} of an ordinary header that has been loaded already. */
    public static boolean isChecksumCorrect(long first, long second, int destination) {
        long sum = (first >>> 32) + (first & LOWER_HALF) + (second >>> 32) + (second & LOWER_HALF);
        sum += destination & LOWER_HALF;
        // Five words of 32 bits: the upper part is small, and one more fold ends it.
        int folded = (int) ((sum & 0xffff) + (sum >>> 16 & 0xffff) + (sum >>> 32));
        return (folded & 0xffff) + (folded >>> 16) == 0xffff;
    }

    public static int typeOfService(Bytes bytes, int at) {
        return bytes.u8(at + TYPE_OF_SERVICE);
    }

    /** Header and payload, in bytes. */
    public static int totalLength(Bytes bytes, int at) {
        return bytes.u16(at + TOTAL_LENGTH);
    }

    public static int identification(Bytes bytes, int at) {
        return bytes.u16(at + IDENTIFICATION);
    }

    /** {@link #DONT_FRAGMENT}, {@link #MORE_FRAGMENTS} and the offset in one. */
    public static int fragment(Bytes bytes, int at) {
        return bytes.u16(at + FRAGMENT);
    }

    public static int timeToLive(Bytes bytes, int at) {
        return bytes.u8(at + TIME_TO_LIVE);
    }

    public static int protocol(Bytes bytes, int at) {
        return bytes.u8(at + PROTOCOL);
    }

    public static int source(Bytes bytes, int at) {
        return bytes.i32(at + SOURCE);
    }

    public static int destination(Bytes bytes, int at) {
        return bytes.i32(at + DESTINATION);
    }

    /**
     * Writes a header without options, its checksum included, which is computed from the fields instead of from memory.
     *
     * @param totalLength header and payload, 20 to 65,535 bytes
     * @param fragment as {@link #fragment} returns it
     */
    public static void put(
            Bytes bytes,
            int at,
            int totalLength,
            int identification,
            int fragment,
            int timeToLiveAndProtocol,
            int source,
            int destination) {
        long first = (long) (ORDINARY << 24 | totalLength) << 32 | (identification & 0xffffL) << 16 | fragment;
        long addresses = (long) source << 32 | destination & 0xffffffffL;
        long sum = (first >>> 32) + (first & 0xffffffffL) + timeToLiveAndProtocol + (addresses >>> 32);
        int checksum = InternetChecksum.finish(sum + (addresses & 0xffffffffL));
        bytes.put64(at + VERSION_LENGTH, first);
        bytes.put32(at + TIME_TO_LIVE, timeToLiveAndProtocol << 16 | checksum);
        bytes.put64(at + SOURCE, addresses);
    }

    /** Sets the type of service of a header that is complete, and mends the checksum. */
    public static void putTypeOfService(Bytes bytes, int at, int typeOfService) {
        int before = bytes.u16(at + VERSION_LENGTH);
        int after = before & 0xff00 | typeOfService;
        bytes.put16(at + VERSION_LENGTH, after);
        bytes.put16(at + CHECKSUM, InternetChecksum.update(bytes.u16(at + CHECKSUM), before, after));
    }
}
