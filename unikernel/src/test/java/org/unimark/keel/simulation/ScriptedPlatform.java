// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

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
import org.unimark.keel.storage.Storage;

/** A platform without a network below: the test is the network. Of it come those that start one application. */
public class ScriptedPlatform implements Platform, Network, AutoCloseable {
    public final VirtualClock clock = new VirtualClock();
    public final List<String> console = new ArrayList<>();

    protected final Arena arena = new Arena();
    private final Timers timers = new Timers(clock.nanos());
    private final Counters counters = new Counters();
    private final SeededRandom random;
    private final Map<String, Bytes> resources = new LinkedHashMap<>();
    private final long availableBytes;
    private final Storage storage;
    private final int receiveBytes;
    private Acceptor acceptor;
    private int port;
    private int exitStatus = -1;

    /**
     * @param seed of its random numbers
     * @param availableBytes that it says are left
     * @param storage or null
     * @param receiveBytes that a connection holds for the application at most
     */
    protected ScriptedPlatform(long seed, long availableBytes, Storage storage, int receiveBytes) {
        random = new SeededRandom(seed);
        this.availableBytes = availableBytes;
        this.storage = storage;
        this.receiveBytes = receiveBytes;
    }

    /** Seals a file, as the builder would: before the application starts. */
    protected final void seal(String name, byte[] content) {
        resources.put(name, arena.copyOf(content));
    }

    protected final Acceptor acceptor() {
        return acceptor;
    }

    /** Lets time pass, and fires what is due. */
    protected final void pass(long nanos) {
        clock.advance(nanos);
        timers.advance(clock.nanos());
    }

    /** Opens a connection to the server; null if it is turned away. */
    public ScriptedConnection connect() {
        ScriptedConnection connection = new ScriptedConnection(port, receiveBytes);
        ConnectionHandler handler = acceptor.accepted(connection);
        connection.setHandler(handler);
        return handler == null ? null : connection;
    }

    public long counter(String name) {
        return counters.counter(name).value();
    }

    public int port() {
        return port;
    }

    public int exitStatus() {
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
