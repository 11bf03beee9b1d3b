// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.CapturedFrame;

/** What Linux, BusyBox and curl sent, read and written again. */
class CapturedFramesTest {
    private static final int IP = EthernetView.HEADER_BYTES;
    private static final int TRANSPORT = IP + Ipv4View.HEADER_BYTES;

    private final Arena arena = new Arena();

    @AfterEach
    void giveMemoryBack() {
        arena.close();
    }

    private Bytes load(String name) {
        return arena.copyOf(CapturedFrame.named(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            arp-request-linux | ARP, who has 198.18.0.1, asks 198.18.0.54
            arp-reply-linux | ARP, 198.18.0.1 is at 02:00:00:00:00:01
            icmp-echo-request | 198.18.0.54 > 198.18.0.1 ICMP type 8 code 0, 56 bytes
            icmp-port-unreachable | 198.18.0.1 > 198.18.0.54 ICMP type 3 code 3, 31 bytes
            icmp-echo-fragment-first | 198.18.0.54 > 198.18.0.1 protocol 1, bytes 0 to 1480 of packet 37041
            icmp-echo-fragment-last | 198.18.0.54 > 198.18.0.1 protocol 1, bytes 2960 to 4008 of packet 37041
            udp-datagram | 198.18.0.54 > 198.18.0.1 UDP 51924 > 9, 3 bytes
            dhcp-offer | 198.18.0.1 > 255.255.255.255 UDP 67 > 68, 300 bytes
            """)
    void printsOneLineAFrame(String name, String line) {
        Bytes frame = load(name);
        assertThat(PacketPrinter.print(frame, 0, frame.length())).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp-syn-linux",
        "tcp-syn-acknowledge-linux",
        "tcp-acknowledge",
        "tcp-http-request-curl",
        "tcp-http-response",
        "tcp-fin"
    })
    void readsSegmentsAndWritesTheSameBytes(String name) {
        Bytes frame = load(name);
        byte[] before = Arena.toArray(frame, 0, frame.length());
        Ipv4Header ip = Ipv4Header.parse(frame, IP, frame.length() - IP);
        long pseudo = InternetChecksum.pseudoHeader(ip.source(), ip.destination(), ip.protocol(), ip.payloadLength());
        long sum = pseudo + InternetChecksum.sum(frame, TRANSPORT, ip.payloadLength());
        assertThat(InternetChecksum.isCorrect(sum)).isTrue();
        TcpHeader tcp = TcpHeader.parse(frame, TRANSPORT, ip.payloadLength());
        Bytes again = arena.allocate(frame.length());
        again.copyFrom(0, frame, 0, frame.length());
        again.fill(IP, Ipv4View.HEADER_BYTES, 0);
        ip.emit(again, IP);
        if (tcp.has(TcpView.SYN)) {
            // Linux orders the options of a SYN in its own way.
            assertThat(tcp.options().maximumSegmentSize()).isEqualTo(1460);
            assertThat(tcp.options().sackPermitted()).isTrue();
            assertThat(tcp.options().timestamps()).isNotNull();
            assertThat(tcp.options().windowScale()).isBetween(1, 14);
        } else {
            again.fill(TRANSPORT, tcp.length(), 0);
            tcp.emit(again, TRANSPORT);
            TcpHeader.putChecksum(again, TRANSPORT, ip.payloadLength(), ip.source(), ip.destination());
            assertThat(Arena.toArray(again, 0, frame.length())).isEqualTo(before);
        }
    }

    @Test
    void readsTheConversationOfDhcp() {
        DhcpMessage discover = dhcp("dhcp-discover");
        DhcpMessage offer = dhcp("dhcp-offer");
        DhcpMessage request = dhcp("dhcp-request");
        DhcpMessage acknowledgement = dhcp("dhcp-acknowledge");
        assertThat(List.of(discover.type(), offer.type(), request.type(), acknowledgement.type()))
                .containsExactly(DhcpMessage.DISCOVER, DhcpMessage.OFFER, DhcpMessage.REQUEST, DhcpMessage.ACKNOWLEDGE);
        assertThat(discover.options().get(DhcpOptions.HOST_NAME))
                .isEqualTo("linux".getBytes(StandardCharsets.US_ASCII));
        assertThat(offer.transaction()).isEqualTo(discover.transaction());
        assertThat(acknowledgement.isReply()).isTrue();
        assertThat(acknowledgement.clientHardware()).isEqualTo(0x0200_0000_0002L);
        assertThat(acknowledgement.yourAddress()).isEqualTo(Ipv4Address.of(198, 18, 0, 54));
        assertThat(acknowledgement.options().getInt(DhcpOptions.ROUTER, 0)).isEqualTo(Ipv4Address.of(198, 18, 0, 1));
        assertThat(acknowledgement.options().getInt(DhcpOptions.LEASE_SECONDS, 0))
                .isEqualTo(3600);
    }

    private DhcpMessage dhcp(String name) {
        Bytes frame = load(name);
        int udp = TRANSPORT;
        return DhcpMessage.parse(frame, udp + UdpView.HEADER_BYTES, frame.length() - udp - UdpView.HEADER_BYTES);
    }
}
