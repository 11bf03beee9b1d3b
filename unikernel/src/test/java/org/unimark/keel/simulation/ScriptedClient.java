// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/** A TCP client on another host's stack: a test tells it what to send, and reads what came back. */
public final class ScriptedClient implements ConnectionHandler {
    private static final int SCRATCH_BYTES = 64 * 1024;
    /** Virtual time that an answer may take. */
    private static final long PATIENCE_NANOS = 600_000_000_000L;

    private final SimulatedHost host;
    private final Simulation simulation;
    private final Bytes scratch;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private Connection connection;
    private byte[] outgoing = {};
    private int sent;
    private boolean isEstablished;
    private boolean hasPeerFinished;
    private CloseReason closeReason;
    private boolean isReading = true;

    private ScriptedClient(SimulatedHost host) {
        this.host = host;
        this.simulation = host.simulation();
        this.scratch = simulation.arena().allocate(SCRATCH_BYTES);
    }

    /** Opens a connection and waits until it is established or refused. */
    public static ScriptedClient connect(SimulatedHost host, int address, int port) {
        ScriptedClient client = new ScriptedClient(host);
        client.connection = host.network().connect(address, port, client);
        if (client.connection == null) {
            throw new IllegalStateException("no connection is left");
        }
        client.simulation.runUntil(() -> client.isEstablished || client.closeReason != null, PATIENCE_NANOS);
        return client;
    }

    /** Sends bytes, as fast as the connection takes them; returns at once. */
    public ScriptedClient send(byte[] bytes) {
        byte[] joined = new byte[outgoing.length - sent + bytes.length];
        System.arraycopy(outgoing, sent, joined, 0, outgoing.length - sent);
        System.arraycopy(bytes, 0, joined, outgoing.length - sent, bytes.length);
        outgoing = joined;
        sent = 0;
        pump();
        return this;
    }

    /** One character a byte. */
    public ScriptedClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void pump() {
        while (isEstablished && closeReason == null && sent < outgoing.length) {
            int size = Math.min(SCRATCH_BYTES, outgoing.length - sent);
            scratch.copyFrom(0, outgoing, sent, size);
            int taken = connection.write(scratch, 0, size);
            sent += taken;
            if (taken < size) {
                return;
            }
        }
    }

    /** Waits until so many bytes have come in all. */
    public ScriptedClient awaitBytes(int count) {
        simulation.runUntil(() -> received.size() >= count || isOver(), PATIENCE_NANOS);
        if (received.size() < count) {
            throw new AssertionError("only " + received.size() + " of " + count + " bytes, then " + closeReason);
        }
        return this;
    }

    /** Waits until what came in contains {@code text}. */
    public ScriptedClient awaitText(String text) {
        simulation.runUntil(() -> text().contains(text) || isOver(), PATIENCE_NANOS);
        if (!text().contains(text)) {
            throw new AssertionError("'" + text + "' is not in '" + text() + "', then " + closeReason);
        }
        return this;
    }

    /** Waits until the peer has sent its last byte, or the connection is gone. */
    public ScriptedClient awaitEnd() {
        simulation.runUntil(this::isOver, PATIENCE_NANOS);
        return this;
    }

    /** Waits until the connection is gone on this side. */
    public ScriptedClient awaitClosed() {
        simulation.runUntil(() -> closeReason != null, PATIENCE_NANOS);
        return this;
    }

    private boolean isOver() {
        return hasPeerFinished || closeReason != null;
    }

    /** Stops taking bytes, so that the window fills. */
    public ScriptedClient stopReading() {
        isReading = false;
        connection.pauseReceiving();
        return this;
    }

    public ScriptedClient continueReading() {
        isReading = true;
        connection.resumeReceiving();
        return this;
    }

    public void close() {
        if (closeReason == null) {
            connection.close();
        }
    }

    public void abort() {
        if (closeReason == null) {
            connection.abort();
        }
    }

    /** Everything that came, one byte a character. */
    public String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    public byte[] bytes() {
        return received.toByteArray();
    }

    /** Forgets what came so far, and returns it. */
    public String takeText() {
        String text = text();
        received.reset();
        return text;
    }

    public boolean isEstablished() {
        return isEstablished;
    }

    public boolean hasPeerFinished() {
        return hasPeerFinished;
    }

    /** Null while the connection lives. */
    public CloseReason closeReason() {
        return closeReason;
    }

    public Connection connection() {
        return connection;
    }

    public SimulatedHost host() {
        return host;
    }

    @Override
    public int received(Connection connection, Bytes data, int offset, int length) {
        if (!isReading) {
            return 0;
        }
        received.writeBytes(Arena.toArray(data, offset, length));
        return length;
    }

    @Override
    public void writable(Connection connection) {
        isEstablished = true;
        this.connection = connection;
        pump();
    }

    @Override
    public void peerFinished(Connection connection) {
        hasPeerFinished = true;
    }

    @Override
    public void closed(Connection connection, CloseReason reason) {
        closeReason = reason;
    }
}
