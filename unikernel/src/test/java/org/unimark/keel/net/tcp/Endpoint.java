// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedHost;

/**
 * One end of a transfer: sends a given number of bytes that follow from a seed, in pieces of random sizes, copied or as
 * constants, and keeps what it receives. Moody, it leaves bytes unconsumed and pauses now and then.
 */
final class Endpoint implements ConnectionHandler {
    private final SeededRandom random;
    private final byte[] outgoing;
    private final Bytes source;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final boolean isMoody;
    private Connection connection;
    private int sent;
    private boolean isPaused;
    private boolean hasPeerFinished;
    private CloseReason closeReason;

    Endpoint(SimulatedHost host, long seed, int bytes, boolean isMoody) {
        this.random = new SeededRandom(seed);
        this.isMoody = isMoody;
        outgoing = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            outgoing[i] = (byte) random.nextLong();
        }
        source = host.simulation().arena().allocate(Math.max(bytes, 1));
        source.copyFrom(0, outgoing, 0, bytes);
        // Resumes at some later instant, so that the pause lasts.
        host.simulation().actor(this::perhapsResume);
    }

    void connected(Connection connection) {
        this.connection = connection;
        pump();
    }

    private void pump() {
        while (closeReason == null && sent < outgoing.length) {
            int size = (int) Math.min(outgoing.length - sent, 1 + random.below(9000));
            int taken = random.below(2) == 0
                    ? connection.write(source, sent, size)
                    : connection.writeConstant(source, sent, size);
            sent += taken;
            if (taken < size) {
                return;
            }
        }
        if (closeReason == null && hasPeerFinished) {
            connection.close();
        }
    }

    /** Closes; to be called when everything has come. */
    void finish() {
        connection.close();
    }

    private boolean perhapsResume() {
        if (isPaused && closeReason == null && random.below(4) == 0) {
            isPaused = false;
            connection.resumeReceiving();
            return true;
        }
        return false;
    }

    @Override
    public int received(Connection from, Bytes data, int offset, int length) {
        int consumed = length;
        if (isMoody) {
            long mood = random.below(10);
            if (mood == 0) {
                from.pauseReceiving();
                isPaused = true;
            }
            consumed = mood < 6 ? length : (int) random.below(length + 1);
            if (consumed < length && !isPaused) {
                // The contract presents the rest at the next arrival, which may never come.
                from.resumeReceiving();
            }
        }
        byte[] part = new byte[consumed];
        data.copyTo(offset, part, 0, consumed);
        received.write(part, 0, consumed);
        return consumed;
    }

    @Override
    public void writable(Connection connection) {
        this.connection = connection;
        pump();
    }

    @Override
    public void peerFinished(Connection connection) {
        hasPeerFinished = true;
        pump();
    }

    @Override
    public void closed(Connection connection, CloseReason reason) {
        if (closeReason != null) {
            throw new IllegalStateException("closed twice");
        }
        closeReason = reason;
    }

    boolean isOver() {
        return closeReason != null;
    }

    CloseReason closeReason() {
        return closeReason;
    }

    int receivedBytes() {
        return received.size();
    }

    /** Where what came is not what {@code peer} had to send; "none" if it is the same to the last byte. */
    String difference(Endpoint peer) {
        byte[] came = received.toByteArray();
        int at = Arrays.mismatch(came, peer.outgoing);
        return at < 0
                ? "none"
                : "at byte " + at + " of " + came.length + " received, " + peer.outgoing.length + " sent";
    }
}
