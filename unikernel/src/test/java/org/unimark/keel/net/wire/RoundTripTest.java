// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterProperty;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

/** Every record is read back as it was written, wherever it lies. */
class RoundTripTest {
    private static final int ROOM = 4096;
    private static final long MAC = 0xffff_ffff_ffffL;

    private final Arena arena = new Arena();
    private final Bytes bytes = arena.allocate(ROOM);

    @AfterProperty
    void giveMemoryBack() {
        arena.close();
    }

    @Property
    void ethernet(
            @ForAll @LongRange(max = MAC) long destination,
            @ForAll @LongRange(max = MAC) long source,
            @ForAll @IntRange(max = 0xffff) int type,
            @ForAll @IntRange(max = 7) int at) {
        EthernetHeader header = new EthernetHeader(destination, source, type);
        int end = header.emit(bytes, at);
        assertThat(EthernetHeader.parse(bytes, at, end - at)).isEqualTo(header);
        assertThat(EthernetHeader.parse(bytes, at, end - at - 1)).isNull();
    }

    @Property
    void arp(
            @ForAll @IntRange(min = 1, max = 2) int operation,
            @ForAll @LongRange(max = MAC) long senderHardware,
            @ForAll int senderProtocol,
            @ForAll @LongRange(max = MAC) long targetHardware,
            @ForAll int targetProtocol) {
        ArpPacket packet = new ArpPacket(operation, senderHardware, senderProtocol, targetHardware, targetProtocol);
        int end = packet.emit(bytes, 3);
        assertThat(ArpPacket.parse(bytes, 3, end - 3)).isEqualTo(packet);
        assertThat(ArpPacket.parse(bytes, 3, end - 4)).isNull();
    }

    @Property
    void ipv4(@ForAll("ipv4Headers") Ipv4Header header) {
        int end = header.emit(bytes, 5);
        assertThat(end).isEqualTo(5 + Ipv4View.HEADER_BYTES);
        assertThat(Ipv4Header.parse(bytes, 5, Ipv4View.HEADER_BYTES + header.payloadLength()))
                .isEqualTo(header);
        bytes.put8(5 + 8, bytes.u8(5 + 8) ^ 1);
        assertThat(Ipv4Header.parse(bytes, 5, Ipv4View.HEADER_BYTES + header.payloadLength()))
                .as("a flipped bit")
                .isNull();
    }

    @Provide
    Arbitrary<Ipv4Header> ipv4Headers() {
        Arbitrary<Integer> octet = Arbitraries.integers().between(0, 255);
        return Combinators.combine(
                        octet,
                        Arbitraries.integers().between(0, ROOM - 100),
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers().between(0, 0x1fff),
                        Arbitraries.integers().between(0, 3),
                        octet,
                        octet)
                .flatAs((service, length, identification, offset, flags, lives, protocol) -> Combinators.combine(
                                Arbitraries.integers(), Arbitraries.integers())
                        .as((source, destination) -> new Ipv4Header(
                                service,
                                length,
                                identification,
                                (flags & 1) != 0,
                                (flags & 2) != 0,
                                offset * 8,
                                lives,
                                protocol,
                                source,
                                destination)));
    }

    @Property
    void udp(
            @ForAll @IntRange(max = 0xffff) int source,
            @ForAll @IntRange(max = 0xffff) int destination,
            @ForAll @IntRange(max = 500) int length,
            @ForAll int from,
            @ForAll int to) {
        bytes.fill(8, length, 0x5a);
        UdpHeader header = new UdpHeader(source, destination, length);
        header.emit(bytes, 0, from, to);
        assertThat(UdpHeader.parse(bytes, 0, 8 + length)).isEqualTo(header);
        assertThat(UdpView.checksum(bytes, 0)).isNotZero();
        assertThat(UdpView.isChecksumCorrect(bytes, 0, from, to)).isTrue();
        assertThat(UdpView.isChecksumCorrect(bytes, 0, from ^ 1, to)).isFalse();
    }

    @Property
    void icmp(
            @ForAll @IntRange(max = 255) int type,
            @ForAll @IntRange(max = 255) int code,
            @ForAll int rest,
            @ForAll @IntRange(max = 300) int length) {
        IcmpMessage message = new IcmpMessage(type, code, rest, length);
        message.emit(bytes, 2);
        assertThat(IcmpMessage.parse(bytes, 2, 8 + length)).isEqualTo(message);
    }

    @Property
    void tcp(@ForAll("tcpHeaders") TcpHeader header, @ForAll @IntRange(max = 100) int payload) {
        int end = header.emit(bytes, 1);
        assertThat(end - 1).isEqualTo(header.length());
        assertThat(TcpHeader.parse(bytes, 1, header.length() + payload)).isEqualTo(header);
        assertThat(TcpHeader.parse(bytes, 1, header.length() - 1)).isNull();
    }

    @Provide
    Arbitrary<TcpHeader> tcpHeaders() {
        Arbitrary<Integer> port = Arbitraries.integers().between(0, 0xffff);
        return Combinators.combine(
                        port,
                        port,
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        Arbitraries.integers().between(0, 255),
                        port,
                        port,
                        tcpOptions())
                .as(TcpHeader::new);
    }

    private Arbitrary<TcpHeader.Options> tcpOptions() {
        Arbitrary<TcpHeader.Timestamps> timestamps = Combinators.combine(Arbitraries.integers(), Arbitraries.integers())
                .as(TcpHeader.Timestamps::new)
                .injectNull(0.5);
        Arbitrary<List<TcpHeader.SackBlock>> sack = Combinators.combine(Arbitraries.integers(), Arbitraries.integers())
                .as(TcpHeader.SackBlock::new)
                .list()
                .ofMaxSize(2);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers().between(-1, 14),
                        Arbitraries.of(true, false),
                        timestamps,
                        sack)
                .as((size, scale, permitted, stamps, blocks) -> fitting(size, scale, permitted, stamps, blocks));
    }

    /** All options at once do not fit into 40 bytes: SACK blocks belong to segments that are no SYN. */
    private static TcpHeader.Options fitting(
            int size, int scale, boolean permitted, TcpHeader.Timestamps stamps, List<TcpHeader.SackBlock> blocks) {
        return blocks.isEmpty()
                ? new TcpHeader.Options(size, scale, permitted, stamps, blocks)
                : new TcpHeader.Options(0, TcpOptions.ABSENT, false, stamps, blocks);
    }

    @Property
    void dhcp(@ForAll("dhcpMessages") DhcpMessage message) {
        int end = message.emit(bytes, 0);
        assertThat(end).isGreaterThanOrEqualTo(300);
        assertThat(DhcpMessage.parse(bytes, 0, end)).isEqualTo(message);
    }

    @Provide
    Arbitrary<DhcpMessage> dhcpMessages() {
        Arbitrary<Integer> address = Arbitraries.integers();
        Arbitrary<byte[]> value =
                Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(600);
        Arbitrary<DhcpOptions> options = Combinators.combine(
                        Arbitraries.integers().between(1, 254).filter(code -> code != DhcpOptions.OVERLOAD), value)
                .as((code, content) -> new Object[] {code, content})
                .list()
                .ofMaxSize(4)
                .map(RoundTripTest::options);
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        address,
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.of(true, false),
                        address,
                        address,
                        Arbitraries.longs().between(0, MAC),
                        options)
                .as((reply, transaction, seconds, broadcast, client, your, hardware, values) -> new DhcpMessage(
                        reply, transaction, seconds, broadcast, client, your, client ^ 1, your ^ 1, hardware, values));
    }

    private static DhcpOptions options(List<Object[]> values) {
        DhcpOptions options = new DhcpOptions();
        values.forEach(value -> options.add((Integer) value[0], (byte[]) value[1]));
        return options;
    }
}
