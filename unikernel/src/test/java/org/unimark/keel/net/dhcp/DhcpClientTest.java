// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.net.NetworkConfiguration;
import org.unimark.keel.net.wire.ArpPacket;
import org.unimark.keel.net.wire.ArpView;
import org.unimark.keel.net.wire.DhcpMessage;
import org.unimark.keel.net.wire.DhcpOptions;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.simulation.Impairments;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

class DhcpClientTest {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000_000_000L;

    private Simulation simulation = new Simulation(1);

    @AfterEach
    void giveMemoryBack() {
        simulation.close();
    }

    private ScriptedDhcpServer server() {
        return new ScriptedDhcpServer(simulation, 1, Simulation.address(50));
    }

    private SimulatedHost client() {
        return simulation.host(9, NetworkConfiguration.dynamic("keel"), new SimulatedHost.Options());
    }

    private SimulatedHost boundClient() {
        SimulatedHost host = client();
        simulation.runUntil(host::isConfigured, SECONDS);
        return host;
    }

    @Test
    void getsAnAddressInFourMessagesAndAMoment() {
        ScriptedDhcpServer server = server();
        SimulatedHost host = client();
        assertThat(host.address()).isZero();
        simulation.runUntil(host::isConfigured, MILLIS);
        assertThat(host.address()).isEqualTo(Simulation.address(50));
        assertThat(host.stack().lease().gateway()).isEqualTo(Simulation.address(1));
        assertThat(host.stack().lease().nameServer()).isEqualTo(Simulation.address(1));
        assertThat(host.stack().lease().prefixLength()).isEqualTo(24);
        assertThat(server.types()).containsExactly(DhcpMessage.DISCOVER, DhcpMessage.REQUEST);
        DhcpOptions options = server.last().options();
        assertThat(options.getInt(DhcpOptions.REQUESTED_ADDRESS, 0)).isEqualTo(Simulation.address(50));
        assertThat(options.getInt(DhcpOptions.SERVER_IDENTIFIER, 0)).isEqualTo(Simulation.address(1));
        assertThat(options.get(DhcpOptions.HOST_NAME))
                .isEqualTo("keel".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(host.logged()).contains("network: 198.18.0.50/24 gateway 198.18.0.1");
    }

    @Test
    void asksAgainWithGrowingPausesWhileNobodyAnswers() {
        ScriptedDhcpServer server = server();
        server.isSilent = true;
        SimulatedHost host = client();
        simulation.run(200 * SECONDS);
        assertThat(server.heard).hasSizeBetween(7, 10);
        assertThat(server.last().seconds()).isGreaterThan(60);
        server.isSilent = false;
        simulation.runUntil(host::isConfigured, 90 * SECONDS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void copesWithLossDuplicationAndCorruption(long seed) {
        simulation.close();
        simulation = new Simulation(seed);
        simulation
                .wire()
                .impair(Impairments.NONE.withLoss(0.3).withDuplication(0.2).withCorruption(0.1));
        simulation.recordingFailures(() -> {
            server();
            SimulatedHost host = client();
            simulation.runUntil(host::isConfigured, 600 * SECONDS);
            assertThat(host.address()).isEqualTo(Simulation.address(50));
        });
    }

    @Test
    void renewsAtHalfTimeWithTheServerThatGranted() {
        ScriptedDhcpServer server = server();
        boundClient();
        server.heard.clear();
        simulation.run(1799 * SECONDS);
        assertThat(server.heard).isEmpty();
        simulation.run(2 * SECONDS);
        assertThat(server.types()).containsExactly(DhcpMessage.REQUEST);
        DhcpMessage renewal = server.last();
        assertThat(renewal.clientAddress()).isEqualTo(Simulation.address(50));
        assertThat(renewal.options().has(DhcpOptions.REQUESTED_ADDRESS)).isFalse();
        assertThat(renewal.options().has(DhcpOptions.SERVER_IDENTIFIER)).isFalse();
        simulation.run(1790 * SECONDS);
        assertThat(server.heard).as("the new lease counts from the renewal").hasSize(1);
    }

    @Test
    void asksEverybodyLaterAndGivesTheAddressUpInTheEnd() {
        ScriptedDhcpServer server = server();
        SimulatedHost host = boundClient();
        server.heard.clear();
        server.isSilent = true;
        simulation.run(3140 * SECONDS);
        assertThat(server.heard).as("renewing").hasSizeBetween(3, 8);
        int renewals = server.heard.size();
        assertThat(host.address()).isEqualTo(Simulation.address(50));
        simulation.run(458 * SECONDS);
        assertThat(server.heard.size()).as("rebinding").isGreaterThan(renewals);
        assertThat(host.address()).isEqualTo(Simulation.address(50));
        simulation.run(5 * SECONDS);
        assertThat(host.address()).isZero();
        assertThat(host.count("dhcp.leases_lost")).isEqualTo(1);
        assertThat(server.last().type()).isEqualTo(DhcpMessage.DISCOVER);
        server.isSilent = false;
        simulation.run(70 * SECONDS);
        assertThat(host.address()).isEqualTo(Simulation.address(50));
    }

    @Test
    void anotherServerCanTakeOverWhenTheFirstIsGone() {
        ScriptedDhcpServer first = server();
        SimulatedHost host = boundClient();
        first.isSilent = true;
        new ScriptedDhcpServer(simulation, 2, Simulation.address(50));
        simulation.run(3700 * SECONDS);
        assertThat(host.address()).isEqualTo(Simulation.address(50));
        assertThat(host.stack().lease().server()).isEqualTo(Simulation.address(2));
        assertThat(host.count("dhcp.leases_lost")).isZero();
    }

    @Test
    void aRefusedRenewalEndsTheLeaseAtOnce() {
        ScriptedDhcpServer server = server();
        SimulatedHost host = boundClient();
        server.refuses = true;
        simulation.run(1801 * SECONDS);
        assertThat(host.count("dhcp.leases_lost")).isEqualTo(1);
        server.refuses = false;
        server.offered = Simulation.address(60);
        simulation.run(10 * SECONDS);
        assertThat(host.address()).isEqualTo(Simulation.address(60));
    }

    @Test
    void aServerThatRefusesItsOffersIsNotAskedAtTheSpeedOfTheWire() {
        ScriptedDhcpServer server = server();
        server.refuses = true;
        client();
        simulation.run(20 * SECONDS);
        assertThat(server.heard).hasSizeBetween(20, 50);
    }

    @Test
    void declinesAnAddressThatIsInUse() {
        ScriptedDhcpServer server = server();
        ScriptedStation squatter = new ScriptedStation(simulation, 50);
        squatter.onFrame(frame -> {
            ArpPacket probe = squatter.arp(frame);
            if (probe != null && probe.targetProtocol() == squatter.address()) {
                long asker = probe.senderHardware();
                squatter.sendArp(asker, new ArpPacket(ArpView.REPLY, squatter.mac(), squatter.address(), asker, 0));
            }
        });
        SimulatedHost host = boundClient();
        simulation.run(SECONDS);
        assertThat(server.last().type()).isEqualTo(DhcpMessage.DECLINE);
        assertThat(server.last().options().getInt(DhcpOptions.REQUESTED_ADDRESS, 0))
                .isEqualTo(squatter.address());
        assertThat(host.address()).isZero();
        server.offered = Simulation.address(60);
        simulation.run(11 * SECONDS);
        assertThat(host.address()).isEqualTo(Simulation.address(60));
    }

    @Test
    void verifiesItsLeaseWhenTheCableComesBack() {
        ScriptedDhcpServer server = server();
        SimulatedHost host = boundClient();
        simulation.run(3 * SECONDS);
        server.heard.clear();
        host.device().setLinkUp(false);
        simulation.run(5 * SECONDS);
        host.device().setLinkUp(true);
        simulation.run(5 * SECONDS);
        assertThat(server.types()).containsExactly(DhcpMessage.REQUEST);
        assertThat(host.logged()).contains("network: link is down", "network: link is up");
        assertThat(host.address()).isEqualTo(Simulation.address(50));
    }

    @Test
    void anEndlessLeaseIsNeverRenewed() {
        ScriptedDhcpServer server = server();
        server.leaseSeconds = -1;
        SimulatedHost host = boundClient();
        server.heard.clear();
        simulation.run(1_000_000 * SECONDS);
        assertThat(server.heard).isEmpty();
        assertThat(host.address()).isEqualTo(Simulation.address(50));
    }

    @Test
    void ignoresAnswersToOthersAndOffersThatMakeNoSense() {
        ScriptedDhcpServer server = server();
        server.offered = EthernetView.HEADER_BYTES;
        SimulatedHost host = client();
        simulation.run(SECONDS / 2);
        assertThat(server.types()).containsExactly(DhcpMessage.DISCOVER);
        assertThat(host.count("dhcp.messages_ignored")).isEqualTo(1);
        DhcpMessage foreign = new DhcpMessage(
                false,
                server.last().transaction() + 1,
                0,
                false,
                0,
                0,
                0,
                0,
                host.device().macAddress(),
                new DhcpOptions());
        server.offered = Simulation.address(50);
        server.answer(foreign, DhcpMessage.OFFER);
        simulation.run(10 * MILLIS);
        assertThat(host.count("dhcp.messages_ignored")).isEqualTo(2);
        assertThat(server.heard).hasSize(1);
    }
}
