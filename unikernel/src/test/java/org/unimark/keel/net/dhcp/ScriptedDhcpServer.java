// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.dhcp;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.DhcpMessage;
import org.unimark.keel.net.wire.DhcpOptions;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.Ipv4Header;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.net.wire.UdpHeader;
import org.unimark.keel.net.wire.UdpView;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.Simulation;

/** A server that does what the test tells it, and remembers what it was asked. */
final class ScriptedDhcpServer {
    final List<DhcpMessage> heard = new ArrayList<>();
    final ScriptedStation station;
    boolean isSilent;
    boolean refuses;
    int offered;
    int leaseSeconds = 3600;
    int router;

    private final Bytes scratch;

    ScriptedDhcpServer(Simulation simulation, int number, int offered) {
        station = new ScriptedStation(simulation, number).answeringArp();
        this.offered = offered;
        router = station.address();
        scratch = simulation.arena().allocate(2048);
        simulation.actor(this::work);
    }

    private boolean work() {
        boolean worked = false;
        for (byte[] frame = station.next(); frame != null; frame = station.next()) {
            UdpHeader udp = station.udp(frame);
            if (udp != null && udp.destinationPort() == DhcpMessage.SERVER_PORT) {
                byte[] payload = station.ipv4Payload(frame);
                scratch.copyFrom(0, payload, 0, payload.length);
                hear(DhcpMessage.parse(scratch, UdpView.HEADER_BYTES, payload.length - UdpView.HEADER_BYTES));
                worked = true;
            }
        }
        return worked;
    }

    private void hear(DhcpMessage message) {
        heard.add(message);
        if (isSilent) {
            return;
        }
        int wantedServer = message.options().getInt(DhcpOptions.SERVER_IDENTIFIER, station.address());
        if (message.type() == DhcpMessage.DISCOVER) {
            answer(message, DhcpMessage.OFFER);
        } else if (message.type() == DhcpMessage.REQUEST && wantedServer == station.address()) {
            answer(message, refuses ? DhcpMessage.REFUSE : DhcpMessage.ACKNOWLEDGE);
        }
    }

    void answer(DhcpMessage message, int type) {
        DhcpOptions options = new DhcpOptions();
        options.add(DhcpOptions.MESSAGE_TYPE, (byte) type);
        options.addInt(DhcpOptions.SERVER_IDENTIFIER, station.address());
        int granted = 0;
        if (type != DhcpMessage.REFUSE) {
            granted = offered;
            options.addInt(DhcpOptions.LEASE_SECONDS, leaseSeconds)
                    .addInt(DhcpOptions.SUBNET_MASK, Ipv4Address.mask(Simulation.PREFIX_LENGTH))
                    .addInt(DhcpOptions.ROUTER, router)
                    .addInt(DhcpOptions.DOMAIN_NAME_SERVER, station.address());
        }
        DhcpMessage reply = new DhcpMessage(
                true, message.transaction(), 0, false, 0, granted, 0, 0, message.clientHardware(), options);
        send(reply, message);
    }

    /** Unicast to an address that the client does not have yet, or broadcast for a refusal (RFC 2131, 4.1). */
    private void send(DhcpMessage reply, DhcpMessage request) {
        int end = reply.emit(scratch, 0);
        byte[] payload = Arena.toArray(scratch, 0, end);
        boolean isBroadcast = reply.yourAddress() == 0;
        int destination = isBroadcast ? Ipv4Address.BROADCAST : reply.yourAddress();
        UdpHeader header = new UdpHeader(DhcpMessage.SERVER_PORT, DhcpMessage.CLIENT_PORT, payload.length);
        byte[] datagram = station.udp(station.address(), destination, header, payload);
        Ipv4Header ip = Ipv4Header.of(station.address(), destination, Ipv4View.PROTOCOL_UDP, datagram.length);
        station.sendIpv4(isBroadcast ? EthernetView.BROADCAST : request.clientHardware(), ip, datagram);
    }

    DhcpMessage last() {
        return heard.get(heard.size() - 1);
    }

    List<Integer> types() {
        return heard.stream().map(DhcpMessage::type).toList();
    }
}
