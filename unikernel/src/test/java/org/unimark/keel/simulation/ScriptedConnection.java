// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/** A connection whose peer is the test: it keeps the contract of {@link Connection} and records what is written. */
public final class ScriptedConnection implements Connection {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Arena arena = new Arena();
    private final Bytes received;
    private final int localPort;
    private ConnectionHandler handler;
    private int receivedBytes;
    private int space = Integer.MAX_VALUE;
    private boolean writableIsDue;
    private boolean paused;
    private boolean resumed;
    private boolean closing;
    private boolean aborted;
    private boolean closed;
    private boolean inCallback;

    /**
     * @param localPort of the application
     * @param receiveBytes that are held for it at most
     */
    public ScriptedConnection(int localPort, int receiveBytes) {
        this.localPort = localPort;
        received = arena.allocate(receiveBytes);
    }

    public void setHandler(ConnectionHandler newHandler) {
        handler = newHandler;
    }

    /** The peer's window: so many bytes are taken from now on. */
    public void setSpace(int bytes) {
        space = bytes;
        if (writableIsDue && space > 0 && !closed) {
            writableIsDue = false;
            callback(() -> handler.writable(this));
        }
    }

    /** The peer sends. */
    public void arrive(byte[] content) {
        if (closing || aborted) {
            return;
        }
        received.copyFrom(receivedBytes, content, 0, content.length);
        receivedBytes += content.length;
        present();
    }

    public void arrive(String content) {
        arrive(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The test is over: memory is given back, whoever still has the connection. */
    public void release() {
        arena.close();
    }

    public void peerFinishes() {
        if (!closed) {
            callback(() -> handler.peerFinished(this));
        }
        settle();
    }

    private void present() {
        if (paused || receivedBytes == 0 || closed) {
            return;
        }
        callback(() -> {
            int presented = receivedBytes;
            int consumed = handler.received(this, received, 0, presented);
            if (consumed < 0 || consumed > presented) {
                throw new AssertionError("consumed " + consumed + " of " + presented);
            }
            byte[] rest = Arena.toArray(received, consumed, presented - consumed);
            received.copyFrom(0, rest, 0, rest.length);
            receivedBytes = closing ? 0 : rest.length;
        });
    }

    private void callback(Runnable call) {
        if (inCallback) {
            throw new AssertionError("callback inside a callback");
        }
        inCallback = true;
        call.run();
        inCallback = false;
        settle();
    }

    /** Presents what a resumption lets through and tells of the end, outside the call that caused them. */
    public void settle() {
        if (resumed && !inCallback) {
            resumed = false;
            present();
        }
        if (!closed && !inCallback && aborted) {
            end(CloseReason.ABORTED);
        }
    }

    /** The peer has finished too, or is gone. */
    public void end(CloseReason reason) {
        closed = true;
        handler.closed(this, reason);
        arena.close();
    }

    /** Returns what was written since the last call. */
    public byte[] takeSent() {
        byte[] content = sent.toByteArray();
        sent.reset();
        return content;
    }

    public String takeText() {
        return new String(takeSent(), StandardCharsets.ISO_8859_1);
    }

    public boolean isClosing() {
        return closing;
    }

    public boolean isAborted() {
        return aborted;
    }

    public int heldBytes() {
        return receivedBytes;
    }

    @Override
    public int write(Bytes source, int offset, int length) {
        if (closing || closed) {
            throw new AssertionError("write after close");
        }
        int taken = Math.min(length, space);
        sent.writeBytes(Arena.toArray(source, offset, taken));
        space -= taken;
        writableIsDue |= taken < length;
        return taken;
    }

    @Override
    public int writeConstant(Bytes source, int offset, int length) {
        return write(source, offset, length);
    }

    @Override
    public int writeSpace() {
        return space;
    }

    @Override
    public int unacknowledged() {
        return 0;
    }

    @Override
    public void pauseReceiving() {
        paused = true;
    }

    @Override
    public void resumeReceiving() {
        paused = false;
        resumed = true;
    }

    @Override
    public void close() {
        closing = true;
        receivedBytes = 0;
    }

    @Override
    public void abort() {
        aborted = true;
    }

    @Override
    public void setNoDelay(boolean noDelay) {}

    @Override
    public void setKeepAlive(int idleSeconds) {}

    @Override
    public int remoteAddress() {
        return 0xc612_0001;
    }

    @Override
    public int remotePort() {
        return 40_000;
    }

    @Override
    public int localPort() {
        return localPort;
    }
}
