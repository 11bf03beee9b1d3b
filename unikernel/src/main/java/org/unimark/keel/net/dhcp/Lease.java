// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.dhcp;

import org.unimark.keel.net.wire.DhcpMessage;
import org.unimark.keel.net.wire.DhcpOptions;
import org.unimark.keel.net.wire.Ipv4Address;

/**
 * What a server granted.
 *
 * @param server its identifier, an IPv4 address
 * @param gateway the first router, 0 if none
 * @param nameServer the first one, 0 if none
 * @param mtu of the link in bytes, 0 if the server did not tell
 * @param leaseNanos until the address must not be used any more; {@link #FOREVER} if never
 * @param renewalNanos until the server is asked to extend (T1)
 * @param rebindingNanos until any server is asked (T2)
 */
public record Lease(
        int address,
        int prefixLength,
        int server,
        int gateway,
        int nameServer,
        int mtu,
        long leaseNanos,
        long renewalNanos,
        long rebindingNanos) {

    /** 73 years, so that adding a time does not overflow. */
    public static final long FOREVER = Long.MAX_VALUE / 4;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int INFINITE_SECONDS = -1;
    /** A shorter lease could not be renewed in peace; it is taken as if it had this. */
    private static final long SHORTEST_SECONDS = 10;

    /** Reads an offer or acknowledgement; null if the address, the server or the mask make no sense. */
    static Lease of(DhcpMessage message) {
        DhcpOptions options = message.options();
        int address = message.yourAddress();
        int server = options.getInt(DhcpOptions.SERVER_IDENTIFIER, 0);
        int mask = options.getInt(DhcpOptions.SUBNET_MASK, classMask(address));
        int prefixLength = Integer.bitCount(mask);
        if (!Ipv4Address.isUnicast(address)
                || !Ipv4Address.isUnicast(server)
                || mask != Ipv4Address.mask(prefixLength)
                || prefixLength == 0) {
            return null;
        }
        int router = options.getInt(DhcpOptions.ROUTER, 0);
        boolean isNear = Ipv4Address.isUnicast(router) && ((router ^ address) & mask) == 0;
        int seconds = options.getInt(DhcpOptions.LEASE_SECONDS, 0);
        long lease = Math.max(SHORTEST_SECONDS, seconds & 0xffffffffL) * SECOND_NANOS;
        long renewal = within(options, DhcpOptions.RENEWAL_SECONDS, lease / 2, lease);
        long rebinding = Math.max(renewal, within(options, DhcpOptions.REBINDING_SECONDS, lease / 8 * 7, lease));
        boolean isInfinite = seconds == INFINITE_SECONDS;
        return new Lease(
                address,
                prefixLength,
                server,
                isNear ? router : 0,
                options.getInt(DhcpOptions.DOMAIN_NAME_SERVER, 0),
                options.getShort(DhcpOptions.INTERFACE_MTU, 0),
                isInfinite ? FOREVER : lease,
                isInfinite ? FOREVER : renewal,
                isInfinite ? FOREVER : rebinding);
    }

    /** A time that the server may set (RFC 2131, 4.4.5), if it lies inside the lease. */
    private static long within(DhcpOptions options, int code, long otherwise, long leaseNanos) {
        long nanos = (options.getInt(code, 0) & 0xffffffffL) * SECOND_NANOS;
        return nanos > 0 && nanos < leaseNanos ? nanos : otherwise;
    }

    /** RFC 791, 3.2: for servers that do not send a mask. */
    private static int classMask(int address) {
        return address >= 0 ? 0xff000000 : address >>> 30 == 2 ? 0xffff0000 : 0xffffff00;
    }
}
