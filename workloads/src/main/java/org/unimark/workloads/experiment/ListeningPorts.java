// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * TCP ports on which somebody listens, found as an attacker finds them: by asking each for a connection. The same question
 * for every system, whatever it tells about itself.
 */
final class ListeningPorts {
    private static final int LAST_PORT = 65_535;
    private static final int AT_ONCE = 128;
    private static final int POLL_MILLIS = 100;

    private final InetAddress address;
    private final PrimitiveIterator.OfInt ports;
    private final Set<Integer> listening = new TreeSet<>();

    private ListeningPorts(InetAddress address, PrimitiveIterator.OfInt ports) {
        this.address = address;
        this.ports = ports;
    }

    /** Of all ports; a port that says neither yes nor no until {@code limit} is a problem. */
    static Set<Integer> of(InetAddress address, Duration limit) throws Rejected, IOException, InterruptedException {
        return of(address, IntStream.rangeClosed(1, LAST_PORT), limit);
    }

    /** The same of some. */
    static Set<Integer> of(InetAddress address, IntStream ports, Duration limit)
            throws Rejected, IOException, InterruptedException {
        ListeningPorts asked = new ListeningPorts(address, ports.iterator());
        asked.ask(System.nanoTime() + limit.toNanos());
        return asked.listening;
    }

    private void ask(long deadlineNanos) throws Rejected, IOException, InterruptedException {
        try (Selector selector = Selector.open()) {
            try {
                while (ports.hasNext() || !selector.keys().isEmpty()) {
                    while (ports.hasNext() && selector.keys().size() < AT_ONCE) {
                        ask(ports.nextInt(), selector);
                    }
                    selector.select(POLL_MILLIS);
                    for (SelectionKey key : selector.selectedKeys()) {
                        answered((SocketChannel) key.channel(), (int) key.attachment());
                    }
                    selector.selectedKeys().clear();
                    // Those that were closed count until the next selection.
                    selector.selectNow();
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    if (System.nanoTime() > deadlineNanos) {
                        throw new Rejected(
                                "ports that neither accept nor refuse a connection: it cannot be told who listens");
                    }
                }
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private void ask(int port, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        // The next of so many connections must not wait for this one to be forgotten.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        try {
            if (channel.connect(new InetSocketAddress(address, port))) {
                listening.add(port);
                channel.close();
            } else {
                channel.register(selector, SelectionKey.OP_CONNECT, port);
            }
        } catch (ConnectException refused) {
            channel.close();
        }
    }

    private void answered(SocketChannel channel, int port) throws IOException {
        try {
            if (channel.finishConnect()) {
                listening.add(port);
                channel.close();
            }
        } catch (ConnectException refused) {
            channel.close();
        }
    }
}
