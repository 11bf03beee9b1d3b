// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import java.nio.charset.StandardCharsets;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.SocketPlatform;

/** The server without sockets, over a database in memory: bytes in, and whatever comes out is dropped. */
final class ScriptedServer {
    private static final byte[] STARTUP = {0, 0, 0, 17, 0, 3, 0, 0, 'u', 's', 'e', 'r', 0, 'm', 0, 0, 0};

    private final Arena arena = new Arena();
    private final Bytes memory = arena.allocate(64 * 1024);
    private final SocketPlatform platform = new SocketPlatform();
    private final PostgresServer server;

    ScriptedServer(String settings) {
        Bytes file = arena.copyOf(settings.getBytes(StandardCharsets.US_ASCII));
        server = PostgresServer.create(platform, new JdbcEngine(":memory:"), TestServer.settings(file));
    }

    /** Feeds the bytes of a client that was let in, in two parts, the way a connection presents them. */
    void converse(byte[] input) {
        converse(STARTUP, input);
    }

    /** Feeds all that a client says. */
    void begin(byte[] input) {
        converse(new byte[0], input);
    }

    private void converse(byte[] beginning, byte[] input) {
        Sink connection = new Sink();
        ConnectionHandler handler = server.accepted(connection);
        feed(connection, handler, beginning);
        feed(connection, handler, input);
        handler.closed(connection, CloseReason.RESET);
    }

    private void feed(Sink connection, ConnectionHandler handler, byte[] input) {
        int half = input.length / 2;
        int held = 0;
        for (int part = 0; part < 2; part++) {
            int from = part == 0 ? 0 : half;
            int size = Math.min(part == 0 ? half : input.length - half, memory.length() - held);
            memory.copyFrom(held, input, from, size);
            held += size;
            if (connection.isClosed || held == 0) {
                return;
            }
            int rest = present(connection, handler, held);
            while (rest < held && !connection.isClosed) {
                held = rest;
                rest = present(connection, handler, held);
            }
            held = rest;
        }
    }

    /** Returns how much of what is held was not consumed, after all that could be executed was. */
    private int present(Sink connection, ConnectionHandler handler, int held) {
        int consumed = handler.received(connection, memory, 0, held);
        if (consumed < 0 || consumed > held) {
            throw new AssertionError("consumed " + consumed + " of " + held);
        }
        byte[] rest = Arena.toArray(memory, consumed, held - consumed);
        memory.copyFrom(0, rest, 0, rest.length);
        while (platform.poll()) {
            // Until nothing is left to do.
        }
        return rest.length;
    }

    private static final class Sink implements Connection {
        private boolean isClosed;

        @Override
        public int write(Bytes source, int offset, int length) {
            source.check(offset, length);
            return length;
        }

        @Override
        public int writeConstant(Bytes source, int offset, int length) {
            return length;
        }

        @Override
        public int writeSpace() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int unacknowledged() {
            return 0;
        }

        @Override
        public void pauseReceiving() {}

        @Override
        public void resumeReceiving() {}

        @Override
        public void close() {
            isClosed = true;
        }

        @Override
        public void abort() {
            isClosed = true;
        }

        @Override
        public void setNoDelay(boolean noDelay) {}

        @Override
        public void setKeepAlive(int idleSeconds) {}

        @Override
        public int remoteAddress() {
            return 0;
        }

        @Override
        public int remotePort() {
            return 0;
        }

        @Override
        public int localPort() {
            return 0;
        }
    }
}
