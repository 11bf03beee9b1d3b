// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.VirtualClock;
import org.unimark.keel.storage.Storage;

/** A platform without a network below: the test is the network. Starts the key-value application. */
final class KvPlatform implements Platform, Network, AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    final VirtualClock clock = new VirtualClock();
    final List<String> console = new ArrayList<>();

    private final Arena arena = new Arena();
    private final Timers timers = new Timers(clock.nanos());
    private final Counters counters = new Counters();
    private final SeededRandom random;
    private final Map<String, Bytes> resources = new LinkedHashMap<>();
    private final List<ScriptedConnection> connections = new ArrayList<>();
    private final long availableBytes;
    private Storage storage;
    private Acceptor acceptor;
    private int port;
    private int exitStatus = -1;

    KvPlatform() {
        this("", 1, 18 << 20);
    }

    KvPlatform(String configuration, long seed, long availableBytes) {
        this(configuration, seed, availableBytes, null);
    }

    KvPlatform(String configuration, long seed, long availableBytes, Storage storage) {
        random = new SeededRandom(seed);
        this.availableBytes = availableBytes;
        this.storage = storage;
        resources.put(Configuration.RESOURCE, arena.copyOf(configuration.getBytes(StandardCharsets.ISO_8859_1)));
        new KvApplication().start(this);
    }

    /** The server behind the network, for white-box checks. */
    KvServer server() {
        return (KvServer) acceptor;
    }

    /** Opens a connection to the server; null if it is turned away. */
    ScriptedConnection connect() {
        ScriptedConnection connection = new ScriptedConnection();
        ConnectionHandler handler = acceptor.accepted(connection);
        connection.setHandler(handler);
        connections.add(connection);
        return handler == null ? null : connection;
    }

    void passMillis(long millis) {
        for (long i = 0; i < millis; i++) {
            clock.advance(NANOS_PER_MILLI);
            timers.advance(clock.nanos());
            connections.forEach(ScriptedConnection::settle);
        }
    }

    int port() {
        return port;
    }

    int exitStatus() {
        return exitStatus;
    }

    Arena arena() {
        return arena;
    }

    @Override
    public Listener listen(int onPort, int backlog, Acceptor newAcceptor) {
        port = onPort;
        acceptor = newAcceptor;
        return () -> acceptor = null;
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
    public Clock clock() {
        return clock;
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
    public Log log() {
        return Log.of(console::add);
    }

    @Override
    public Bytes allocate(int bytes) {
        return arena.allocate(bytes);
    }

    @Override
    public long availableBytes() {
        return availableBytes;
    }

    @Override
    public Storage storage() {
        return storage;
    }

    @Override
    public Bytes resource(String name) {
        return resources.get(name);
    }

    @Override
    public void exit(int status) {
        exitStatus = status;
    }

    @Override
    public long heapAllocatedBytes() {
        return 0;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public void close() {
        arena.close();
    }
}
