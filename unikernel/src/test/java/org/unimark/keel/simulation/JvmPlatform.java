// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.storage.Storage;

/** The platform of an application that runs on a {@link SimulatedHost}. */
public final class JvmPlatform implements Platform {
    private final SimulatedHost host;
    private final Map<String, Bytes> resources = new HashMap<>();
    private Integer exitStatus;

    public JvmPlatform(SimulatedHost host) {
        this.host = host;
    }

    /** Seals a file, as the builder would. */
    public JvmPlatform withResource(String name, byte[] content) {
        resources.put(name, host.simulation().arena().copyOf(content));
        return this;
    }

    public JvmPlatform withResource(String name, String content) {
        return withResource(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public JvmPlatform withResources(Map<String, byte[]> files) {
        files.forEach(this::withResource);
        return this;
    }

    @Override
    public Network network() {
        return host.network();
    }

    @Override
    public Timers timers() {
        return host.timers();
    }

    @Override
    public Clock clock() {
        return host.simulation().clock();
    }

    @Override
    public Counters counters() {
        return host.counters();
    }

    @Override
    public RandomSource random() {
        return host.random();
    }

    @Override
    public Log log() {
        return Log.of(host.logged()::add);
    }

    @Override
    public Bytes allocate(int bytes) {
        return host.simulation().arena().allocate(bytes);
    }

    /** Full of what nobody can have meant. */
    @Override
    public Bytes allocateUncleared(int bytes) {
        Bytes memory = allocate(bytes);
        memory.fill(0, bytes, 0xa5);
        return memory;
    }

    @Override
    public long availableBytes() {
        return 64 << 20;
    }

    @Override
    public Storage storage() {
        return null;
    }

    @Override
    public Bytes resource(String name) {
        return resources.get(name);
    }

    @Override
    public void setPoller(Poller poller) {
        host.stack().setApplication(poller);
    }

    @Override
    public void serveNetwork() {
        host.stack().poll(clock().nanos());
    }

    @Override
    public void exit(int status) {
        exitStatus = status;
    }

    /** What the application passed to {@link #exit}, or null. */
    public Integer exitStatus() {
        return exitStatus;
    }

    @Override
    public long heapAllocatedBytes() {
        return 0;
    }

    @Override
    public String name() {
        return "jvm";
    }
}
