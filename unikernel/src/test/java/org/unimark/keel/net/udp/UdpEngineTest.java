// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.Ipv4Header;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.net.wire.UdpHeader;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

class UdpEngineTest {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000_000_000L;

    private record Heard(int address, int port, byte[] data) {}

    private final Simulation simulation = new Simulation(1);
    private final List<Heard> heard = new ArrayList<>();
    private SimulatedHost host;
    private ScriptedStation peer;
    private UdpEngine udp;

    @BeforeEach
    void quietHost() {
        peer = new ScriptedStation(simulation, 2).answeringArp();
        host = simulation.host(1);
        udp = host.stack().udp();
        simulation.run(3 * SECONDS);
        peer.forget();
    }

    @AfterEach
    void giveMemoryBack() {
        simulation.close();
    }

    private DatagramHandler listener() {
        return (socket, address, port, data, offset, length, now) ->
                heard.add(new Heard(address, port, Arena.toArray(data, offset, length)));
    }

    private UdpSocket.SendResult send(UdpSocket socket, int address, int length) {
        Bytes data = simulation.arena().allocate(Math.max(1, length));
        return socket.send(address, 4000, data, 0, length, simulation.clock().nanos());
    }

    private void datagram(int port, byte[] payload) {
        byte[] datagram = peer.udp(peer.address(), host.address(), new UdpHeader(4000, port, payload.length), payload);
        sendRaw(datagram);
    }

    private void sendRaw(byte[] datagram) {
        Ipv4Header header = Ipv4Header.of(peer.address(), host.address(), Ipv4View.PROTOCOL_UDP, datagram.length);
        peer.sendIpv4(host.device().macAddress(), header, datagram);
        simulation.run(MILLIS);
    }

    @Test
    void deliversToThePortThatIsBound() {
        udp.bind(53, listener());
        datagram(53, new byte[] {1, 2, 3});
        datagram(54, new byte[] {4});
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).data()).containsExactly(1, 2, 3);
        assertThat(heard.get(0).address()).isEqualTo(peer.address());
        assertThat(heard.get(0).port()).isEqualTo(4000);
        assertThat(host.count("udp.dropped_no_socket")).isEqualTo(1);
    }

    @Test
    void takesEmptyDatagramsAndThoseWithoutChecksum() {
        udp.bind(53, listener());
        datagram(53, new byte[0]);
        byte[] unchecked = peer.udp(peer.address(), host.address(), new UdpHeader(1, 53, 1), new byte[] {7});
        unchecked[6] = 0;
        unchecked[7] = 0;
        sendRaw(unchecked);
        assertThat(heard).hasSize(2);
    }

    @Test
    void dropsWhatIsDamaged() {
        udp.bind(53, listener());
        byte[] damaged = peer.udp(peer.address(), host.address(), new UdpHeader(1, 53, 4), new byte[4]);
        damaged[9] ^= 1;
        sendRaw(damaged);
        byte[] tooLong = peer.udp(peer.address(), host.address(), new UdpHeader(1, 53, 4), new byte[4]);
        tooLong[5] = 13;
        sendRaw(tooLong);
        sendRaw(new byte[7]);
        assertThat(heard).isEmpty();
        assertThat(host.count("udp.dropped_bad_checksum")).isEqualTo(1);
        assertThat(host.count("udp.dropped_malformed")).isEqualTo(2);
    }

    @Test
    void bindsEachPortOnceAndSixteenInAll() {
        UdpSocket first = udp.bind(1000, listener());
        assertThat(udp.bind(1000, listener())).isNull();
        for (int i = 1; i < UdpEngine.MAXIMUM_SOCKETS; i++) {
            assertThat(udp.bind(0, listener()).port()).isBetween(49_152, 65_535);
        }
        assertThat(udp.bind(0, listener())).isNull();
        first.close();
        assertThat(udp.bind(1000, listener())).isNotNull();
    }

    @Test
    void sendsWithChecksumAndInPiecesIfItMust() {
        UdpSocket socket = udp.bind(5000, listener());
        assertThat(send(socket, peer.address(), 100)).isEqualTo(UdpSocket.SendResult.SENT);
        simulation.run(MILLIS);
        byte[] frame = peer.next(candidate -> peer.udp(candidate) != null);
        assertThat(peer.udp(frame)).isEqualTo(new UdpHeader(5000, 4000, 100));
        assertThat(send(socket, peer.address(), UdpEngine.MAXIMUM_PAYLOAD_BYTES))
                .isEqualTo(UdpSocket.SendResult.SENT);
        simulation.run(MILLIS);
        assertThat(host.count("ipv4.fragments_sent")).isEqualTo(2);
        assertThat(host.outstandingBuffers()).isZero();
        assertThat(host.memory().udpBlocks().available())
                .isEqualTo(host.memory().udpBlocks().capacity());
    }

    @Test
    void saysWhyItDoesNotSend() {
        UdpSocket socket = udp.bind(5000, listener());
        assertThat(send(socket, peer.address(), UdpEngine.MAXIMUM_PAYLOAD_BYTES + 1))
                .isEqualTo(UdpSocket.SendResult.TOO_LONG);
        assertThat(send(socket, Ipv4Address.of(192, 0, 2, 1), 1)).isEqualTo(UdpSocket.SendResult.UNREACHABLE);
        int silent = Simulation.address(77);
        UdpSocket.SendResult result = UdpSocket.SendResult.SENT;
        for (int i = 0; i < 60; i++) {
            result = send(socket, Simulation.address(77 + i % 6), 1);
        }
        assertThat(result).as("all buffers wait for ARP").isEqualTo(UdpSocket.SendResult.BUSY);
        simulation.run(10 * SECONDS);
        assertThat(send(socket, silent, 1)).as("later it is possible again").isEqualTo(UdpSocket.SendResult.SENT);
    }
}
