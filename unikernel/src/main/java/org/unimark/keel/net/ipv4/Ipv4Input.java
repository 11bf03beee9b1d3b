// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.ethernet.EthernetLink;
import org.unimark.keel.net.wire.IcmpView;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.Ipv4View;

/** What comes in: checks a packet, puts pieces together, and hands the payload to its protocol. */
final class Ipv4Input implements EthernetLink.Ipv4Receiver {
    private final Ipv4Interface link;
    private final Ipv4Counters counters;
    private final Reassembly reassembly;
    private SegmentReceiver tcp;
    private Ipv4Receiver udp;
    private Ipv4Receiver icmp;
    private ErrorReporter errors;

    Ipv4Input(Ipv4Interface link, Ipv4Counters counters, Reassembly reassembly) {
        this.link = link;
        this.counters = counters;
        this.reassembly = reassembly;
    }

    void attach(SegmentReceiver tcp, Ipv4Receiver udp, Ipv4Receiver icmp, ErrorReporter errors) {
        this.tcp = tcp;
        this.udp = udp;
        this.icmp = icmp;
        this.errors = errors;
        reassembly.reportTo(errors);
    }

    /** Recognises the packet that nearly all are, a whole TCP segment for us; the long way says what the others are. */
    @Override
    public void receiveIpv4(Block block, int at, int length, boolean checksumVerified, boolean isGroup, long nowNanos) {
        if (length >= Ipv4View.HEADER_BYTES && !isGroup) {
            Bytes bytes = block.bytes;
            long first = Ipv4View.first(bytes, at);
            long second = Ipv4View.second(bytes, at);
            int destination = Ipv4View.destination(bytes, at);
            int source = (int) second;
            int payload = Ipv4View.totalLength(first) - Ipv4View.HEADER_BYTES;
            if (Ipv4View.isOrdinary(first)
                    && Ipv4View.protocol(second) == Ipv4View.PROTOCOL_TCP
                    && destination == link.address
                    && payload >= 0
                    && payload <= length - Ipv4View.HEADER_BYTES
                    && link.isAcceptedSource(source)
                    && Ipv4View.isChecksumCorrect(first, second, destination)) {
                int segment = at + Ipv4View.HEADER_BYTES;
                tcp.receiveSegment(block, segment, payload, source, destination, checksumVerified, nowNanos);
                return;
            }
        }
        receiveOther(block, at, length, checksumVerified, isGroup, nowNanos);
    }

    private void receiveOther(
            Block block, int at, int length, boolean checksumVerified, boolean isGroup, long nowNanos) {
        Bytes bytes = block.bytes;
        int headerLength = Ipv4View.headerLength(bytes, at, length);
        if (headerLength < 0) {
            counters.malformed.increment();
            return;
        }
        if (!Ipv4View.isChecksumCorrect(bytes, at, headerLength)) {
            counters.badChecksum.increment();
            return;
        }
        int source = Ipv4View.source(bytes, at);
        int destination = Ipv4View.destination(bytes, at);
        if (!link.isPlausibleSource(source) || Ipv4Address.isLoopback(destination)) {
            counters.martian.increment();
            return;
        }
        if (destination == link.address) {
            // A unicast packet in a frame to many is an attempt to get around something (RFC 1122, 3.3.6).
            if (isGroup) {
                counters.martian.increment();
                return;
            }
        } else if (!isAcceptable(bytes, at, destination)) {
            counters.notForUs.increment();
            return;
        }
        if (headerLength != Ipv4View.HEADER_BYTES && !areOptionsAcceptable(bytes, at, headerLength)) {
            return;
        }
        int fragment = Ipv4View.fragment(bytes, at) & (Ipv4View.MORE_FRAGMENTS | Ipv4View.OFFSET_MASK);
        if (fragment != 0) {
            receiveFragment(block, at, headerLength, nowNanos);
            return;
        }
        int payload = Ipv4View.totalLength(bytes, at) - headerLength;
        deliver(block, at, headerLength, payload, source, destination, checksumVerified, nowNanos);
    }

    /** Broadcasts of this link; and anything for UDP while we wait for an address (RFC 2131, 4.1). */
    private boolean isAcceptable(Bytes bytes, int at, int destination) {
        return link.isBroadcast(destination)
                || link.address == 0 && Ipv4View.protocol(bytes, at) == Ipv4View.PROTOCOL_UDP;
    }

    private boolean areOptionsAcceptable(Bytes bytes, int at, int headerLength) {
        switch (Ipv4Options.check(bytes, at + Ipv4View.HEADER_BYTES, at + headerLength)) {
            case HARMLESS:
                return true;
            case SOURCE_ROUTED:
                counters.sourceRouted.increment();
                return false;
            default:
                counters.malformed.increment();
                return false;
        }
    }

    private void receiveFragment(Block block, int at, int headerLength, long nowNanos) {
        counters.fragmentsReceived.increment();
        Block whole = reassembly.add(block, at, headerLength, nowNanos);
        if (whole == null) {
            return;
        }
        int source = Ipv4View.source(whole.bytes, 0);
        int destination = Ipv4View.destination(whole.bytes, 0);
        int payload = whole.end - Ipv4View.HEADER_BYTES;
        deliver(whole, 0, Ipv4View.HEADER_BYTES, payload, source, destination, false, nowNanos);
        whole.release();
    }

    /** A packet of our own that never was on the wire; its checksums need no look. */
    void receiveLocal(Block block, int at, long nowNanos) {
        Bytes bytes = block.bytes;
        if ((Ipv4View.fragment(bytes, at) & (Ipv4View.MORE_FRAGMENTS | Ipv4View.OFFSET_MASK)) != 0) {
            receiveFragment(block, at, Ipv4View.HEADER_BYTES, nowNanos);
            return;
        }
        int payload = Ipv4View.totalLength(bytes, at) - Ipv4View.HEADER_BYTES;
        int source = Ipv4View.source(bytes, at);
        deliver(block, at, Ipv4View.HEADER_BYTES, payload, source, Ipv4View.destination(bytes, at), true, nowNanos);
    }

    private void deliver(
            Block block,
            int header,
            int headerLength,
            int length,
            int source,
            int destination,
            boolean checksumVerified,
            long nowNanos) {
        int at = header + headerLength;
        int protocol = Ipv4View.protocol(block.bytes, header);
        if (protocol == Ipv4View.PROTOCOL_TCP) {
            // RFC 9293, 3.9.2: TCP has no use for broadcasts.
            if (link.isBroadcast(destination)) {
                counters.martian.increment();
            } else {
                tcp.receiveSegment(block, at, length, source, destination, checksumVerified, nowNanos);
            }
        } else if (protocol == Ipv4View.PROTOCOL_UDP) {
            udp.receive(block, header, at, length, source, destination, checksumVerified, nowNanos);
        } else if (protocol == Ipv4View.PROTOCOL_ICMP) {
            icmp.receive(block, header, at, length, source, destination, checksumVerified, nowNanos);
        } else {
            counters.unknownProtocol.increment();
            int code = IcmpView.PROTOCOL_UNREACHABLE;
            errors.report(block, header, headerLength + length, IcmpView.DESTINATION_UNREACHABLE, code, nowNanos);
        }
    }
}
