// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/** What platforms have in common that start one application on this JVM, without a host of their own. */
abstract class LonePlatform implements Platform, Network {
    protected final Arena arena = new Arena();
    final Timers timers;
    final Counters counters = new Counters();
    private final SeededRandom random;
    private final Map<String, Bytes> resources = new LinkedHashMap<>();
    private Poller poller;

    /**
     * @param seed of its random numbers
     * @param nowNanos by its clock
     */
    LonePlatform(long seed, long nowNanos) {
        random = new SeededRandom(seed);
        timers = new Timers(nowNanos);
    }

    /** Seals a file, as the builder would: before the application starts. */
    public final void seal(String name, byte[] content) {
        resources.put(name, arena.copyOf(content));
    }

    @Override
    public Connection connect(int address, int toPort, ConnectionHandler handler) {
        return null;
    }

    @Override
    public Network network() {
        return this;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public RandomSource random() {
        return random;
    }

    @Override
    public Bytes allocate(int bytes) {
        return arena.allocate(bytes);
    }

    /** Full of what nobody can have meant. */
    @Override
    public Bytes allocateUncleared(int bytes) {
        Bytes memory = allocate(bytes);
        memory.fill(0, bytes, 0xa5);
        return memory;
    }

    @Override
    public void setPoller(Poller newPoller) {
        poller = newPoller;
    }

    /** Asks the application's poller once; false if it had nothing to do. */
    public final boolean poll() {
        return poller != null && poller.poll(clock().nanos()) > 0;
    }

    /** Whether the application's poller has nothing to do. */
    final boolean isIdle() {
        return poller == null || poller.prepareToSleep();
    }

    @Override
    public Bytes resource(String name) {
        return resources.get(name);
    }

    @Override
    public long heapAllocatedBytes() {
        return 0;
    }
}
