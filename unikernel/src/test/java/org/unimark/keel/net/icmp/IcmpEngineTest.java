// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.IcmpMessage;
import org.unimark.keel.net.wire.IcmpView;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.Ipv4Header;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.net.wire.UdpHeader;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

class IcmpEngineTest {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000_000_000L;
    private static final int PROTOCOL_GRE = 47;

    private final Simulation simulation = new Simulation(1);
    private SimulatedHost host;
    private ScriptedStation peer;

    @BeforeEach
    void quietHost() {
        peer = new ScriptedStation(simulation, 2).answeringArp();
        host = simulation.host(1);
        simulation.run(3 * SECONDS);
        peer.forget();
    }

    @AfterEach
    void giveMemoryBack() {
        simulation.close();
    }

    private void send(int destination, int protocol, byte[] payload) {
        long mac = destination == host.address() ? host.device().macAddress() : EthernetView.BROADCAST;
        peer.sendIpv4(mac, Ipv4Header.of(peer.address(), destination, protocol, payload.length), payload);
    }

    private byte[] echo(int sequence, int size) {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) (i * 31 + sequence);
        }
        return peer.icmp(IcmpView.ECHO_REQUEST, 0, 0x1234 << 16 | sequence, data);
    }

    private byte[] nextIcmp() {
        return peer.next(frame -> peer.icmp(frame) != null);
    }

    private IcmpMessage expectError() {
        simulation.run(10 * MILLIS);
        byte[] frame = nextIcmp();
        return frame == null ? null : peer.icmp(frame);
    }

    @Test
    void answersAnEchoWithTheSameData() {
        byte[] request = echo(7, 57);
        send(host.address(), Ipv4View.PROTOCOL_ICMP, request);
        simulation.run(10 * MILLIS);
        byte[] reply = nextIcmp();
        assertThat(peer.icmp(reply)).isEqualTo(new IcmpMessage(IcmpView.ECHO_REPLY, 0, 0x12340007, 57));
        byte[] data = peer.ipv4Payload(reply);
        assertThat(Arrays.copyOfRange(data, 8, data.length)).isEqualTo(Arrays.copyOfRange(request, 8, 65));
        assertThat(host.outstandingBuffers()).isZero();
    }

    @Test
    void ignoresEchoesToBroadcasts() {
        send(Ipv4Address.BROADCAST, Ipv4View.PROTOCOL_ICMP, echo(1, 8));
        send(Simulation.address(255), Ipv4View.PROTOCOL_ICMP, echo(2, 8));
        simulation.run(10 * MILLIS);
        assertThat(nextIcmp()).isNull();
        assertThat(host.count("icmp.ignored")).isEqualTo(2);
    }

    @Test
    void limitsTheRateOfEchoes() {
        send(host.address(), Ipv4View.PROTOCOL_ICMP, echo(0, 8));
        simulation.run(10 * MILLIS);
        for (int i = 0; i < IcmpEngine.ECHOES_AT_ONCE + 200; i++) {
            send(host.address(), Ipv4View.PROTOCOL_ICMP, echo(i, 8));
            if (i % 64 == 0) {
                simulation.run(20_000);
            }
        }
        simulation.run(MILLIS);
        assertThat(host.count("icmp.rate_limited")).isBetween(100L, 200L);
    }

    @Test
    void dropsWrongChecksums() {
        byte[] request = echo(1, 8);
        request[9] ^= 1;
        send(host.address(), Ipv4View.PROTOCOL_ICMP, request);
        simulation.run(10 * MILLIS);
        assertThat(nextIcmp()).isNull();
        assertThat(host.count("icmp.dropped_malformed")).isEqualTo(1);
    }

    @Test
    void reportsPortsAndProtocolsThatNobodyServes() {
        byte[] datagram = peer.udp(peer.address(), host.address(), new UdpHeader(4000, 4001, 100), new byte[100]);
        send(host.address(), Ipv4View.PROTOCOL_UDP, datagram);
        IcmpMessage unreachable = expectError();
        assertThat(unreachable.type()).isEqualTo(IcmpView.DESTINATION_UNREACHABLE);
        assertThat(unreachable.code()).isEqualTo(IcmpView.PORT_UNREACHABLE);
        assertThat(unreachable.payloadLength()).isGreaterThanOrEqualTo(28);
        send(host.address(), PROTOCOL_GRE, new byte[20]);
        assertThat(expectError().code()).isEqualTo(IcmpView.PROTOCOL_UNREACHABLE);
    }

    @Test
    void saysNothingAboutErrorsBroadcastsAndLaterFragments() {
        byte[] quote = new byte[28];
        quote[0] = 0x45;
        send(host.address(), Ipv4View.PROTOCOL_ICMP, peer.icmp(IcmpView.TIME_EXCEEDED, 0, 0, quote));
        byte[] datagram = peer.udp(peer.address(), Ipv4Address.BROADCAST, new UdpHeader(4000, 4001, 8), new byte[8]);
        send(Ipv4Address.BROADCAST, Ipv4View.PROTOCOL_UDP, datagram);
        assertThat(expectError()).isNull();
    }

    @Test
    void limitsTheRateOfErrors() {
        for (int i = 0; i < 300; i++) {
            send(host.address(), PROTOCOL_GRE, new byte[8]);
            simulation.run(20_000);
        }
        simulation.run(MILLIS);
        assertThat(host.count("icmp.errors_sent"))
                .isBetween((long) IcmpEngine.ERRORS_AT_ONCE, IcmpEngine.ERRORS_AT_ONCE + 2L);
        simulation.run(SECONDS);
        send(host.address(), PROTOCOL_GRE, new byte[8]);
        peer.forget();
        assertThat(expectError()).as("a second later it is allowed again").isNotNull();
    }

    @Test
    void survivesQuotesThatAreNoPackets() {
        for (int size = 0; size < 40; size++) {
            byte[] quote = new byte[size];
            Arrays.fill(quote, (byte) 0x4f);
            send(host.address(), Ipv4View.PROTOCOL_ICMP, peer.icmp(IcmpView.DESTINATION_UNREACHABLE, 4, 0, quote));
        }
        simulation.run(10 * MILLIS);
        assertThat(host.count("icmp.errors_received")).isEqualTo(40);
        assertThat(host.count("icmp.dropped_malformed")).isEqualTo(40);
    }
}
