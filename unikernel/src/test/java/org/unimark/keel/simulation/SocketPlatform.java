// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.storage.Storage;

/** Keel's platform over this JVM's sockets on loopback, in a thread of its own: for real clients. */
public final class SocketPlatform extends LonePlatform implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    /** What one region of simulated memory holds, and an eighth to spare. */
    private static final long AVAILABLE_BYTES = 18 << 20;

    private static final int SEND_BYTES = 64 * 1024;

    private final long startNanos;
    private final Selector selector;
    private final Map<SelectionKey, Acceptor> acceptors = new HashMap<>();
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private volatile boolean isStopped;
    private volatile Throwable failure;
    private Thread thread;
    private int port;

    public SocketPlatform() {
        this(System.nanoTime());
    }

    private SocketPlatform(long startNanos) {
        super(startNanos, 0);
        this.startNanos = startNanos;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return port;
    }

    public void run() {
        thread = new Thread(this::loop, "socket-platform");
        thread.setDaemon(true);
        thread.start();
    }

    private void loop() {
        try {
            while (!isStopped) {
                timers.advance(clock().nanos());
                if (isIdle()) {
                    selector.select(timers.scheduled() > 0 ? 1 : 50);
                } else {
                    selector.selectNow();
                }
                serveSelected();
                poll();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            e.printStackTrace();
        }
    }

    private void serveSelected() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.isAcceptable()) {
                accept(key);
            } else if (key.isValid()) {
                ((Peer) key.attachment()).ready();
            }
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void serveNetwork() {
        try {
            selector.selectNow();
            serveSelected();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(SelectionKey key) throws IOException {
        SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.socket().setTcpNoDelay(true);
            Peer peer = new Peer(channel);
            peer.key = channel.register(selector, SelectionKey.OP_READ, peer);
            peer.handler = acceptors.get(key).accepted(peer);
            if (peer.handler == null) {
                channel.close();
            }
        }
    }

    @Override
    public Listener listen(int onPort, int backlog, Acceptor acceptor) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), backlog);
            server.configureBlocking(false);
            acceptors.put(server.register(selector, SelectionKey.OP_ACCEPT), acceptor);
            servers.add(server);
            port = server.socket().getLocalPort();
            return () -> {};
        } catch (IOException e) {
            return null;
        }
    }

    private final class Peer implements Connection {
        private final SocketChannel channel;
        private final Bytes received = arena.allocate(BUFFER_BYTES);
        private final ByteBuffer sending = ByteBuffer.allocate(SEND_BYTES);
        private final ByteBuffer reading = ByteBuffer.allocate(32 * 1024);
        private SelectionKey key;
        private ConnectionHandler handler;
        private int held;
        private boolean isPaused;
        private boolean writableIsDue;
        private boolean isClosing;
        private boolean isAborted;
        private boolean isOver;
        private boolean hasEnded;

        Peer(SocketChannel channel) {
            this.channel = channel;
        }

        void ready() {
            try {
                if (key.isWritable()) {
                    push();
                    if (writableIsDue && sending.position() < SEND_BYTES && !isClosing) {
                        writableIsDue = false;
                        handler.writable(this);
                    }
                }
                if (!isPaused && key.isValid() && !isOver) {
                    pull();
                }
                settle();
            } catch (IOException e) {
                over(CloseReason.RESET);
            }
        }

        private void pull() throws IOException {
            reading.clear();
            reading.limit(Math.min(reading.capacity(), BUFFER_BYTES - held));
            int count = hasEnded ? 0 : channel.read(reading);
            if (count > 0) {
                received.copyFrom(held, reading.array(), 0, count);
                held += count;
            }
            present();
            if (count < 0) {
                hasEnded = true;
                if (!isPaused && !isClosing && !isAborted) {
                    handler.peerFinished(this);
                }
                if (isClosing) {
                    over(CloseReason.FINISHED);
                }
            }
        }

        private void present() {
            if (held == 0 || isClosing || isAborted || isPaused) {
                held = isClosing ? 0 : held;
                return;
            }
            int consumed = handler.received(this, received, 0, held);
            byte[] rest = Arena.toArray(received, consumed, held - consumed);
            held = rest.length;
            received.copyFrom(0, rest, 0, held);
        }

        private void push() throws IOException {
            sending.flip();
            channel.write(sending);
            sending.compact();
        }

        private void settle() throws IOException {
            if (isOver) {
                return;
            }
            if (isAborted) {
                over(CloseReason.ABORTED);
                return;
            }
            push();
            if (isClosing && sending.position() == 0) {
                if (!hasEnded) {
                    channel.shutdownOutput();
                }
                over(CloseReason.FINISHED);
                return;
            }
            int interest = sending.position() > 0 || writableIsDue ? SelectionKey.OP_WRITE : 0;
            key.interestOps(interest | (isPaused || hasEnded ? 0 : SelectionKey.OP_READ));
        }

        private void over(CloseReason reason) {
            if (!isOver) {
                isOver = true;
                key.cancel();
                try {
                    channel.close();
                } catch (IOException ignored) {
                    // It is gone in any case.
                }
                handler.closed(this, reason);
            }
        }

        @Override
        public int write(Bytes source, int offset, int length) {
            int taken = Math.min(length, sending.remaining());
            sending.put(Arena.toArray(source, offset, taken));
            writableIsDue |= taken < length;
            if (key.isValid()) {
                key.interestOps(key.interestOps() | SelectionKey.OP_WRITE);
            }
            return taken;
        }

        @Override
        public int writeConstant(Bytes source, int offset, int length) {
            return write(source, offset, length);
        }

        @Override
        public int writeSpace() {
            return sending.remaining();
        }

        @Override
        public int unacknowledged() {
            return sending.position();
        }

        @Override
        public void pauseReceiving() {
            isPaused = true;
        }

        @Override
        public void resumeReceiving() {
            isPaused = false;
            // What is held is presented by the timer, not inside this call.
            timers.schedule(
                    new org.unimark.keel.kernel.Timer() {
                        @Override
                        protected void expired(long nowNanos) {
                            if (!isOver && !isPaused) {
                                present();
                                ready();
                            }
                        }
                    },
                    clock().nanos());
        }

        @Override
        public void close() {
            isClosing = true;
            key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
        }

        @Override
        public void abort() {
            isAborted = true;
            key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
        }

        @Override
        public void setNoDelay(boolean noDelay) {}

        @Override
        public void setKeepAlive(int idleSeconds) {}

        @Override
        public int remoteAddress() {
            return 0x7f000001;
        }

        @Override
        public int remotePort() {
            return 0;
        }

        @Override
        public int localPort() {
            return port;
        }
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime() - startNanos;
            }

            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }
        };
    }

    @Override
    public Log log() {
        return Log.of(System.out::println);
    }

    @Override
    public long availableBytes() {
        return AVAILABLE_BYTES;
    }

    @Override
    public Storage storage() {
        return null;
    }

    @Override
    public void exit(int status) {
        isStopped = true;
    }

    @Override
    public String name() {
        return "jvm";
    }

    @Override
    public void close() throws IOException {
        isStopped = true;
        selector.wakeup();
        while (thread != null && thread.isAlive()) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000L);
        }
        for (ServerSocketChannel server : servers) {
            server.close();
        }
        selector.close();
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Waits until it is stopped. */
    public void join() throws InterruptedException {
        thread.join();
    }
}
