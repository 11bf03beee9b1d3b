// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * A DHCP message (RFC 2131, 2). There is no view: nothing about it is urgent.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+---------------+---------------+
 * |   Operation   | Hardware type | Hardware len. |     Hops      |
 * +---------------+---------------+---------------+---------------+
 * |                        Transaction id                         |
 * +-------------------------------+-------------------------------+
 * |            Seconds            |B|           Zero              |
 * +-------------------------------+-------------------------------+
 * |                  Client, your, server, relay address          |
 * |  Client hardware address (16), server name (64), file (128)   |
 * |                     Magic cookie, options                     |
 * </pre>
 *
 * @param isReply from a server
 * @param seconds since the client began
 * @param broadcast the client cannot receive unicast yet
 * @param clientHardware as in {@link EthernetView}
 */
public record DhcpMessage(
        boolean isReply,
        int transaction,
        int seconds,
        boolean broadcast,
        int clientAddress,
        int yourAddress,
        int serverAddress,
        int relayAddress,
        long clientHardware,
        DhcpOptions options) {

    public static final int CLIENT_PORT = 68;
    public static final int SERVER_PORT = 67;

    /** Values of {@link DhcpOptions#MESSAGE_TYPE}. */
    public static final int DISCOVER = 1;

    public static final int OFFER = 2;
    public static final int REQUEST = 3;
    public static final int DECLINE = 4;
    public static final int ACKNOWLEDGE = 5;
    public static final int REFUSE = 6;
    public static final int RELEASE = 7;

    private static final int OPERATION = 0;
    private static final int TRANSACTION = 4;
    private static final int SECONDS = 8;
    private static final int FLAGS = 10;
    private static final int CLIENT_ADDRESS = 12;
    private static final int YOUR_ADDRESS = 16;
    private static final int SERVER_ADDRESS = 20;
    private static final int RELAY_ADDRESS = 24;
    private static final int CLIENT_HARDWARE = 28;
    private static final int SERVER_NAME = 44;
    private static final int FILE = 108;
    private static final int COOKIE = 236;
    private static final int OPTIONS = 240;

    private static final int BOOT_REQUEST = 1;
    private static final int BOOT_REPLY = 2;
    private static final int ETHERNET = 1;
    private static final int ETHERNET_ADDRESS_BYTES = 6;
    private static final int BROADCAST_FLAG = 0x8000;
    private static final int MAGIC = 0x63825363;
    /** Old relays drop what is shorter (RFC 1542, 2.1). */
    private static final int SHORTEST_BYTES = 300;

    /** {@link #DISCOVER} and so on; 0 if the message does not tell. */
    public int type() {
        return options.getShort(DhcpOptions.MESSAGE_TYPE, 0);
    }

    /** Returns null if the bytes are no DHCP message for Ethernet. */
    public static DhcpMessage parse(Bytes bytes, int at, int length) {
        if (length < OPTIONS
                || bytes.i32(at + COOKIE) != MAGIC
                || bytes.u8(at + OPERATION + 1) != ETHERNET
                || bytes.u8(at + OPERATION + 2) != ETHERNET_ADDRESS_BYTES) {
            return null;
        }
        int operation = bytes.u8(at + OPERATION);
        DhcpOptions options = parseOptions(bytes, at, length);
        if (options == null || operation != BOOT_REPLY && operation != BOOT_REQUEST) {
            return null;
        }
        return new DhcpMessage(
                operation == BOOT_REPLY,
                bytes.i32(at + TRANSACTION),
                bytes.u16(at + SECONDS),
                (bytes.u16(at + FLAGS) & BROADCAST_FLAG) != 0,
                bytes.i32(at + CLIENT_ADDRESS),
                bytes.i32(at + YOUR_ADDRESS),
                bytes.i32(at + SERVER_ADDRESS),
                bytes.i32(at + RELAY_ADDRESS),
                bytes.i64(at + CLIENT_HARDWARE) >>> 16,
                options);
    }

    /** The options field, and the two fields that can be lent to it (RFC 2132, 9.3); null if malformed. */
    private static DhcpOptions parseOptions(Bytes bytes, int at, int length) {
        DhcpOptions options = new DhcpOptions();
        if (!options.parse(bytes, at + OPTIONS, at + length)) {
            return null;
        }
        int lent = options.getShort(DhcpOptions.OVERLOAD, 0);
        boolean isSound = ((lent & 1) == 0 || options.parse(bytes, at + FILE, at + COOKIE))
                && ((lent & 2) == 0 || options.parse(bytes, at + SERVER_NAME, at + FILE));
        return isSound ? options : null;
    }

    /** Writes the message and returns the position behind it. */
    public int emit(Bytes bytes, int at) {
        bytes.fill(at, OPTIONS, 0);
        bytes.put8(at + OPERATION, isReply ? BOOT_REPLY : BOOT_REQUEST);
        bytes.put8(at + OPERATION + 1, ETHERNET);
        bytes.put8(at + OPERATION + 2, ETHERNET_ADDRESS_BYTES);
        bytes.put32(at + TRANSACTION, transaction);
        bytes.put16(at + SECONDS, seconds);
        bytes.put16(at + FLAGS, broadcast ? BROADCAST_FLAG : 0);
        bytes.put32(at + CLIENT_ADDRESS, clientAddress);
        bytes.put32(at + YOUR_ADDRESS, yourAddress);
        bytes.put32(at + SERVER_ADDRESS, serverAddress);
        bytes.put32(at + RELAY_ADDRESS, relayAddress);
        bytes.put64(at + CLIENT_HARDWARE, clientHardware << 16);
        bytes.put32(at + COOKIE, MAGIC);
        int end = options.emit(bytes, at + OPTIONS);
        int padding = at + SHORTEST_BYTES - end;
        if (padding <= 0) {
            return end;
        }
        bytes.fill(end, padding, 0);
        return end + padding;
    }
}
