// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.IcmpView;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.Ipv4Header;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

/** What gets through IPv4's filters: an echo request that does is answered. */
class Ipv4InputTest {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000_000_000L;

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

    private byte[] frame(int source, int destination) {
        byte[] echo = peer.icmp(IcmpView.ECHO_REQUEST, 0, 1, new byte[24]);
        Ipv4Header header = Ipv4Header.of(source, destination, Ipv4View.PROTOCOL_ICMP, echo.length);
        return peer.frame(host.device().macAddress(), header, echo);
    }

    private byte[] soundFrame() {
        return frame(peer.address(), host.address());
    }

    private boolean isAnswered(byte[] frame) {
        peer.send(frame);
        simulation.run(10 * MILLIS);
        return peer.next(candidate -> peer.icmp(candidate) != null) != null;
    }

    private void mendHeaderChecksum(byte[] frame, int headerLength) {
        frame[24] = 0;
        frame[25] = 0;
        Bytes bytes = simulation.arena().copyOf(frame);
        int checksum = InternetChecksum.finish(InternetChecksum.sum(bytes, 14, headerLength));
        frame[24] = (byte) (checksum >> 8);
        frame[25] = (byte) checksum;
    }

    @Test
    void takesASoundPacketAndOneWithPadding() {
        assertThat(isAnswered(soundFrame())).isTrue();
        assertThat(isAnswered(Arrays.copyOf(soundFrame(), 100))).isTrue();
    }

    @Test
    void dropsEveryTruncation() {
        byte[] sound = soundFrame();
        for (int length = 0; length < sound.length; length++) {
            assertThat(isAnswered(Arrays.copyOf(sound, length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
        assertThat(host.count("ethernet.dropped_malformed")).isEqualTo(EthernetView.HEADER_BYTES);
        assertThat(host.count("ipv4.dropped_malformed")).isEqualTo(sound.length - EthernetView.HEADER_BYTES);
    }

    @Test
    void dropsWrongVersionsLengthsAndChecksums() {
        byte[] version = soundFrame();
        version[14] = 0x65;
        byte[] shortHeader = soundFrame();
        shortHeader[14] = 0x44;
        byte[] checksum = soundFrame();
        checksum[24] ^= 1;
        assertThat(isAnswered(version)).isFalse();
        assertThat(isAnswered(shortHeader)).isFalse();
        assertThat(isAnswered(checksum)).isFalse();
        assertThat(host.count("ipv4.dropped_malformed")).isEqualTo(2);
        assertThat(host.count("ipv4.dropped_bad_checksum")).isEqualTo(1);
    }

    @Test
    void dropsMartians() {
        int[] impossible = {
            0,
            host.address(),
            Ipv4Address.BROADCAST,
            Simulation.address(255),
            Ipv4Address.of(127, 0, 0, 1),
            Ipv4Address.of(224, 0, 0, 1),
            Ipv4Address.of(240, 1, 2, 3)
        };
        for (int source : impossible) {
            assertThat(isAnswered(frame(source, host.address()))).isFalse();
        }
        assertThat(isAnswered(frame(peer.address(), Ipv4Address.of(127, 0, 0, 1))))
                .isFalse();
        byte[] unicastToAll = soundFrame();
        Arrays.fill(unicastToAll, 0, 6, (byte) 0xff);
        assertThat(isAnswered(unicastToAll)).isFalse();
        assertThat(host.count("ipv4.dropped_martian")).isEqualTo(impossible.length + 2);
    }

    @Test
    void dropsWhatIsForOthers() {
        assertThat(isAnswered(frame(peer.address(), Simulation.address(77)))).isFalse();
        assertThat(isAnswered(frame(peer.address(), Ipv4Address.of(224, 0, 0, 251))))
                .isFalse();
        assertThat(host.count("ipv4.dropped_not_for_us")).isEqualTo(2);
        byte[] otherStation = soundFrame();
        otherStation[5] ^= 0x40;
        assertThat(isAnswered(otherStation)).isFalse();
        assertThat(host.count("ethernet.dropped_not_for_us")).isEqualTo(1);
    }

    private byte[] withOptions(int... options) {
        byte[] sound = soundFrame();
        byte[] longer = new byte[sound.length + options.length];
        System.arraycopy(sound, 0, longer, 0, 34);
        for (int i = 0; i < options.length; i++) {
            longer[34 + i] = (byte) options[i];
        }
        System.arraycopy(sound, 34, longer, 34 + options.length, sound.length - 34);
        longer[14] = (byte) (0x45 + options.length / 4);
        longer[17] = (byte) (longer.length - 14);
        mendHeaderChecksum(longer, 20 + options.length);
        return longer;
    }

    @Test
    void skipsOptionsButRefusesSourceRoutes() {
        assertThat(isAnswered(withOptions(1, 1, 1, 0))).isTrue();
        assertThat(isAnswered(withOptions(148, 4, 0, 0))).as("router alert").isTrue();
        assertThat(isAnswered(withOptions(131, 7, 4, 10, 0, 0, 1, 0)))
                .as("loose source route")
                .isFalse();
        assertThat(isAnswered(withOptions(1, 137, 3, 4)))
                .as("strict source route")
                .isFalse();
        assertThat(host.count("ipv4.dropped_source_routed")).isEqualTo(2);
        assertThat(isAnswered(withOptions(7, 1, 0, 0))).isFalse();
        assertThat(isAnswered(withOptions(7, 9, 0, 0))).isFalse();
        assertThat(isAnswered(withOptions(1, 1, 1, 7))).isFalse();
        assertThat(host.count("ipv4.dropped_malformed")).isEqualTo(3);
        assertThat(host.outstandingBuffers()).isZero();
    }

    @Test
    void repliesThroughTheGatewayToOtherNetworks() {
        assertThat(isAnswered(frame(Ipv4Address.of(192, 0, 2, 1), host.address())))
                .isFalse();
        assertThat(host.count("ipv4.no_route")).isEqualTo(1);
    }

    @Test
    void talksToItself() {
        int[] heard = new int[1];
        host.stack().udp().bind(7, (socket, address, port, data, offset, length, now) -> {
            heard[0] += length;
            if (port != 7) {
                socket.send(address, port, data, offset, length, now);
            }
        });
        var sender = host.stack()
                .udp()
                .bind(0, (socket, address, port, data, offset, length, now) -> heard[0] += 10_000 * length);
        Bytes payload = simulation.arena().copyOf(Arrays.copyOf(new byte[] {1, 2, 3}, 2_000));
        long now = simulation.clock().nanos();
        sender.send(Ipv4Address.of(127, 0, 0, 1), 7, payload, 0, 5, now);
        sender.send(host.address(), 7, payload, 0, 2_000, now);
        simulation.run(10 * MILLIS);
        assertThat(heard[0]).as("also a datagram in pieces").isEqualTo(2_005 + 10_000 * 2_005);
        assertThat(peer.next()).as("nothing of it on the wire").isNull();
        assertThat(Arena.toArray(payload, 0, 3)).containsExactly(1, 2, 3);
        assertThat(host.memory().loopbackBlocks().available())
                .isEqualTo(host.memory().loopbackBlocks().capacity());
    }
}
