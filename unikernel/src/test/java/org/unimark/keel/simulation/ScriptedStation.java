// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.ArpPacket;
import org.unimark.keel.net.wire.ArpView;
import org.unimark.keel.net.wire.EthernetHeader;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.IcmpMessage;
import org.unimark.keel.net.wire.Ipv4Header;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.net.wire.UdpHeader;
import org.unimark.keel.net.wire.UdpView;

/** A station without a stack: a test sends its frames one by one and looks at every frame that comes. */
public final class ScriptedStation implements VirtualWire.Station {
    private static final int SCRATCH_BYTES = 70_000;

    private final VirtualWire wire;
    private final long mac;
    private final int address;
    private final Bytes scratch;
    private final Deque<byte[]> inbox = new ArrayDeque<>();
    private Consumer<byte[]> reflex = frame -> {};

    public ScriptedStation(Simulation simulation, int number) {
        this.wire = simulation.wire();
        this.mac = Simulation.mac(number);
        this.address = Simulation.address(number);
        this.scratch = simulation.arena().allocate(SCRATCH_BYTES);
        wire.attach(this);
    }

    @Override
    public void arrive(byte[] frame) {
        inbox.add(frame);
        reflex.accept(frame);
    }

    /** Does something about every frame at once, before the test sees it. */
    public void onFrame(Consumer<byte[]> reflex) {
        this.reflex = reflex;
    }

    /** Answers ARP requests for its address, like a living host. */
    public ScriptedStation answeringArp() {
        onFrame(frame -> {
            ArpPacket packet = arp(frame);
            if (packet != null && packet.operation() == ArpView.REQUEST && packet.targetProtocol() == address) {
                sendArp(
                        packet.senderHardware(),
                        new ArpPacket(ArpView.REPLY, mac, address, packet.senderHardware(), packet.senderProtocol()));
            }
        });
        return this;
    }

    public long mac() {
        return mac;
    }

    public int address() {
        return address;
    }

    /** The oldest frame that was not looked at, or null. */
    public byte[] next() {
        return inbox.poll();
    }

    /** The oldest frame that fits, or null; what came before it is gone. */
    public byte[] next(Predicate<byte[]> fits) {
        for (byte[] frame = inbox.poll(); frame != null; frame = inbox.poll()) {
            if (fits.test(frame)) {
                return frame;
            }
        }
        return null;
    }

    public int waiting() {
        return inbox.size();
    }

    public void forget() {
        inbox.clear();
    }

    public void send(byte[] frame) {
        wire.send(this, frame);
    }

    /** Sends an ARP packet from this station's hardware address. */
    public void sendArp(long destination, ArpPacket packet) {
        int end = packet.emit(scratch, new EthernetHeader(destination, mac, EthernetView.TYPE_ARP).emit(scratch, 0));
        send(Arena.toArray(scratch, 0, end));
    }

    /** Sends an IPv4 packet. */
    public void sendIpv4(long destination, Ipv4Header header, byte[] payload) {
        send(frame(destination, header, payload));
    }

    public byte[] frame(long destination, Ipv4Header header, byte[] payload) {
        int ip = new EthernetHeader(destination, mac, EthernetView.TYPE_IPV4).emit(scratch, 0);
        int at = header.emit(scratch, ip);
        scratch.copyFrom(at, payload, 0, payload.length);
        return Arena.toArray(scratch, 0, at + payload.length);
    }

    /** A UDP datagram with its checksum, as payload of IPv4. */
    public byte[] udp(int sourceAddress, int destinationAddress, UdpHeader header, byte[] payload) {
        scratch.copyFrom(8, payload, 0, payload.length);
        header.emit(scratch, 0, sourceAddress, destinationAddress);
        return Arena.toArray(scratch, 0, 8 + payload.length);
    }

    /** An ICMP message with its checksum, as payload of IPv4. */
    public byte[] icmp(int type, int code, int rest, byte[] payload) {
        scratch.copyFrom(8, payload, 0, payload.length);
        new IcmpMessage(type, code, rest, payload.length).emit(scratch, 0);
        return Arena.toArray(scratch, 0, 8 + payload.length);
    }

    /** The frame's Ethernet header. */
    public EthernetHeader ethernet(byte[] frame) {
        return EthernetHeader.parse(load(frame), 0, frame.length);
    }

    /** The ARP packet in a frame, or null. */
    public ArpPacket arp(byte[] frame) {
        Bytes bytes = load(frame);
        return EthernetView.check(frame.length) && EthernetView.type(bytes, 0) == EthernetView.TYPE_ARP
                ? ArpPacket.parse(bytes, EthernetView.HEADER_BYTES, frame.length - EthernetView.HEADER_BYTES)
                : null;
    }

    /** The IPv4 header in a frame, or null. */
    public Ipv4Header ipv4(byte[] frame) {
        Bytes bytes = load(frame);
        return EthernetView.check(frame.length) && EthernetView.type(bytes, 0) == EthernetView.TYPE_IPV4
                ? Ipv4Header.parse(bytes, EthernetView.HEADER_BYTES, frame.length - EthernetView.HEADER_BYTES)
                : null;
    }

    /** The payload of the IPv4 packet in a frame. */
    public byte[] ipv4Payload(byte[] frame) {
        Ipv4Header header = ipv4(frame);
        return Arena.toArray(load(frame), EthernetView.HEADER_BYTES + Ipv4View.HEADER_BYTES, header.payloadLength());
    }

    /** The ICMP message in a frame, or null. */
    public IcmpMessage icmp(byte[] frame) {
        Ipv4Header header = ipv4(frame);
        if (header == null || header.protocol() != Ipv4View.PROTOCOL_ICMP) {
            return null;
        }
        int at = EthernetView.HEADER_BYTES + Ipv4View.HEADER_BYTES;
        return IcmpMessage.parse(load(frame), at, header.payloadLength());
    }

    /** The UDP header in a frame whose checksum is right, or null. */
    public UdpHeader udp(byte[] frame) {
        Ipv4Header header = ipv4(frame);
        if (header == null || header.protocol() != Ipv4View.PROTOCOL_UDP) {
            return null;
        }
        int at = EthernetView.HEADER_BYTES + Ipv4View.HEADER_BYTES;
        Bytes bytes = load(frame);
        UdpHeader udp = UdpHeader.parse(bytes, at, header.payloadLength());
        boolean isSound = udp != null && UdpView.isChecksumCorrect(bytes, at, header.source(), header.destination());
        return isSound ? udp : null;
    }

    private Bytes load(byte[] frame) {
        scratch.copyFrom(0, frame, 0, frame.length);
        return scratch;
    }
}
