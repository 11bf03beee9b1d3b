// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.arp.ArpEngine;
import org.unimark.keel.net.ethernet.EthernetLink;

/** IPv4 on one link: ties input, output, reassembly and loopback together. */
public final class Ipv4Engine {
    /** Bytes a block of the pool for whole datagrams must have. */
    public static final int DATAGRAM_BLOCK_BYTES = Reassembly.WHOLE_BYTES;

    private final Ipv4Interface link = new Ipv4Interface();
    private final EthernetLink ethernet;
    private final ArpEngine arp;
    private final Ipv4Input input;
    private final Ipv4Output output;
    private final Loopback loopback;
    private final Reassembly reassembly;

    /**
     * An engine without an address.
     *
     * @param datagramBlocks {@link #DATAGRAM_BLOCK_BYTES} each, for datagrams that arrive in pieces
     * @param loopbackBlocks for packets to ourselves; each must hold a frame of the device
     */
    public Ipv4Engine(
            EthernetLink ethernet,
            ArpEngine arp,
            BlockPool datagramBlocks,
            BlockPool loopbackBlocks,
            Timers timers,
            RandomSource random,
            Counters counters) {
        this.ethernet = ethernet;
        this.arp = arp;
        Ipv4Counters causes = new Ipv4Counters(counters);
        loopback = new Loopback(loopbackBlocks, causes);
        reassembly = new Reassembly(datagramBlocks, timers, causes);
        input = new Ipv4Input(link, causes, reassembly);
        output = new Ipv4Output(link, ethernet, arp, loopback, random, causes);
    }

    /** Connects the protocols above, once, before the first poll. */
    public void attach(SegmentReceiver tcp, Ipv4Receiver udp, Ipv4Receiver icmp, ErrorReporter errors) {
        input.attach(tcp, udp, icmp, errors);
        ethernet.attach(arp, input);
    }

    /** Uses and announces {@code address} from now on; 0 for none. */
    public void configure(int address, int prefixLength, int gateway, long nowNanos) {
        link.configure(address, prefixLength, gateway);
        arp.setAddress(address, prefixLength, nowNanos);
    }

    /** Delivers at most {@code budget} packets to ourselves and returns how many. */
    public int pollLoopback(int budget, long nowNanos) {
        return loopback.isEmpty() ? 0 : loopback.poll(input, budget, nowNanos);
    }

    /** Whether packets to ourselves wait for the next turn. */
    public boolean hasLoopback() {
        return !loopback.isEmpty();
    }

    public Ipv4Output output() {
        return output;
    }

    public Ipv4Interface link() {
        return link;
    }

    /** Received blocks that wait for the rest of their datagram. */
    public int heldBlocks() {
        return reassembly.heldBlocks();
    }
}
