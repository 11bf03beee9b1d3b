// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.arp.ArpEngine;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.dhcp.DhcpClient;
import org.unimark.keel.net.dhcp.Lease;
import org.unimark.keel.net.ethernet.EthernetLink;
import org.unimark.keel.net.icmp.IcmpEngine;
import org.unimark.keel.net.icmp.TransportErrors;
import org.unimark.keel.net.ipv4.Ipv4Engine;
import org.unimark.keel.net.ipv4.SegmentReceiver;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.net.tcp.TcpEngine;
import org.unimark.keel.net.tcp.TcpParameters;
import org.unimark.keel.net.udp.UdpEngine;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.MacAddress;

/** Keel's TCP/IP on one network card: makes the engines, connects them, and gives each its turn. */
public final class NetworkStack implements Poller {
    /** Frames received in one turn, so that timers and other sources of work are not starved. */
    public static final int FRAMES_PER_TURN = 64;

    /** Hears when the stack gets its address. */
    public interface Listener {
        /** The network can be used; called once, possibly while the stack is being started. */
        void networkConfigured();
    }

    private final NetworkDevice device;
    private final NetworkConfiguration configuration;
    private final Log log;
    private final EthernetLink ethernet;
    private final ArpEngine arp;
    private final Ipv4Engine ipv4;
    private final UdpEngine udp;
    private final TcpEngine tcp;
    private final DhcpClient dhcp;
    private final SegmentOutput segmentOutput;
    private final Counter linkChanges;
    private Listener listener;
    /** Null if nobody asked for it. */
    private Poller application;

    private Lease lease;
    private boolean wasLinkUp = true;

    /** A stack that is silent until {@link #start}. */
    public NetworkStack(
            NetworkDevice device,
            NetworkMemory memory,
            NetworkConfiguration configuration,
            TcpParameters parameters,
            Timers timers,
            RandomSource random,
            Counters counters,
            Log log) {
        this.device = device;
        this.configuration = configuration;
        this.log = log;
        ethernet = new EthernetLink(device, memory.frames(), counters);
        arp = new ArpEngine(ethernet, timers, random, counters);
        ipv4 = new Ipv4Engine(
                ethernet, arp, memory.datagramBlocks(), memory.loopbackBlocks(), timers, random, counters);
        segmentOutput = new SegmentOutput(ipv4.output(), device);
        tcp = new TcpEngine(
                parameters, memory.sendBlocks(), memory.receiveBuffers(), segmentOutput, timers, counters, random);
        IcmpEngine icmp = new IcmpEngine(ipv4.output(), ipv4.link(), new TcpErrors(tcp), counters);
        udp = new UdpEngine(ipv4.output(), icmp, memory.udpBlocks(), random, counters);
        ipv4.attach(new TcpInput(tcp), udp, icmp, icmp);
        dhcp = newDhcpClient(memory, timers, random, counters);
        arp.onConflict(this::addressConflict);
        linkChanges = counters.counter("network.link_changes");
    }

    private DhcpClient newDhcpClient(NetworkMemory memory, Timers timers, RandomSource random, Counters counters) {
        if (configuration.isStatic()) {
            return null;
        }
        // One block for good: messages are written there before UDP copies them.
        Block buffer = memory.udpBlocks().take();
        return new DhcpClient(
                udp,
                timers,
                random,
                counters,
                new LeaseHolder(),
                device.macAddress(),
                configuration.hostName(),
                buffer.bytes);
    }

    /** Hands segments to TCP, and what routers say about them. Apart from the stack, so that its API stays clean. */
    private static final class TcpInput implements SegmentReceiver {
        private final TcpEngine tcp;

        TcpInput(TcpEngine tcp) {
            this.tcp = tcp;
        }

        @Override
        public void receiveSegment(
                Block block, int at, int length, int source, int destination, boolean verified, long nowNanos) {
            tcp.receive(block, at, length, source, destination, verified, nowNanos);
        }
    }

    private static final class TcpErrors implements TransportErrors {
        private final TcpEngine tcp;

        TcpErrors(TcpEngine tcp) {
            this.tcp = tcp;
        }

        @Override
        public void packetTooBig(int source, int destination, int ports, int sequence, int mtu) {
            tcp.packetTooBig(source, destination, ports, sequence, mtu);
        }

        @Override
        public void unreachable(int source, int destination, int ports, int sequence, boolean hard) {
            tcp.unreachable(source, destination, ports, sequence, hard);
        }
    }

    private final class LeaseHolder implements DhcpClient.Listener {
        @Override
        public void leaseGranted(Lease granted, long nowNanos) {
            boolean isNew = lease == null
                    || lease.address() != granted.address()
                    || lease.prefixLength() != granted.prefixLength()
                    || lease.gateway() != granted.gateway();
            lease = granted;
            if (granted.mtu() >= SMALLEST_MTU) {
                segmentOutput.limitMtu(granted.mtu());
            }
            if (isNew) {
                configure(granted.address(), granted.prefixLength(), granted.gateway(), nowNanos);
            }
        }

        @Override
        public void leaseLost(long nowNanos) {
            log.line("network: lease of " + Ipv4Address.toString(lease.address()) + " lost");
            lease = null;
            ipv4.configure(0, 0, 0, nowNanos);
        }
    }

    /** RFC 791: every link carries so much; a server that says less is mistaken. */
    private static final int SMALLEST_MTU = 576;

    /** Configures the static address at once, or begins to ask for one. */
    public void start(Listener listener, long nowNanos) {
        this.listener = listener;
        wasLinkUp = device.isLinkUp();
        segmentOutput.nowNanos = nowNanos;
        if (configuration.isStatic()) {
            configure(configuration.address(), configuration.prefixLength(), configuration.gateway(), nowNanos);
        } else {
            dhcp.start(nowNanos);
        }
        device.flush();
    }

    private void configure(int address, int prefixLength, int gateway, long nowNanos) {
        ipv4.configure(address, prefixLength, gateway, nowNanos);
        String via = gateway == 0 ? "" : " gateway " + Ipv4Address.toString(gateway);
        log.line("network: " + Ipv4Address.toString(address) + "/" + prefixLength + via);
        Listener waiting = listener;
        listener = null;
        if (waiting != null) {
            waiting.networkConfigured();
        }
    }

    private void addressConflict(long otherHardware, long nowNanos) {
        String address = Ipv4Address.toString(ipv4.link().address());
        log.line("network: " + address + " is also used by " + MacAddress.toString(otherHardware));
        if (dhcp != null) {
            dhcp.addressConflict(nowNanos);
        }
    }

    /**
     * In each turn, {@code poller} is asked between what is received and what is sent: what it writes leaves in the same turn.
     * It may call {@link #poll}. There is one at most.
     */
    public void setApplication(Poller poller) {
        if (application != null) {
            throw new IllegalStateException("two pollers of applications");
        }
        application = poller;
    }

    @Override
    public int poll(long nowNanos) {
        segmentOutput.nowNanos = nowNanos;
        int work = ethernet.poll(nowNanos, FRAMES_PER_TURN);
        work += ipv4.pollLoopback(FRAMES_PER_TURN, nowNanos);
        if (application != null) {
            work += application.poll(nowNanos);
        }
        // Later than this turn began if there was another one within the application's.
        work += tcp.flushOutput(segmentOutput.nowNanos);
        if (device.isLinkUp() != wasLinkUp) {
            linkChanged(nowNanos);
        }
        device.flush();
        return work;
    }

    private void linkChanged(long nowNanos) {
        wasLinkUp = !wasLinkUp;
        linkChanges.increment();
        log.line(wasLinkUp ? "network: link is up" : "network: link is down");
        if (!wasLinkUp) {
            return;
        }
        if (dhcp != null) {
            dhcp.linkRestored(nowNanos);
        }
        if (ipv4.link().address() != 0) {
            arp.announceAgain(nowNanos);
        }
    }

    @Override
    public boolean prepareToSleep() {
        return !ipv4.hasLoopback()
                && !tcp.hasPendingOutput()
                && (application == null || application.prepareToSleep())
                && device.enableInterrupts();
    }

    /** TCP for applications. */
    public Network network() {
        return tcp;
    }

    /** UDP for services of the system. */
    public UdpEngine udp() {
        return udp;
    }

    /** IPv4, 0 while unconfigured. */
    public int address() {
        return ipv4.link().address();
    }

    /** What the DHCP server granted, null without one. */
    public Lease lease() {
        return lease;
    }

    /** Received blocks that wait for the other pieces of their datagram. */
    public int heldBlocks() {
        return ipv4.heldBlocks();
    }

    /** Known stations of this link. */
    public int neighbors() {
        return arp.neighbors();
    }
}
