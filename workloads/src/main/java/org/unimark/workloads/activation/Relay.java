// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.activation;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One client and, once there is one, its server: bytes and ends of streams in both directions. What the client says before the
 * server listens waits in a buffer, and behind that in the client's own: back-pressure, nothing is lost.
 */
final class Relay {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SocketChannel client;
    private final SelectionKey clientKey;
    private final ByteBuffer requests = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer responses = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final long acceptedNanos;
    private final boolean cold;

    private Backend backend;
    private SocketChannel server;
    private SelectionKey serverKey;
    private boolean clientFinished;
    private boolean serverFinished;
    private boolean clientTold;
    private boolean serverTold;
    private boolean answered;
    private boolean closed;

    /** {@code cold} if no server listened when the client came. */
    Relay(SocketChannel client, Selector selector, long acceptedNanos, boolean cold) throws IOException {
        this.client = client;
        this.acceptedNanos = acceptedNanos;
        this.cold = cold;
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        clientKey = client.register(selector, SelectionKey.OP_READ, this);
    }

    long acceptedNanos() {
        return acceptedNanos;
    }

    boolean isCold() {
        return cold;
    }

    /** Whether it has no connection to a server, not even one that is being made. */
    boolean isWaiting() {
        return !closed && server == null;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isAnswered() {
        return answered;
    }

    void connect(Backend to, Selector selector) throws IOException {
        backend = to;
        server = SocketChannel.open();
        server.configureBlocking(false);
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        server.connect(to.address());
        serverKey = server.register(selector, SelectionKey.OP_CONNECT, this);
    }

    /**
     * Moves what can be moved.
     *
     * @return false if the server refused the connection, which then waits for another attempt
     * @throws IOException if one side broke off: the relay is to be {@link #abort aborted}
     */
    boolean progress() throws IOException {
        if (serverKey != null && serverKey.isConnectable() && !connected()) {
            return false;
        }
        if (!clientFinished && clientKey.isReadable()) {
            clientFinished = client.read(requests) < 0;
        }
        if (isConnected()) {
            exchange();
        }
        if (clientTold && serverTold) {
            close();
        } else {
            wishes();
        }
        return true;
    }

    private boolean connected() throws IOException {
        try {
            return server.finishConnect();
        } catch (IOException refused) {
            // It does not listen yet, whatever it said.
            serverKey.cancel();
            server.close();
            server = null;
            serverKey = null;
            return false;
        }
    }

    private boolean isConnected() {
        return server != null && server.isConnected();
    }

    private void exchange() throws IOException {
        drain(requests, server);
        if (clientFinished && requests.position() == 0 && !serverTold) {
            serverTold = true;
            server.shutdownOutput();
        }
        if (!serverFinished && responses.hasRemaining()) {
            int read = server.read(responses);
            serverFinished = read < 0;
            if (serverFinished && !backend.isAlive()) {
                throw new IOException("the server ended, so this is no orderly end of an answer");
            }
            answered |= read > 0;
        }
        drain(responses, client);
        if (serverFinished && responses.position() == 0 && !clientTold) {
            clientTold = true;
            client.shutdownOutput();
        }
    }

    private static void drain(ByteBuffer buffer, SocketChannel to) throws IOException {
        if (buffer.position() > 0) {
            buffer.flip();
            to.write(buffer);
            buffer.compact();
        }
    }

    private void wishes() {
        int ofClient = !clientFinished && requests.hasRemaining() ? SelectionKey.OP_READ : 0;
        clientKey.interestOps(ofClient | (responses.position() > 0 ? SelectionKey.OP_WRITE : 0));
        if (isConnected()) {
            int ofServer = !serverFinished && responses.hasRemaining() ? SelectionKey.OP_READ : 0;
            serverKey.interestOps(ofServer | (requests.position() > 0 ? SelectionKey.OP_WRITE : 0));
        }
    }

    /** Breaks both connections off: with a reset, so that the client does not take half an answer for a whole one. */
    void abort() {
        try {
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            // The client was faster.
        }
        close();
    }

    private void close() {
        closed = true;
        try {
            client.close();
            if (server != null) {
                server.close();
            }
        } catch (IOException nothingToSave) {
            // Closing a socket fails only if it is broken already.
        }
    }
}
