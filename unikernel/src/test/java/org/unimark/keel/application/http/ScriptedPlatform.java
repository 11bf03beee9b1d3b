// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

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

/** A platform without a network below: the test is the network. Starts the HTTP application with a compiled site. */
final class ScriptedPlatform implements Platform, Network, AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    final VirtualClock clock = new VirtualClock();
    final List<String> console = new ArrayList<>();

    private final Arena arena = new Arena();
    private final Timers timers = new Timers(clock.nanos());
    private final Counters counters = new Counters();
    private final SeededRandom random = new SeededRandom(1);
    private final Map<String, Bytes> resources = new LinkedHashMap<>();
    private Acceptor acceptor;
    private int port;
    private int exitStatus = -1;

    ScriptedPlatform(byte[] site) {
        if (site != null) {
            resources.put(SiteFormat.RESOURCE, arena.copyOf(site));
        }
        new HttpApplication().start(this);
    }

    /** Opens a connection to the server; null if it is turned away. */
    ScriptedConnection connect() {
        ScriptedConnection connection = new ScriptedConnection();
        ConnectionHandler handler = acceptor.accepted(connection);
        connection.setHandler(handler);
        return handler == null ? null : connection;
    }

    /** Sends a request on a connection of its own and returns all that comes back. */
    String exchange(String request) {
        ScriptedConnection connection = connect();
        connection.arrive(request);
        return connection.takeText();
    }

    void passSeconds(int seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            clock.advance(NANOS_PER_SECOND / 10);
            timers.advance(clock.nanos());
        }
        // A timer may be a tick late.
        clock.advance(NANOS_PER_SECOND / 500);
        timers.advance(clock.nanos());
    }

    long counter(String name) {
        return counters.counter(name).value();
    }

    int port() {
        return port;
    }

    int exitStatus() {
        return exitStatus;
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
