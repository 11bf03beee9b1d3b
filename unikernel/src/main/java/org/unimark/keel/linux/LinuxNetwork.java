// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import java.util.Arrays;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.machine.LinuxCalls;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/**
 * TCP on epoll: one {@code epoll_wait} for a batch of events, one read and one write for a request. All objects are
 * pooled; the pools grow with the largest number of connections at a time and never shrink.
 */
final class LinuxNetwork implements Network, Poller, EventLoop.Sleeper {
    private static final int CONNECTION_EVENTS = EventSet.IN | EventSet.PEER_FINISHED | EventSet.EDGE;
    private static final int RECEIVE_BYTES = HeldBytes.CAPACITY_BYTES;
    private static final int ACCEPTS_A_TURN = 64;
    private static final int FIRST_CONNECTIONS = 64;
    private static final int NANOS_PER_MILLI = 1_000_000;
    /** In the low half of an event's data: the event is not for a connection but for the listener of that index. */
    private static final int LISTENER = 1 << 31;

    private static final long SIGNAL = -1L;

    private final EventSet events = new EventSet();
    private final Sockets sockets = new Sockets();
    private final Timers timers;
    private final LinuxClock clock;
    private final Runnable terminated;
    private final Bytes receiveBuffer = Linux.allocate(RECEIVE_BYTES);

    private LinuxConnection[] connections = new LinuxConnection[FIRST_CONNECTIONS];
    private int connectionCount;
    private LinuxConnection freeConnections;
    private LinuxConnection firstReady;
    private LinuxConnection lastReady;
    private SendQueue freeQueues;
    private HeldBytes freeHeld;
    private LinuxListener[] listeners = new LinuxListener[4];
    private boolean acceptingStopped;
    private LinuxConnection current;
    private long nowNanos;

    private final Counter accepted;
    private final Counter acceptsRefused;
    private final Counter opened;
    private final Counter ended;

    /** {@code terminated} runs when the process is asked to end (SIGTERM, SIGINT). */
    LinuxNetwork(Timers timers, LinuxClock clock, Counters counters, Runnable terminated) {
        this.timers = timers;
        this.clock = clock;
        this.terminated = terminated;
        accepted = counters.counter("socket.accepted");
        acceptsRefused = counters.counter("socket.accepts_refused");
        opened = counters.counter("socket.opened");
        ended = counters.counter("socket.ended");
        events.add(new Signals().descriptor(), EventSet.IN, SIGNAL);
    }

    @Override
    public Listener listen(int port, int backlog, Acceptor acceptor) {
        long descriptor = sockets.listen(port, backlog);
        if (descriptor < 0) {
            return null;
        }
        int slot = 0;
        while (slot < listeners.length && listeners[slot] != null && !listeners[slot].isClosed()) {
            slot++;
        }
        if (slot == listeners.length) {
            listeners = Arrays.copyOf(listeners, slot * 2);
        }
        listeners[slot] = new LinuxListener(this, (int) descriptor, port, acceptor);
        events.add((int) descriptor, EventSet.IN, (LISTENER | slot) & 0xffffffffL);
        return listeners[slot];
    }

    @Override
    public Connection connect(int address, int port, ConnectionHandler handler) {
        long descriptor = sockets.open();
        if (descriptor < 0) {
            return null;
        }
        long result = sockets.connect((int) descriptor, address, port);
        if (result < 0 && result != Linux.EINPROGRESS) {
            closeDescriptor((int) descriptor);
            return null;
        }
        LinuxConnection connection = takeConnection();
        connection.open((int) descriptor, address, port, 0, true);
        connection.setHandler(handler);
        events.add((int) descriptor, CONNECTION_EVENTS | EventSet.OUT, connection.eventData());
        opened.increment();
        return connection;
    }

    @Override
    public int poll(long turnNanos) {
        nowNanos = turnNanos;
        int work = takeTurns();
        if (work > 0 && events.count() == 0) {
            events.await(0);
        }
        int count = events.count();
        for (int i = 0; i < count; i++) {
            dispatch(events.data(i), events.events(i));
        }
        events.clear();
        return work + count;
    }

    /** One poll between those of the event loop, which waits for events only when it sleeps. */
    void serve() {
        if (events.count() == 0) {
            events.await(0);
        }
        poll(clock.nanos());
    }

    @Override
    public boolean prepareToSleep() {
        return firstReady == null;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {
        long wait = deadlineNanos - clock.nanos();
        events.await(wait <= 0 ? 0 : (int) ((wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
    }

    /** Serves the connections that asked for a turn before now; those that ask meanwhile have theirs next time. */
    private int takeTurns() {
        LinuxConnection connection = firstReady;
        firstReady = null;
        lastReady = null;
        int turns = 0;
        while (connection != null) {
            LinuxConnection following = connection.next;
            connection.next = null;
            current = connection;
            connection.turn();
            connection = following;
            turns++;
        }
        current = null;
        return turns;
    }

    private void dispatch(long data, int what) {
        int low = (int) data;
        if (data == SIGNAL) {
            terminated.run();
        } else if (low < 0) {
            LinuxListener listener = listeners[low & ~LISTENER];
            if (!listener.isClosed()) {
                accept(listener);
            }
        } else {
            LinuxConnection connection = connections[low];
            if (connection.isGeneration((int) (data >> 32))) {
                current = connection;
                connection.event(what);
                current = null;
            }
        }
    }

    private void accept(LinuxListener listener) {
        for (int i = 0; i < ACCEPTS_A_TURN && !listener.isClosed(); i++) {
            long descriptor = sockets.accept(listener.descriptor);
            if (descriptor >= 0) {
                accepted(listener, (int) descriptor);
            } else if (descriptor == Linux.EMFILE || descriptor == Linux.ENFILE || descriptor == Linux.ENOMEM) {
                // The waiting connection would be announced again and again: look away until a descriptor is free.
                acceptsRefused.increment();
                setAccepting(false);
                return;
            } else if (descriptor != Linux.ECONNABORTED && descriptor != Linux.EINTR) {
                return;
            }
        }
    }

    private void accepted(LinuxListener listener, int descriptor) {
        accepted.increment();
        LinuxConnection connection = takeConnection();
        connection.open(descriptor, sockets.peerAddress(), sockets.peerPort(), listener.port, false);
        events.add(descriptor, CONNECTION_EVENTS, connection.eventData());
        current = connection;
        ConnectionHandler handler = listener.acceptor.accepted(connection);
        if (handler == null) {
            connection.abort();
        } else {
            connection.setHandler(handler);
            connection.flush();
        }
        current = null;
    }

    private void setAccepting(boolean accepting) {
        acceptingStopped = !accepting;
        for (int slot = 0; slot < listeners.length; slot++) {
            LinuxListener listener = listeners[slot];
            if (listener != null && !listener.isClosed()) {
                events.modify(listener.descriptor, accepting ? EventSet.IN : 0, (LISTENER | slot) & 0xffffffffL);
            }
        }
    }

    void closeDescriptor(int descriptor) {
        LinuxCalls.call(Linux.CLOSE, descriptor);
        if (acceptingStopped) {
            setAccepting(true);
        }
    }

    void watch(int descriptor, long data, boolean writable) {
        events.modify(descriptor, CONNECTION_EVENTS | (writable ? EventSet.OUT : 0), data);
    }

    void addReady(LinuxConnection connection) {
        connection.next = null;
        if (firstReady == null) {
            firstReady = connection;
        } else {
            lastReady.next = connection;
        }
        lastReady = connection;
    }

    private LinuxConnection takeConnection() {
        LinuxConnection connection = freeConnections;
        if (connection != null) {
            freeConnections = connection.next;
            connection.next = null;
            return connection;
        }
        if (connectionCount == connections.length) {
            connections = Arrays.copyOf(connections, connectionCount * 2);
        }
        connection = new LinuxConnection(this, connectionCount);
        connections[connectionCount++] = connection;
        return connection;
    }

    void putConnection(LinuxConnection connection) {
        ended.increment();
        connection.next = freeConnections;
        freeConnections = connection;
    }

    SendQueue takeQueue() {
        SendQueue queue = freeQueues;
        if (queue == null) {
            return new SendQueue();
        }
        freeQueues = queue.next;
        queue.next = null;
        return queue;
    }

    void putQueue(SendQueue queue) {
        queue.next = freeQueues;
        freeQueues = queue;
    }

    HeldBytes takeHeld() {
        HeldBytes held = freeHeld;
        if (held == null) {
            return new HeldBytes();
        }
        freeHeld = held.next;
        held.next = null;
        return held;
    }

    void putHeld(HeldBytes held) {
        held.clear();
        held.next = freeHeld;
        freeHeld = held;
    }

    /** The connection whose callback is running, or null. */
    LinuxConnection current() {
        return current;
    }

    Bytes receiveBuffer() {
        return receiveBuffer;
    }

    Sockets sockets() {
        return sockets;
    }

    Timers timers() {
        return timers;
    }

    long nowNanos() {
        return nowNanos;
    }
}
