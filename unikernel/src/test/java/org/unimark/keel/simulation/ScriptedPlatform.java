// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.storage.Storage;

/** A platform without a network below: the test is the network. Of it come those that start one application. */
public class ScriptedPlatform extends LonePlatform implements AutoCloseable {
    public final VirtualClock clock;
    public final List<String> console = new ArrayList<>();

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
        this(seed, availableBytes, storage, receiveBytes, new VirtualClock());
    }

    private ScriptedPlatform(long seed, long availableBytes, Storage storage, int receiveBytes, VirtualClock clock) {
        super(seed, clock.nanos());
        this.clock = clock;
        this.availableBytes = availableBytes;
        this.storage = storage;
        this.receiveBytes = receiveBytes;
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
    public Clock clock() {
        return clock;
    }

    @Override
    public Log log() {
        return Log.of(console::add);
    }

    @Override
    public long availableBytes() {
        return availableBytes;
    }

    @Override
    public Storage storage() {
        return storage;
    }

    /** Only the test speaks, and not now. */
    @Override
    public void serveNetwork() {}

    @Override
    public void exit(int status) {
        exitStatus = status;
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
