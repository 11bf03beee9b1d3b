// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Finds out when a system gives its first correct response, by asking it. Attempts start at intervals of a fiftieth of
 * the time that has passed, so that the resolution is a few per cent of what is measured and a slow system is not buried
 * in requests; the newest few stay open, for a machine that comes up answers what waits at its network card.
 */
public final class Readiness {
    private static final int OPEN_ATTEMPTS = 8;
    private static final long SHORTEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int INTERVALS_IN_ELAPSED = 50;
    private static final int RESPONSE_TIMEOUT_MILLIS = 2_000;

    private final ResponseVerifier verifier;
    private final String path;
    private final Deque<SocketChannel> attempts = new ArrayDeque<>();

    private Readiness(ResponseVerifier verifier, String path) {
        this.verifier = verifier;
        this.path = path;
    }

    /**
     * Waits for the first correct response of {@code instance} to a request for {@code path}.
     *
     * @param timeoutMillis since its launch
     * @return {@link System#nanoTime} when the response was complete
     * @throws IOException if the instance ends, or the time does; with the end of its console
     */
    public static long await(Instance instance, ResponseVerifier verifier, String path, long timeoutMillis)
            throws IOException {
        try (Selector selector = Selector.open()) {
            return new Readiness(verifier, path).await(instance, selector, timeoutMillis);
        }
    }

    private long await(Instance instance, Selector selector, long timeoutMillis) throws IOException {
        long deadline = instance.launchedNanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        long nextAttempt = System.nanoTime();
        try {
            while (true) {
                long now = System.nanoTime();
                if (!instance.isAlive() || now - deadline >= 0) {
                    String what = instance.isAlive() ? "gave no correct response in " + timeoutMillis + " ms" : "ended";
                    throw new IOException("the system " + what + "; its console: " + instance.consoleTail());
                }
                if (now - nextAttempt >= 0) {
                    attempt(instance.address(), selector);
                    long elapsed = now - instance.launchedNanos();
                    nextAttempt = now + Math.max(SHORTEST_INTERVAL_NANOS, elapsed / INTERVALS_IN_ELAPSED);
                }
                selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextAttempt - now)));
                long responded = ask(instance.address(), selector);
                if (responded != 0) {
                    return responded;
                }
            }
        } finally {
            for (SocketChannel channel : attempts) {
                channel.close();
            }
        }
    }

    private void attempt(InetSocketAddress address, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        attempts.add(channel);
        if (attempts.size() > OPEN_ATTEMPTS) {
            attempts.remove().close();
        }
        try {
            channel.connect(address);
            channel.register(selector, SelectionKey.OP_CONNECT);
        } catch (IOException e) {
            // No route yet, or refused at once: the next attempt follows.
            attempts.remove(channel);
            channel.close();
        }
    }

    /** Sends the request on attempts that are connected now; returns when a correct response was complete, or 0. */
    private long ask(InetSocketAddress address, Selector selector) throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            SocketChannel channel = (SocketChannel) key.channel();
            key.cancel();
            attempts.remove(channel);
            try (channel) {
                channel.finishConnect();
                // The key must be gone before the channel may block.
                selector.selectNow();
                channel.configureBlocking(true);
                HttpProbe.Response response = HttpProbe.get(channel.socket(), address, path, RESPONSE_TIMEOUT_MILLIS);
                if (verifier.isCorrect(path, response)) {
                    return System.nanoTime();
                }
            } catch (IOException e) {
                // Refused or broken off: the application does not listen yet.
                continue;
            }
        }
        selector.selectedKeys().clear();
        return 0;
    }
}
