// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.NetworkConfiguration;
import org.unimark.keel.net.NetworkMemory;
import org.unimark.keel.net.NetworkStack;
import org.unimark.keel.net.ipv4.Ipv4Engine;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.net.tcp.TcpParameters;
import org.unimark.keel.net.udp.UdpEngine;

/** A host with Keel's whole stack on a virtual wire. */
public final class SimulatedHost {
    /** What a host is made of; change it before the host is made. */
    public static final class Options {
        public int mtu = 1500;
        /** Or of the constants of {@code NetworkDevice}. */
        public int offloads;

        public int receiveBlocks = 1024;
        public int receiveBlockBytes = 2048;
        public int transmitFrames = 512;
        public int sendBlocks = 512;
        public int receiveBuffers = 32;
        public int datagramBlocks = 4;
        public TcpParameters tcp = new TcpParameters();
    }

    private final Simulation simulation;
    private final SimulatedDevice device;
    private final NetworkStack stack;
    private final Timers timers;
    private final Counters counters = new Counters();
    private final SeededRandom random;
    private final EventLoop loop;
    private final List<String> logged = new ArrayList<>();
    private final BlockPool receiveBlocks;
    private final NetworkMemory memory;
    private boolean isAsleep;
    private boolean isConfigured;

    SimulatedHost(Simulation simulation, long macAddress, NetworkConfiguration configuration, Options options) {
        this.simulation = simulation;
        Arena arena = simulation.arena();
        random = new SeededRandom(simulation.seed() ^ macAddress * 0x9e3779b97f4a7c15L);
        timers = new Timers(simulation.clock().nanos());
        receiveBlocks = arena.blocks(options.receiveBlocks, options.receiveBlockBytes);
        device =
                new SimulatedDevice(simulation.wire(), arena, macAddress, options.mtu, options.offloads, receiveBlocks);
        memory = new NetworkMemory(
                arena.transmitFrames(options.transmitFrames),
                arena.blocks(options.sendBlocks, 2048),
                arena.blocks(options.receiveBuffers, Connection.RECEIVE_CONTIGUOUS),
                arena.blocks(options.datagramBlocks, Ipv4Engine.DATAGRAM_BLOCK_BYTES),
                arena.blocks(16, options.mtu + 64),
                arena.blocks(16, UdpEngine.BLOCK_BYTES));
        Log log = Log.of(logged::add);
        stack = new NetworkStack(device, memory, configuration, options.tcp, timers, random, counters, log);
        loop = new EventLoop(simulation.clock(), timers, counters, deadlineNanos -> isAsleep = true, stack);
        stack.start(() -> isConfigured = true, simulation.clock().nanos());
    }

    /** One turn of the event loop; false if there was nothing to do. */
    boolean turn() {
        isAsleep = false;
        loop.turn();
        return !isAsleep;
    }

    public Network network() {
        return stack.network();
    }

    public NetworkStack stack() {
        return stack;
    }

    public SimulatedDevice device() {
        return device;
    }

    public Timers timers() {
        return timers;
    }

    public Counters counters() {
        return counters;
    }

    public SeededRandom random() {
        return random;
    }

    /** IPv4, 0 while unconfigured. */
    public int address() {
        return stack.address();
    }

    public boolean isConfigured() {
        return isConfigured;
    }

    /** Lines of the console. */
    public List<String> logged() {
        return logged;
    }

    public Simulation simulation() {
        return simulation;
    }

    /** The value of a counter; fails if there is none of that name, so that a test cannot look at nothing. */
    public long count(String name) {
        for (int i = 0; i < counters.size(); i++) {
            Counter counter = counters.get(i);
            if (counter.name().equals(name)) {
                return counter.value();
            }
        }
        throw new IllegalArgumentException("no counter " + name);
    }

    /** All counters that are not zero, for messages of failing tests. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counters.size(); i++) {
            Counter counter = counters.get(i);
            if (counter.value() != 0) {
                text.append(counter.name()).append('=').append(counter.value()).append(' ');
            }
        }
        return text.toString();
    }

    /** Blocks and frames that are not in their pools: 0 when everything was given back. */
    public int outstandingBuffers() {
        return receiveBlocks.capacity()
                - receiveBlocks.available()
                + memory.frames().capacity()
                - memory.frames().available()
                + memory.sendBlocks().capacity()
                - memory.sendBlocks().available()
                + memory.receiveBuffers().capacity()
                - memory.receiveBuffers().available();
    }

    public NetworkMemory memory() {
        return memory;
    }
}
