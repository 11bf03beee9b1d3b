// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Answers every request on a loopback port with the same bytes, on one thread. The generator is warmed up against it, for
 * the just-in-time compiler must not be part of a measurement, and what the generator reaches against it bounds what it
 * can measure.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ByteBuffer response;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Thread thread;
    private volatile boolean stopped;
    private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** What is known of one connection. */
    private static final class Peer {
        /** How many bytes of the empty line that ends a request were seen. */
        private int endSeen;

        private long toAnswer;
        private ByteBuffer partlySent;
    }

    /** A server for this body, on a free port of the loopback address. */
    public LoopbackServer(byte[] response) throws IOException {
        this.response = ByteBuffer.allocateDirect(response.length).put(response).flip();
        this.selector = Selector.open();
        this.listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = new Thread(this::serve, "loopback-server");
        thread.setDaemon(true);
        thread.start();
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    private void serve() {
        try {
            while (!stopped) {
                selector.select(this::ready);
            }
        } catch (IOException e) {
            // The selector is broken: without it there is nothing to serve, and clients see their connections end.
            stopped = true;
        } finally {
            selector.keys().forEach(LoopbackServer::close);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = listener.accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    accepted.register(selector, SelectionKey.OP_READ, new Peer());
                }
                return;
            }
            converse(key, (SocketChannel) key.channel(), (Peer) key.attachment());
        } catch (IOException e) {
            close(key);
        }
    }

    private void converse(SelectionKey key, SocketChannel channel, Peer peer) throws IOException {
        if (key.isReadable()) {
            input.clear();
            if (channel.read(input) < 0) {
                close(key);
                return;
            }
            input.flip();
            countRequests(peer);
        }
        while (peer.toAnswer > 0) {
            if (peer.partlySent == null) {
                peer.partlySent = response.duplicate();
            }
            channel.write(peer.partlySent);
            if (peer.partlySent.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            peer.partlySent = null;
            peer.toAnswer--;
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private void countRequests(Peer peer) {
        while (input.hasRemaining()) {
            byte next = input.get();
            boolean fits = next == (peer.endSeen % 2 == 0 ? '\r' : '\n');
            peer.endSeen = fits ? peer.endSeen + 1 : next == '\r' ? 1 : 0;
            if (peer.endSeen == 4) {
                peer.endSeen = 0;
                peer.toAnswer++;
            }
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }
}
