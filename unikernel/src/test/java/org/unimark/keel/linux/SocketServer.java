// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/** Listens on one port for each thing that the tests want of a connection. */
public final class SocketServer implements Application {
    static final int ECHO = 7101;
    /** Sends {@link #BULK_BYTES} of a constant, then finishes. */
    static final int BULK = 7102;
    /** Waits for whole lines of up to 16 KiB and answers each with its length. */
    static final int LINES = 7103;
    /** Answers each byte: 'a' aborts, 'c' closes after "bye", 'p' pauses for 100 ms, others with themselves. */
    static final int COMMANDS = 7104;
    /** One line for each counter of the platform, and what was closed why. */
    static final int REPORT = 7105;
    /** Connects to the echo port and passes on what it sends. */
    static final int RELAY = 7106;

    static final int BULK_BYTES = 8 << 20;

    private static final int LOOPBACK = 0x7f000001;

    private final int[] closed = new int[CloseReason.values().length];
    private Platform platform;
    private Bytes bulk;

    @Override
    public void start(Platform newPlatform) {
        platform = newPlatform;
        bulk = platform.resource("bulk");
        platform.network().listen(ECHO, 1024, connection -> new Echo());
        platform.network().listen(BULK, 128, connection -> new Bulk(connection));
        platform.network().listen(LINES, 128, connection -> new Lines());
        platform.network().listen(COMMANDS, 128, connection -> new Commands());
        platform.network().listen(RELAY, 128, connection -> new Relay(connection));
        platform.network().listen(REPORT, 128, connection -> new Report(connection));
        boolean refused = platform.network().listen(ECHO, 128, connection -> null) == null;
        platform.log().line(refused ? "ready" : "listened twice");
    }

    private abstract class Handler implements ConnectionHandler {
        @Override
        public void writable(Connection connection) {
            connection.resumeReceiving();
        }

        @Override
        public void peerFinished(Connection connection) {
            connection.close();
        }

        @Override
        public void closed(Connection connection, CloseReason reason) {
            closed[reason.ordinal()]++;
        }
    }

    private final class Echo extends Handler {
        private boolean waiting;
        private boolean finished;

        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            int taken = connection.write(data, offset, length);
            waiting = taken < length;
            if (finished && !waiting) {
                connection.close();
            }
            return taken;
        }

        @Override
        public void peerFinished(Connection connection) {
            finished = true;
            if (!waiting) {
                connection.close();
            }
        }
    }

    private final class Bulk extends Handler {
        private int sent;

        Bulk(Connection connection) {
            send(connection);
        }

        private void send(Connection connection) {
            int before = sent;
            do {
                before = sent;
                sent += connection.writeConstant(bulk, sent % bulk.length(), chunk());
            } while (sent > before && sent < BULK_BYTES);
            if (sent == BULK_BYTES) {
                connection.close();
            }
        }

        private int chunk() {
            return Math.min(bulk.length() - sent % bulk.length(), BULK_BYTES - sent);
        }

        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            return length;
        }

        @Override
        public void writable(Connection connection) {
            send(connection);
        }

        @Override
        public void peerFinished(Connection connection) {}
    }

    private final class Lines extends Handler {
        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            int consumed = 0;
            for (int i = 0; i < length; i++) {
                if (data.u8(offset + i) == '\n') {
                    say(connection, i - consumed + "\n");
                    consumed = i + 1;
                }
            }
            return consumed;
        }
    }

    private final class Commands extends Handler {
        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            int command = data.u8(offset);
            if (command == 'a') {
                connection.abort();
            } else if (command == 'c') {
                say(connection, "bye");
                connection.close();
            } else if (command == 'p') {
                connection.pauseReceiving();
                long now = platform.clock().nanos();
                platform.timers().schedule(new Resume(connection), now + 100_000_000L);
            } else {
                connection.write(data, offset, 1);
                connection.resumeReceiving();
            }
            return 1;
        }
    }

    private static final class Resume extends org.unimark.keel.kernel.Timer {
        private final Connection connection;

        Resume(Connection connection) {
            this.connection = connection;
        }

        @Override
        protected void expired(long nowNanos) {
            connection.resumeReceiving();
        }
    }

    private final class Relay extends Handler {
        private final Connection front;
        private final Connection back;

        Relay(Connection front) {
            this.front = front;
            back = platform.network().connect(LOOPBACK, ECHO, new Handler() {
                @Override
                public int received(Connection connection, Bytes data, int offset, int length) {
                    return front.write(data, offset, length);
                }

                /** What came in front before this connection was there was not taken, and is presented again. */
                @Override
                public void writable(Connection connection) {
                    front.resumeReceiving();
                }

                @Override
                public void peerFinished(Connection connection) {
                    connection.close();
                    Relay.this.front.close();
                }
            });
        }

        @Override
        public void writable(Connection connection) {
            back.resumeReceiving();
        }

        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            return back.write(data, offset, length);
        }

        @Override
        public void peerFinished(Connection connection) {
            back.close();
            front.close();
        }
    }

    private final class Report extends Handler {
        Report(Connection connection) {
            for (int i = 0; i < platform.counters().size(); i++) {
                say(
                        connection,
                        platform.counters().get(i).name() + " "
                                + platform.counters().get(i).value() + "\n");
            }
            for (CloseReason reason : CloseReason.values()) {
                say(connection, "closed." + reason.name() + " " + closed[reason.ordinal()] + "\n");
            }
            say(connection, "heap " + platform.heapAllocatedBytes() + "\n");
            connection.close();
        }

        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            return length;
        }
    }

    private void say(Connection connection, String text) {
        Bytes bytes = new Bytes();
        Bytes scratch = scratch();
        scratch.putAscii(0, text);
        connection.write(bytes.wrap(scratch, 0, text.length()), 0, text.length());
    }

    private Bytes scratchMemory;

    private Bytes scratch() {
        if (scratchMemory == null) {
            scratchMemory = platform.allocate(4096);
        }
        return scratchMemory;
    }
}
