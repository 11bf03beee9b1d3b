// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

/**
 * Whatever comes, a parser says yes or no, looks at no byte outside, and what it accepts is read back after writing. The
 * corpus lies in the resources beside this class's name; it grew from the captured frames.
 */
@Tag("fuzz")
class ParserFuzzTest {
    private static final int ROOM = 8192;

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** For each input its own memory, so that one byte too far faults; given back at once. */
    private interface Body {
        void run(Bytes input, Bytes room);
    }

    private static void with(byte[] data, Body body) {
        try (Arena arena = new Arena()) {
            body.run(arena.copyOf(data), arena.allocate(ROOM));
        }
    }

    @FuzzTest(maxDuration = "20s")
    void ethernetAndArp(byte[] data) {
        with(data, (input, room) -> {
            EthernetHeader ethernet = EthernetHeader.parse(input, 0, data.length);
            if (ethernet != null) {
                ethernet.emit(room, 0);
                require(ethernet.equals(EthernetHeader.parse(room, 0, 14)), "Ethernet is read back");
            }
            ArpPacket arp = ArpPacket.parse(input, 0, data.length);
            if (arp != null) {
                arp.emit(room, 0);
                require(arp.equals(ArpPacket.parse(room, 0, ArpView.PACKET_BYTES)), "ARP is read back");
            }
        });
    }

    @FuzzTest(maxDuration = "20s")
    void ipv4(byte[] data) {
        with(data, (input, room) -> {
            int headerLength = Ipv4View.headerLength(input, 0, data.length);
            if (headerLength < 0) {
                return;
            }
            // A fuzzer seldom guesses a checksum: give it one.
            input.put16(10, 0);
            input.put16(10, InternetChecksum.finish(InternetChecksum.sum(input, 0, headerLength)));
            Ipv4Header header = Ipv4Header.parse(input, 0, data.length);
            require(header != null, "a right checksum is enough");
            header.emit(room, 0);
            int length = Ipv4View.HEADER_BYTES + header.payloadLength();
            require(length > ROOM || header.equals(Ipv4Header.parse(room, 0, length)), "IPv4 is read back");
        });
    }

    @FuzzTest(maxDuration = "20s")
    void tcp(byte[] data) {
        with(data, (input, room) -> {
            TcpHeader header = TcpHeader.parse(input, 0, data.length);
            if (header != null && header.length() <= TcpView.MAXIMUM_BYTES) {
                int end = header.emit(room, 0);
                require(header.equals(TcpHeader.parse(room, 0, end)), "TCP is read back");
            }
        });
    }

    @FuzzTest(maxDuration = "20s")
    void udpAndIcmp(byte[] data) {
        with(data, (input, room) -> {
            UdpHeader udp = UdpHeader.parse(input, 0, data.length);
            if (udp != null) {
                UdpView.isChecksumCorrect(input, 0, 1, 2);
                udp.emit(input, 0, 1, 2);
                require(udp.equals(UdpHeader.parse(input, 0, data.length)), "UDP is read back");
                require(UdpView.isChecksumCorrect(input, 0, 1, 2), "UDP's checksum is right");
            }
            if (data.length >= IcmpView.HEADER_BYTES) {
                IcmpView.put(input, 0, IcmpView.type(input, 0), IcmpView.code(input, 0), 7, data.length);
                require(IcmpMessage.parse(input, 0, data.length) != null, "ICMP is read back");
            }
        });
    }

    @FuzzTest(maxDuration = "20s")
    void dhcp(byte[] data) {
        with(data, (input, room) -> {
            DhcpMessage message = DhcpMessage.parse(input, 0, data.length);
            if (message != null && data.length < ROOM / 4 && !message.options().has(DhcpOptions.OVERLOAD)) {
                int end = message.emit(room, 0);
                require(message.equals(DhcpMessage.parse(room, 0, end)), "DHCP is read back");
            }
        });
    }

    @FuzzTest(maxDuration = "20s")
    void printer(byte[] data) {
        with(data, (input, room) -> {
            String line = PacketPrinter.print(input, 0, data.length);
            require(!line.isEmpty() && line.indexOf('\n') < 0, "one line");
            require(line.equals(PacketPrinter.print(copy(room, data), 0, data.length)), "always the same");
        });
    }

    private static Bytes copy(Bytes room, byte[] data) {
        byte[] part = Arrays.copyOf(data, Math.min(data.length, ROOM));
        room.copyFrom(0, part, 0, part.length);
        return new Bytes().wrap(room, 0, part.length);
    }
}
