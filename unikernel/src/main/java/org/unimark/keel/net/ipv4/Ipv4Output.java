// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.net.arp.ArpEngine;
import org.unimark.keel.net.arp.Neighbor;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.ethernet.EthernetLink;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.Ipv4Header;
import org.unimark.keel.net.wire.Ipv4View;

/** What goes out: puts the header in front, finds the next hop, and sends; own packets go round through memory. */
public final class Ipv4Output {
    /** Bytes of Ethernet's and IPv4's headers, which a sender leaves free from {@link TransmitFrame#headStart} on. */
    public static final int HEADROOM = EthernetView.HEADER_BYTES + Ipv4View.HEADER_BYTES;

    private static final int ROUTES = 16;
    private static final int IP = EthernetView.HEADER_BYTES;
    private static final int TCP_LIVES = Ipv4Header.DEFAULT_TIME_TO_LIVE << 8 | Ipv4View.PROTOCOL_TCP;
    /** First word of a header without the length, and flags: version 4, five words, do not cut. */
    private static final long SEGMENT_WORD = 0x4500_0000_0000_0000L | Ipv4View.DONT_FRAGMENT;

    private final Ipv4Interface link;
    private final EthernetLink ethernet;
    private final ArpEngine arp;
    private final Ipv4Counters counters;
    private final Loopback loopback;
    private final Route[] routes = new Route[ROUTES];
    private Route latest = new Route();
    /** Of packets that may be cut (RFC 6864); the others carry zero. Begins anywhere. */
    private int identification;

    Ipv4Output(
            Ipv4Interface link,
            EthernetLink ethernet,
            ArpEngine arp,
            Loopback loopback,
            RandomSource random,
            Ipv4Counters counters) {
        this.link = link;
        this.ethernet = ethernet;
        this.arp = arp;
        this.loopback = loopback;
        this.counters = counters;
        identification = (int) random.nextLong();
        for (int i = 0; i < ROUTES; i++) {
            routes[i] = new Route();
        }
    }

    /** Returns an empty frame, or null (counted) if none is free. */
    public TransmitFrame take() {
        return ethernet.take();
    }

    /** The address that a packet to {@code destination} carries as its source; 0 if it cannot be reached. */
    public int sourceFor(int destination) {
        if (link.isOwn(destination)) {
            return destination;
        }
        return link.isBroadcast(destination) || link.nextHop(destination) != Ipv4Interface.NO_ROUTE ? link.address : 0;
    }

    /**
     * Sends a TCP segment that lies {@link #HEADROOM} behind the start of {@code frame}; DF is set, the identification zero.
     *
     * @return false if the device's queue is full; the frame is gone in any case
     */
    public boolean sendSegment(TransmitFrame frame, int source, int destination, long nowNanos) {
        Route route = route(destination, nowNanos);
        if (route == null || source != link.address) {
            return sendElsewhere(frame, source, destination, nowNanos);
        }
        Bytes head = frame.head;
        int at = frame.headStart + IP;
        // The length of a long segment that the device cuts may not fit the field; the device writes its own.
        int totalLength = frame.headLength - IP + frame.payloadLength() & 0xffff;
        int sum = route.headerSum + totalLength;
        int checksum = ~(sum + (sum >>> 16)) & 0xffff;
        head.put64(at, SEGMENT_WORD | (long) totalLength << 32);
        head.put32(at + 8, TCP_LIVES << 16 | checksum);
        head.put64(at + 12, route.addresses);
        if (arp.send(frame, route.neighbor, nowNanos)) {
            return true;
        }
        frame.completed();
        return false;
    }

    /** The route of a unicast destination beyond this host, from the cache or new; null if there is none. */
    private Route route(int destination, long nowNanos) {
        Route route = latest;
        if (route.destination == destination && route.isFor(destination, link.generation)) {
            return route;
        }
        route = routes[destination * 0x9e3779b1 >>> 28];
        if (route.neighbor == null || !route.isFor(destination, link.generation)) {
            route = findRoute(route, destination, nowNanos);
        }
        if (route != null) {
            latest = route;
        }
        return route;
    }

    private Route findRoute(Route route, int destination, long nowNanos) {
        if (link.isOwn(destination) || link.isBroadcast(destination)) {
            return null;
        }
        int nextHop = link.nextHop(destination);
        Neighbor neighbor = nextHop == Ipv4Interface.NO_ROUTE ? null : arp.neighbor(nextHop, nowNanos);
        if (neighbor == null) {
            return null;
        }
        route.destination = destination;
        route.generation = link.generation;
        route.nextHop = nextHop;
        route.neighbor = neighbor;
        route.addresses = (long) link.address << 32 | destination & 0xffffffffL;
        long sum = (SEGMENT_WORD >>> 32) + (SEGMENT_WORD & 0xffffffffL) + TCP_LIVES;
        sum += (link.address & 0xffffffffL) + (destination & 0xffffffffL);
        route.headerSum = InternetChecksum.fold(sum);
        return route;
    }

    private boolean sendElsewhere(TransmitFrame frame, int source, int destination, long nowNanos) {
        int lives = TCP_LIVES;
        int length = frame.headLength - IP + frame.payloadLength() & 0xffff;
        Ipv4View.put(frame.head, frame.headStart + IP, length, 0, Ipv4View.DONT_FRAGMENT, lives, source, destination);
        return sendOut(frame, destination, nowNanos);
    }

    /**
     * Sends a packet of any protocol that fits the link and lies {@link #HEADROOM} behind the start of {@code frame}.
     *
     * @param source may be 0 while we have no address (DHCP)
     * @return false if it could not be queued; the frame is gone in any case
     */
    public boolean send(TransmitFrame frame, int protocol, int source, int destination, long nowNanos) {
        putHeader(frame, identification++, 0, protocol, source, destination);
        return sendOut(frame, destination, nowNanos);
    }

    private static void putHeader(
            TransmitFrame frame, int identification, int fragment, int protocol, int source, int destination) {
        int at = frame.headStart + IP;
        int length = frame.headLength - IP + frame.payloadLength();
        int lives = Ipv4Header.DEFAULT_TIME_TO_LIVE << 8 | protocol;
        Ipv4View.put(frame.head, at, length, identification & 0xffff, fragment, lives, source, destination);
    }

    /**
     * Sends the payload {@code block.bytes[at, at + length)}, cut into pieces if it does not fit the link. The block is kept
     * until the device is done.
     *
     * @return false if not all of it could be queued
     */
    public boolean sendPayload(
            Block block, int at, int length, int protocol, int source, int destination, long nowNanos) {
        int whole = ethernet.device().mtu() - Ipv4View.HEADER_BYTES;
        int piece = length <= whole ? length : whole & ~7;
        int id = identification++;
        for (int from = 0; from < length; from += piece) {
            TransmitFrame frame = ethernet.take();
            if (frame == null) {
                return false;
            }
            int size = Math.min(piece, length - from);
            boolean isLast = from + size == length;
            frame.headLength = HEADROOM;
            frame.addSpan(block.bytes.address(at + from, size), size, block);
            putHeader(frame, id, from >> 3 | (isLast ? 0 : Ipv4View.MORE_FRAGMENTS), protocol, source, destination);
            if (piece < length) {
                counters.fragmentsSent.increment();
            }
            if (!sendOut(frame, destination, nowNanos)) {
                return false;
            }
        }
        return true;
    }

    private boolean sendOut(TransmitFrame frame, int destination, long nowNanos) {
        if (link.isOwn(destination)) {
            return loopback.send(frame);
        }
        boolean isSent;
        if (link.isBroadcast(destination)) {
            isSent = ethernet.transmit(frame, EthernetView.BROADCAST, EthernetView.TYPE_IPV4);
        } else {
            int nextHop = link.nextHop(destination);
            Neighbor neighbor = nextHop == Ipv4Interface.NO_ROUTE ? null : arp.neighbor(nextHop, nowNanos);
            if (neighbor == null) {
                counters.noRoute.increment();
                frame.completed();
                return true;
            }
            isSent = arp.send(frame, neighbor, nowNanos);
        }
        if (!isSent) {
            frame.completed();
        }
        return isSent;
    }
}
