// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/** One line for a frame, for traces and messages of tests; says what is wrong with a frame that is malformed. */
public final class PacketPrinter {
    private static final String FLAG_LETTERS = "FSRPAUEC";

    private PacketPrinter() {}

    public static String print(Bytes bytes, int at, int length) {
        EthernetHeader ethernet = EthernetHeader.parse(bytes, at, length);
        if (ethernet == null) {
            return "truncated Ethernet header, " + length + " bytes";
        }
        int payload = at + EthernetView.HEADER_BYTES;
        int payloadLength = length - EthernetView.HEADER_BYTES;
        switch (ethernet.type()) {
            case EthernetView.TYPE_ARP:
                return printArp(ArpPacket.parse(bytes, payload, payloadLength));
            case EthernetView.TYPE_IPV4:
                return printIpv4(bytes, payload, payloadLength);
            default:
                return MacAddress.toString(ethernet.source()) + " > " + MacAddress.toString(ethernet.destination())
                        + " type 0x" + Integer.toHexString(ethernet.type()) + ", " + payloadLength + " bytes";
        }
    }

    private static String printArp(ArpPacket packet) {
        if (packet == null) {
            return "ARP, malformed";
        }
        String sender = Ipv4Address.toString(packet.senderProtocol());
        if (packet.operation() == ArpView.REQUEST) {
            return "ARP, who has " + Ipv4Address.toString(packet.targetProtocol()) + ", asks " + sender;
        }
        return "ARP, " + sender + " is at " + MacAddress.toString(packet.senderHardware());
    }

    private static String printIpv4(Bytes bytes, int at, int length) {
        Ipv4Header header = Ipv4Header.parse(bytes, at, length);
        if (header == null) {
            return "IPv4, malformed";
        }
        String way = Ipv4Address.toString(header.source()) + " > " + Ipv4Address.toString(header.destination());
        if (header.moreFragments() || header.fragmentOffset() != 0) {
            return way + " protocol " + header.protocol() + ", bytes " + header.fragmentOffset() + " to "
                    + (header.fragmentOffset() + header.payloadLength()) + " of packet " + header.identification();
        }
        int payload = at + Ipv4View.headerLength(bytes, at, length);
        switch (header.protocol()) {
            case Ipv4View.PROTOCOL_TCP:
                return way + " " + printTcp(bytes, payload, header.payloadLength());
            case Ipv4View.PROTOCOL_UDP:
                return way + " " + printUdp(bytes, payload, header.payloadLength());
            case Ipv4View.PROTOCOL_ICMP:
                return way + " " + printIcmp(bytes, payload, header.payloadLength());
            default:
                return way + " protocol " + header.protocol() + ", " + header.payloadLength() + " bytes";
        }
    }

    private static String printTcp(Bytes bytes, int at, int length) {
        TcpHeader header = TcpHeader.parse(bytes, at, length);
        if (header == null) {
            return "TCP, malformed";
        }
        StringBuilder text = new StringBuilder("TCP ");
        text.append(header.sourcePort())
                .append(" > ")
                .append(header.destinationPort())
                .append(' ');
        for (int i = 0; i < FLAG_LETTERS.length(); i++) {
            if ((header.flags() >> i & 1) != 0) {
                text.append(FLAG_LETTERS.charAt(i));
            }
        }
        int headerLength = TcpView.headerLength(bytes, at, length);
        text.append(" seq ").append(header.sequence() & 0xffffffffL);
        if (header.has(TcpView.ACK)) {
            text.append(" ack ").append(header.acknowledgment() & 0xffffffffL);
        }
        text.append(" window ").append(header.window());
        return text.append(", ").append(length - headerLength).append(" bytes").toString();
    }

    private static String printUdp(Bytes bytes, int at, int length) {
        UdpHeader header = UdpHeader.parse(bytes, at, length);
        return header == null
                ? "UDP, malformed"
                : "UDP " + header.sourcePort() + " > " + header.destinationPort() + ", " + header.payloadLength()
                        + " bytes";
    }

    private static String printIcmp(Bytes bytes, int at, int length) {
        IcmpMessage message = IcmpMessage.parse(bytes, at, length);
        return message == null
                ? "ICMP, malformed"
                : "ICMP type " + message.type() + " code " + message.code() + ", " + message.payloadLength() + " bytes";
    }
}
