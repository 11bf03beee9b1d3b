// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.machine.LinuxCalls;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * One connected socket, watched edge-triggered. The object is pooled. It owns memory only while bytes wait: a
 * {@link SendQueue} while the kernel has not taken everything, a block while the handler has not consumed everything.
 */
final class LinuxConnection extends Timer implements Connection {
    /** A peer that does not answer our FIN is forgotten after this time. */
    private static final long LINGER_NANOS = 30_000_000_000L;
    /** Reads of one connection before the others have their turn. */
    private static final int READS_A_TURN = 4;
    /** Send queues of one connection before the others have their turn. */
    private static final int ROUNDS_A_TURN = 4;

    private enum State {
        FREE,
        CONNECTING,
        OPEN,
        /** The handler closed: what is queued is sent, what comes is dropped. */
        CLOSING,
        /** Our FIN is out, the peer's is awaited. */
        LINGERING,
        /** Over; the handler will be told outside of its own call. */
        ENDED
    }

    private final LinuxNetwork network;
    private final int index;
    private int generation;
    private State state = State.FREE;
    private int descriptor;
    private ConnectionHandler handler;
    private int remoteAddress;
    private int remotePort;
    private int localPort;

    private SendQueue queue;
    private boolean wantsWritable;
    private boolean watchesWritable;

    private HeldBytes held;
    private boolean paused;
    private boolean peerFinished;
    private boolean peerFinishedTold;
    /** The last read did not empty the socket, or there was none: no event will announce what is there. */
    private boolean mayHaveMore;

    private CloseReason endReason;

    /** For the pool of free connections and for the list of those that wait for their turn. */
    LinuxConnection next;

    private boolean inReadyList;

    LinuxConnection(LinuxNetwork network, int index) {
        this.network = network;
        this.index = index;
    }

    /** Identifies this use of the object in events of the kernel. */
    long eventData() {
        return (long) generation << 32 | index;
    }

    boolean isGeneration(int candidate) {
        return candidate == generation && state != State.FREE;
    }

    void open(int newDescriptor, int address, int port, int ownPort, boolean connecting) {
        state = connecting ? State.CONNECTING : State.OPEN;
        descriptor = newDescriptor;
        remoteAddress = address;
        remotePort = port;
        localPort = ownPort;
        handler = null;
        wantsWritable = false;
        watchesWritable = connecting;
        paused = false;
        peerFinished = false;
        peerFinishedTold = false;
        mayHaveMore = false;
        endReason = null;
    }

    void setHandler(ConnectionHandler newHandler) {
        handler = newHandler;
    }

    /** What the kernel says about the socket. */
    void event(int events) {
        if (state == State.CONNECTING) {
            connected();
            return;
        }
        if (state == State.LINGERING && (events & EventSet.HANG_UP) != 0) {
            end((events & EventSet.ERROR) != 0 ? CloseReason.RESET : CloseReason.FINISHED);
            return;
        }
        if ((events & EventSet.PEER_FINISHED) != 0) {
            peerFinished = true;
        }
        if ((events & (EventSet.IN | EventSet.PEER_FINISHED | EventSet.ERROR | EventSet.HANG_UP)) != 0) {
            mayHaveMore = true;
            receive();
        }
        if ((events & EventSet.OUT) != 0 && queue != null) {
            flush();
        }
    }

    private void connected() {
        long error = network.sockets().takeError(descriptor);
        if (error != 0) {
            end(reason(error));
            return;
        }
        state = State.OPEN;
        localPort = network.sockets().localPort(descriptor);
        handler.writable(this);
        flush();
    }

    /** The turn of a connection that asked for one: it ended, or there may be bytes that no event announces. */
    void turn() {
        inReadyList = false;
        if (state == State.ENDED) {
            tellEnd();
        } else if (state != State.FREE) {
            presentHeld();
            receive();
            flush();
        }
    }

    private void askForTurn() {
        if (!inReadyList) {
            inReadyList = true;
            network.addReady(this);
        }
    }

    private void presentHeld() {
        if (held != null && state == State.OPEN && !paused) {
            int consumed = handler.received(this, held.bytes(), held.start(), held.length());
            consumeHeld(consumed);
        }
    }

    private void receive() {
        for (int reads = 0; mayHaveMore; reads++) {
            if (reads == READS_A_TURN) {
                askForTurn();
                return;
            }
            if (state == State.CLOSING || state == State.LINGERING) {
                receiveAndDrop();
            } else if (state != State.OPEN || paused) {
                return;
            } else if (held == null) {
                receiveShared();
            } else if (!receiveHeld()) {
                return;
            }
        }
        finishReceiving();
    }

    /** The common case: the bytes go through one buffer that all connections share. */
    private void receiveShared() {
        Bytes buffer = network.receiveBuffer();
        int size = read(buffer, 0, buffer.length());
        if (size > 0) {
            int consumed = handler.received(this, buffer, 0, size);
            checkConsumed(consumed, size);
            if (consumed < size && state == State.OPEN) {
                held = network.takeHeld();
                held.append(buffer, consumed, size - consumed);
            }
            flush();
        }
    }

    /** Appends to what the handler left; returns false if there is no room. */
    private boolean receiveHeld() {
        held.makeRoom();
        if (held.room() == 0) {
            return false;
        }
        int size = read(held.bytes(), held.end(), held.room());
        if (size > 0) {
            held.extend(size);
            consumeHeld(handler.received(this, held.bytes(), held.start(), held.length()));
            flush();
        }
        return true;
    }

    private void consumeHeld(int consumed) {
        if (held == null) {
            return;
        }
        checkConsumed(consumed, held.length());
        held.consume(consumed);
        if (held.length() == 0) {
            releaseHeld();
        }
    }

    private static void checkConsumed(int consumed, int presented) {
        if (consumed < 0 || consumed > presented) {
            throw new IllegalStateException("handler consumed what it did not have");
        }
    }

    private void receiveAndDrop() {
        Bytes buffer = network.receiveBuffer();
        read(buffer, 0, buffer.length());
        if (!mayHaveMore && peerFinished && state == State.LINGERING) {
            end(CloseReason.FINISHED);
        }
    }

    /** Returns how many bytes came; 0 if none did, for whatever reason, which is then dealt with. */
    private int read(Bytes buffer, int at, int room) {
        long result = LinuxCalls.call(Linux.READ, descriptor, buffer.address(at, room), room);
        if (result > 0) {
            // A short read has emptied the socket; the next arrival is a new edge. A FIN behind it has had its edge.
            mayHaveMore = result == room || peerFinished;
            return (int) result;
        }
        mayHaveMore = false;
        if (result == 0) {
            peerFinished = true;
        } else if (result == Linux.EINTR) {
            mayHaveMore = true;
        } else if (result != Linux.EAGAIN) {
            end(reason(result));
        }
        return 0;
    }

    private void finishReceiving() {
        if (!peerFinished || mayHaveMore) {
            return;
        }
        if (state == State.OPEN && !peerFinishedTold) {
            peerFinishedTold = true;
            handler.peerFinished(this);
            flush();
        } else if (state == State.LINGERING) {
            end(CloseReason.FINISHED);
        }
    }

    @Override
    public int write(Bytes source, int offset, int length) {
        if (state != State.OPEN) {
            return 0;
        }
        int taken = takeQueue().write(source, offset, length);
        wantsWritable |= taken < length;
        return taken;
    }

    @Override
    public int writeConstant(Bytes source, int offset, int length) {
        if (state != State.OPEN) {
            return 0;
        }
        int taken = takeQueue().writeConstant(source, offset, length);
        wantsWritable |= taken < length;
        return taken;
    }

    private SendQueue takeQueue() {
        if (queue == null) {
            queue = network.takeQueue();
        }
        askForFlush();
        return queue;
    }

    /** Inside the connection's own callbacks the flush comes when they return; elsewhere somebody has to ask for it. */
    private void askForFlush() {
        if (network.current() != this) {
            askForTurn();
        }
    }

    @Override
    public int writeSpace() {
        if (state != State.OPEN) {
            return 0;
        }
        return queue == null ? SendQueue.RING_BYTES : queue.space();
    }

    @Override
    public int unacknowledged() {
        int queued = queue == null ? 0 : queue.bytes();
        return state == State.FREE || state == State.ENDED
                ? queued
                : queued + network.sockets().unacknowledged(descriptor);
    }

    /** Hands what is queued to the kernel, and tells the handler if there is room again. */
    void flush() {
        for (int rounds = 0; queue != null && state != State.ENDED; rounds++) {
            if (rounds == ROUNDS_A_TURN) {
                askForTurn();
                return;
            }
            if (!send()) {
                return;
            }
            if (wantsWritable && state == State.OPEN) {
                wantsWritable = false;
                handler.writable(this);
            }
        }
        if (state == State.CLOSING) {
            finishSending();
        }
    }

    /** Returns false if the kernel takes no more for now. */
    private boolean send() {
        while (!queue.isEmpty()) {
            long result = queue.spans() == 1
                    ? LinuxCalls.call(Linux.WRITE, descriptor, queue.firstAddress(), queue.firstLength())
                    : LinuxCalls.call(Linux.WRITEV, descriptor, queue.vectorAddress(), queue.spans());
            if (result >= 0) {
                queue.sent((int) result);
            } else if (result == Linux.EAGAIN) {
                watchWritable();
                return false;
            } else if (result != Linux.EINTR) {
                end(reason(result));
                return false;
            }
        }
        network.putQueue(queue);
        queue = null;
        return true;
    }

    /** Not watched from the start: every new socket is writable, which would be an event for nothing. */
    private void watchWritable() {
        if (!watchesWritable) {
            watchesWritable = true;
            network.watch(descriptor, eventData(), true);
        }
    }

    @Override
    public void pauseReceiving() {
        paused = true;
    }

    @Override
    public void resumeReceiving() {
        if (paused) {
            paused = false;
            askForTurn();
        } else if (held != null) {
            askForTurn();
        }
    }

    @Override
    public void close() {
        if (state == State.OPEN) {
            state = State.CLOSING;
            releaseHeld();
            askForFlush();
        } else if (state == State.CONNECTING) {
            abort();
        }
    }

    /**
     * All is sent. The socket stays until the peer has finished too: closing it while bytes of the peer are on their way
     * would reset the connection, and the peer could lose what was just sent.
     */
    private void finishSending() {
        if (peerFinished && !mayHaveMore) {
            end(CloseReason.FINISHED);
            return;
        }
        network.sockets().finish(descriptor);
        state = State.LINGERING;
        network.timers().schedule(this, network.nowNanos() + LINGER_NANOS);
    }

    @Override
    protected void expired(long nowNanos) {
        if (state == State.LINGERING) {
            network.sockets().resetOnClose(descriptor);
            end(CloseReason.TIMED_OUT);
        }
    }

    @Override
    public void abort() {
        if (state != State.FREE && state != State.ENDED) {
            network.sockets().resetOnClose(descriptor);
            end(CloseReason.ABORTED);
        }
    }

    /** Gives everything back to the kernel; the handler hears of it in the next turn, never inside its own call. */
    private void end(CloseReason reason) {
        state = State.ENDED;
        endReason = reason;
        mayHaveMore = false;
        network.timers().cancel(this);
        network.closeDescriptor(descriptor);
        releaseHeld();
        if (queue != null) {
            queue.clear();
            network.putQueue(queue);
            queue = null;
        }
        askForTurn();
    }

    private void tellEnd() {
        ConnectionHandler told = handler;
        CloseReason reason = endReason;
        handler = null;
        if (told != null) {
            told.closed(this, reason);
        }
        state = State.FREE;
        generation++;
        network.putConnection(this);
    }

    private void releaseHeld() {
        if (held != null) {
            network.putHeld(held);
            held = null;
        }
    }

    private static CloseReason reason(long error) {
        if (error == Linux.ETIMEDOUT) {
            return CloseReason.TIMED_OUT;
        }
        if (error == Linux.EHOSTUNREACH || error == Linux.ECONNREFUSED) {
            return CloseReason.UNREACHABLE;
        }
        return error == Linux.ENOMEM || error == Linux.ENOBUFS ? CloseReason.NO_MEMORY : CloseReason.RESET;
    }

    @Override
    public void setNoDelay(boolean noDelay) {
        network.sockets().setNoDelay(descriptor, noDelay);
    }

    @Override
    public void setKeepAlive(int idleSeconds) {
        network.sockets().setKeepAlive(descriptor, idleSeconds);
    }

    @Override
    public int remoteAddress() {
        return remoteAddress;
    }

    @Override
    public int remotePort() {
        return remotePort;
    }

    @Override
    public int localPort() {
        return localPort;
    }
}
