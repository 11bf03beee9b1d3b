// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * An Ethernet II header where it lies (RFC 894). A hardware address is a long, its first byte in bits 47..40. After
 * {@link #check} returned true no getter fails.
 *
 * <pre>
 * +------------------------+------------------------+---------+
 * | Destination (6 bytes)  |    Source (6 bytes)    |  Type   |
 * +------------------------+------------------------+---------+
 * </pre>
 */
public final class EthernetView {
    public static final int HEADER_BYTES = 14;
    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    /** Set in addresses of groups, broadcast included. */
    private static final long GROUP_BIT = 0x0100_0000_0000L;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;

    private EthernetView() {}

    /** Whether {@code length} bytes hold a header. */
    public static boolean check(int length) {
        return length >= HEADER_BYTES;
    }

    public static long destination(Bytes bytes, int at) {
        return bytes.i64(at + DESTINATION) >>> 16;
    }

    public static long source(Bytes bytes, int at) {
        return bytes.i64(at + SOURCE) >>> 16;
    }

    public static int type(Bytes bytes, int at) {
        return bytes.u16(at + TYPE);
    }

    public static void put(Bytes bytes, int at, long destination, long source, int type) {
        bytes.put64(at + DESTINATION, destination << 16 | source >>> 32);
        bytes.put32(at + SOURCE + 2, (int) source);
        bytes.put16(at + TYPE, type);
    }

    /** Whether the address names more than one station; such an address is never a source. */
    public static boolean isGroup(long address) {
        return (address & GROUP_BIT) != 0;
    }
}
