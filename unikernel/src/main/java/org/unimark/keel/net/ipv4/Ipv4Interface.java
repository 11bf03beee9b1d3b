// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.net.wire.Ipv4Address;

/** Our address on the one link, and where other addresses are reached from there. */
public final class Ipv4Interface {
    /** What {@link #nextHop} answers when there is no way. */
    static final int NO_ROUTE = 0;

    int address;
    int mask;
    int gateway;
    /** The broadcast address of the subnet; 0 if it has none (RFC 3021). */
    int subnetBroadcast;
    /** Changes with every configuration, so that routes in caches can be told from old ones. */
    int generation = 1;

    /** The latest source that was found plausible: the next packet is probably from there. 0 is none. */
    private int acceptedSource;

    /** Sets everything; an address of 0 takes the interface out of service. */
    void configure(int address, int prefixLength, int gateway) {
        this.address = address;
        this.mask = Ipv4Address.mask(prefixLength);
        this.gateway = gateway;
        subnetBroadcast = prefixLength >= 31 || address == 0 ? 0 : address | ~mask;
        acceptedSource = 0;
        generation++;
    }

    /** IPv4, 0 while unconfigured. */
    public int address() {
        return address;
    }

    public int gateway() {
        return gateway;
    }

    /** Whether this is our configured address. */
    public boolean isOwnAddress(int candidate) {
        return candidate == address && address != 0;
    }

    boolean isOwn(int destination) {
        return isOwnAddress(destination) || Ipv4Address.isLoopback(destination);
    }

    boolean isBroadcast(int destination) {
        return destination == Ipv4Address.BROADCAST || destination == subnetBroadcast && subnetBroadcast != 0;
    }

    /** The address on this link to which packets for {@code destination} go; {@link #NO_ROUTE} if there is none. */
    int nextHop(int destination) {
        if (address == 0 || !Ipv4Address.isUnicast(destination)) {
            return NO_ROUTE;
        }
        return ((destination ^ address) & mask) == 0 ? destination : gateway;
    }

    /** {@link #isPlausibleSource}, quickly where many packets come from one station. */
    boolean isAcceptedSource(int source) {
        if (source == acceptedSource && source != 0) {
            return true;
        }
        if (!isPlausibleSource(source)) {
            return false;
        }
        acceptedSource = source;
        return true;
    }

    /** Whether a packet from the wire can come from {@code source} (RFC 1122, 3.2.1.3): unicast, and not we ourselves. */
    boolean isPlausibleSource(int source) {
        return Ipv4Address.isUnicast(source) && source != address && !isBroadcast(source);
    }
}
