// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.arp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.udp.UdpSocket;
import org.unimark.keel.net.wire.ArpPacket;
import org.unimark.keel.net.wire.ArpView;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.MacAddress;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

class ArpEngineTest {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000_000_000L;

    private final Simulation simulation = new Simulation(1);
    private SimulatedHost host;
    private ScriptedStation peer;
    private ScriptedStation thief;
    private UdpSocket socket;
    private Bytes payload;

    @BeforeEach
    void hostWithAnnouncementsBehindIt() {
        peer = new ScriptedStation(simulation, 2);
        thief = new ScriptedStation(simulation, 3);
        host = simulation.host(1);
        socket = host.stack().udp().bind(7, (socket, address, port, data, offset, length, now) -> {});
        payload = simulation.arena().allocate(16);
        simulation.run(3 * SECONDS);
    }

    @AfterEach
    void giveMemoryBack() {
        simulation.close();
    }

    private void clearInboxes() {
        peer.forget();
        thief.forget();
    }

    private void sendDatagram() {
        socket.send(peer.address(), 9, payload, 0, 16, simulation.clock().nanos());
        simulation.run(MILLIS);
    }

    private ArpPacket request(int target) {
        return new ArpPacket(ArpView.REQUEST, host.device().macAddress(), host.address(), 0, target);
    }

    private ArpPacket answer(ScriptedStation from) {
        long mac = host.device().macAddress();
        return new ArpPacket(ArpView.REPLY, from.mac(), peer.address(), mac, host.address());
    }

    private void expectRequest() {
        assertThat(peer.arp(peer.next())).isEqualTo(request(peer.address()));
    }

    private void expectDatagramTo(ScriptedStation station) {
        byte[] frame = station.next();
        assertThat(station.udp(frame)).isNotNull();
        assertThat(station.ethernet(frame).destination()).isEqualTo(station.mac());
    }

    /** Resolves the peer, with the datagram that asked for it delivered and nothing on the wire. */
    private void resolved() {
        clearInboxes();
        sendDatagram();
        expectRequest();
        peer.sendArp(host.device().macAddress(), answer(peer));
        simulation.run(MILLIS);
        expectDatagramTo(peer);
        clearInboxes();
    }

    @Test
    void probesAndAnnouncesItsAddressAtOnceAndAgainAfterTwoSeconds() {
        long mac = host.device().macAddress();
        ArpPacket announcement = new ArpPacket(ArpView.REQUEST, mac, host.address(), 0, host.address());
        assertThat(peer.arp(peer.next())).isEqualTo(new ArpPacket(ArpView.REQUEST, mac, 0, 0, host.address()));
        assertThat(peer.arp(peer.next())).isEqualTo(announcement);
        byte[] again = peer.next();
        assertThat(peer.arp(again)).isEqualTo(announcement);
        assertThat(peer.ethernet(again).destination()).isEqualTo(EthernetView.BROADCAST);
        assertThat(peer.next()).isNull();
    }

    @Test
    void answersRequestsForItsAddressOnly() {
        clearInboxes();
        peer.sendArp(
                EthernetView.BROADCAST,
                new ArpPacket(ArpView.REQUEST, peer.mac(), peer.address(), 0, Simulation.address(77)));
        peer.sendArp(
                EthernetView.BROADCAST, new ArpPacket(ArpView.REQUEST, peer.mac(), peer.address(), 0, host.address()));
        simulation.run(MILLIS);
        byte[] reply = peer.next();
        assertThat(peer.arp(reply))
                .isEqualTo(new ArpPacket(
                        ArpView.REPLY, host.device().macAddress(), host.address(), peer.mac(), peer.address()));
        assertThat(peer.ethernet(reply).destination()).isEqualTo(peer.mac());
        assertThat(peer.next()).isNull();
    }

    @Test
    void answersProbesWithoutLearningFromThem() {
        clearInboxes();
        peer.sendArp(EthernetView.BROADCAST, new ArpPacket(ArpView.REQUEST, peer.mac(), 0, 0, host.address()));
        simulation.run(MILLIS);
        assertThat(peer.arp(peer.next()).targetHardware()).isEqualTo(peer.mac());
        assertThat(host.stack().neighbors()).isZero();
    }

    @Test
    void keepsTheLatestFramesWhileItResolves() {
        clearInboxes();
        for (int i = 0; i < ArpEngine.MAXIMUM_WAITING_PER_NEIGHBOR + 2; i++) {
            sendDatagram();
        }
        expectRequest();
        assertThat(peer.next()).as("only one request a second").isNull();
        assertThat(host.count("arp.waiting_frames_dropped")).isEqualTo(2);
        peer.sendArp(host.device().macAddress(), answer(peer));
        simulation.run(MILLIS);
        for (int i = 0; i < ArpEngine.MAXIMUM_WAITING_PER_NEIGHBOR; i++) {
            expectDatagramTo(peer);
        }
        assertThat(peer.next()).isNull();
        assertThat(host.outstandingBuffers()).isZero();
    }

    @Test
    void givesUpAfterThreeRequestsAndForgetsSoon() {
        clearInboxes();
        sendDatagram();
        simulation.run(3 * SECONDS + 100 * MILLIS);
        for (int i = 0; i < ArpEngine.MAXIMUM_ATTEMPTS; i++) {
            expectRequest();
        }
        assertThat(host.count("arp.unresolved_frames_dropped")).isEqualTo(1);
        sendDatagram();
        assertThat(peer.next()).as("dropped at once").isNull();
        assertThat(host.count("arp.unresolved_frames_dropped")).isEqualTo(2);
        simulation.run(ArpEngine.FAILED_NANOS);
        assertThat(host.stack().neighbors()).isZero();
        assertThat(host.outstandingBuffers()).isZero();
    }

    @Test
    void asksTheStationItselfWhenTheEntryIsOldAndUsed() {
        resolved();
        simulation.run(60 * SECONDS);
        assertThat(peer.next()).as("an unused entry costs nothing").isNull();
        sendDatagram();
        expectDatagramTo(peer);
        simulation.run(5 * SECONDS);
        byte[] probe = peer.next();
        assertThat(peer.arp(probe)).isEqualTo(request(peer.address()));
        assertThat(peer.ethernet(probe).destination()).isEqualTo(peer.mac());
        peer.sendArp(host.device().macAddress(), answer(peer));
        simulation.run(14 * SECONDS);
        assertThat(peer.next()).as("reachable again").isNull();
    }

    @Test
    void resolvesAnewWhenTheStationIsGone() {
        resolved();
        simulation.run(60 * SECONDS);
        sendDatagram();
        simulation.run(8 * SECONDS + 500 * MILLIS);
        clearInboxes();
        simulation.run(SECONDS);
        byte[] broadcast = peer.next();
        assertThat(peer.ethernet(broadcast).destination()).isEqualTo(EthernetView.BROADCAST);
        assertThat(peer.arp(broadcast)).isEqualTo(request(peer.address()));
    }

    @Test
    void doesNotBelieveAnAnnouncementThatTheOwnerContradicts() {
        resolved();
        thief.sendArp(
                EthernetView.BROADCAST, new ArpPacket(ArpView.REQUEST, thief.mac(), peer.address(), 0, peer.address()));
        simulation.run(MILLIS);
        byte[] probe = peer.next(frame -> peer.ethernet(frame).destination() == peer.mac());
        assertThat(peer.arp(probe)).isEqualTo(request(peer.address()));
        peer.sendArp(host.device().macAddress(), answer(peer));
        simulation.run(MILLIS);
        thief.sendArp(host.device().macAddress(), answer(thief));
        simulation.run(MILLIS);
        clearInboxes();
        sendDatagram();
        expectDatagramTo(peer);
        assertThat(host.count("arp.changes_doubted")).isEqualTo(2);
    }

    @Test
    void followsAnAddressThatMovedWithinASecond() {
        resolved();
        thief.sendArp(
                EthernetView.BROADCAST, new ArpPacket(ArpView.REQUEST, thief.mac(), peer.address(), 0, peer.address()));
        simulation.run(800 * MILLIS);
        thief.sendArp(host.device().macAddress(), answer(thief));
        simulation.run(MILLIS);
        clearInboxes();
        sendDatagram();
        expectDatagramTo(thief);
    }

    @Test
    void ignoresWhatCannotBeTrue() {
        long mac = host.device().macAddress();
        ArpPacket relayed = new ArpPacket(ArpView.REQUEST, Simulation.mac(99), peer.address(), 0, host.address());
        ArpPacket foreign = new ArpPacket(ArpView.REQUEST, peer.mac(), 0x0a000001, 0, host.address());
        ArpPacket group = new ArpPacket(ArpView.REQUEST, EthernetView.BROADCAST, peer.address(), 0, host.address());
        clearInboxes();
        peer.sendArp(mac, relayed);
        peer.sendArp(mac, foreign);
        peer.sendArp(mac, group);
        simulation.run(MILLIS);
        assertThat(host.count("arp.dropped_implausible")).isEqualTo(3);
        assertThat(host.stack().neighbors()).isZero();
        assertThat(peer.next()).isNull();
    }

    @Test
    void unsolicitedRepliesDoNotFillTheCache() {
        for (int i = 10; i < 250; i++) {
            ScriptedStation liar = new ScriptedStation(simulation, i);
            liar.sendArp(
                    host.device().macAddress(),
                    new ArpPacket(
                            ArpView.REPLY,
                            liar.mac(),
                            liar.address(),
                            host.device().macAddress(),
                            host.address()));
        }
        simulation.run(MILLIS);
        assertThat(host.stack().neighbors()).isZero();
    }

    @Test
    void aFloodOfRequestsStaysWithinTheCacheAndSparesNeighborsInUse() {
        resolved();
        for (int i = 0; i < 2_000; i++) {
            int address = Simulation.NETWORK | 4 + i % 250;
            ArpPacket packet = new ArpPacket(ArpView.REQUEST, thief.mac(), address, 0, host.address());
            thief.sendArp(host.device().macAddress(), packet);
            simulation.run(MILLIS);
        }
        assertThat(host.stack().neighbors()).isLessThanOrEqualTo(NeighborCache.MAXIMUM_NEIGHBORS);
        clearInboxes();
        sendDatagram();
        expectDatagramTo(peer);
    }

    @Test
    void defendsItsAddressOnceInTenSecondsAndSaysSo() {
        clearInboxes();
        ArpPacket claim = new ArpPacket(ArpView.REQUEST, thief.mac(), host.address(), 0, host.address());
        for (int i = 0; i < 5; i++) {
            thief.sendArp(EthernetView.BROADCAST, claim);
            simulation.run(SECONDS);
        }
        ArpPacket defence = thief.arp(thief.next());
        assertThat(defence.senderHardware()).isEqualTo(host.device().macAddress());
        assertThat(defence.senderProtocol()).isEqualTo(host.address());
        assertThat(thief.next()).isNull();
        assertThat(host.count("arp.address_conflicts")).isEqualTo(5);
        assertThat(host.logged())
                .filteredOn(line -> line.contains(MacAddress.toString(thief.mac())))
                .hasSize(1);
    }
}
