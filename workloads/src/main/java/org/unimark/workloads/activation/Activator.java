// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.activation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Holds the listening socket of a service whose server runs only while it is needed: the first connection starts it, and when
 * nobody was connected for a while it is ended. One thread, {@link #run}; {@link #stop} may come from any.
 */
public final class Activator implements AutoCloseable {
    /** Connections at the same time; more wait in the kernel's queue. */
    private static final int MAXIMUM_RELAYS = 4096;

    private static final int BACKLOG = 1024;
    private static final long RETRY_MILLIS = 2;
    /** While a server starts, which says itself when it listens or ends: how soon it is noticed that it is late. */
    private static final long STARTING_MILLIS = 100;

    private static final int ATTEMPTS = 3;

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final SelectionKey listenerKey;
    private final Backend.Launcher launcher;
    private final Settings settings;
    private final Observer observer;
    private final List<Relay> relays = new ArrayList<>();

    private volatile boolean stopping;
    private Backend backend;
    private boolean listening;
    private long launchedNanos;
    private long lastUseNanos;
    private int failedLaunches;

    /**
     * How long to be patient.
     *
     * @param idleNanos without any connection, after which the server is ended
     * @param bootNanos within which it has to listen
     */
    public record Settings(long idleNanos, long bootNanos) {}

    /** Hears what happens, on the activator's thread. */
    public interface Observer {
        /** A server was started for a connection. */
        void started();

        /** The first byte of an answer came so long after its connection was accepted. */
        void answered(boolean cold, long nanos);

        /** The server was ended because nobody uses it. */
        void stopped();

        /** A server did not come up, or ended by itself; connections that waited for it were broken off. */
        void failed(String reason, int connections);
    }

    /** Binds the socket; port 0 for any. */
    public Activator(InetSocketAddress address, Backend.Launcher launcher, Settings settings, Observer observer)
            throws IOException {
        this.launcher = launcher;
        this.settings = settings;
        this.observer = observer;
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        try {
            listener.bind(address, BACKLOG);
            listener.configureBlocking(false);
            listenerKey = listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            listener.close();
            selector.close();
            throw e;
        }
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** Serves until {@link #stop}, and ends the server if one runs. */
    public void run() throws IOException {
        try {
            while (!stopping) {
                selector.select(timeoutMillis());
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key == listenerKey) {
                        accept();
                    } else {
                        progress((Relay) key.attachment());
                    }
                }
                selector.selectedKeys().clear();
                supervise();
            }
        } finally {
            endBackend();
        }
    }

    public void stop() {
        stopping = true;
        selector.wakeup();
    }

    /** 0 means forever. */
    private long timeoutMillis() {
        if (backend == null) {
            return 0;
        }
        if (!listening) {
            return STARTING_MILLIS;
        }
        if (relays.stream().anyMatch(Relay::isWaiting)) {
            return RETRY_MILLIS;
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(settings.idleNanos()) / 4);
    }

    private void accept() throws IOException {
        SocketChannel client = listener.accept();
        while (client != null) {
            lastUseNanos = System.nanoTime();
            relays.add(new Relay(client, selector, lastUseNanos, !listening));
            if (relays.size() >= MAXIMUM_RELAYS) {
                listenerKey.interestOps(0);
                return;
            }
            client = listener.accept();
        }
    }

    private void progress(Relay relay) {
        if (relay.isClosed()) {
            return;
        }
        boolean answeredBefore = relay.isAnswered();
        try {
            relay.progress();
        } catch (IOException brokenOff) {
            relay.abort();
        }
        if (relay.isAnswered() && !answeredBefore) {
            observer.answered(relay.isCold(), System.nanoTime() - relay.acceptedNanos());
        }
    }

    /** Everything that depends on the server's state. */
    private void supervise() throws IOException {
        forgetClosed();
        if (backend != null && !backend.isAlive()) {
            fail(listening ? "the server ended" : "the server ended before it listened");
        }
        if (backend != null && !listening && System.nanoTime() - launchedNanos > settings.bootNanos()) {
            fail("the server did not listen in time");
        }
        if (backend == null && relays.stream().anyMatch(Relay::isWaiting)) {
            launch();
        }
        if (backend != null && !listening && backend.isListening()) {
            listening = true;
            failedLaunches = 0;
        }
        if (listening) {
            connectWaiting();
        }
        if (backend != null
                && listening
                && relays.isEmpty()
                && System.nanoTime() - lastUseNanos > settings.idleNanos()) {
            endBackend();
            observer.stopped();
        }
    }

    private void forgetClosed() {
        boolean gone = false;
        for (Iterator<Relay> each = relays.iterator(); each.hasNext(); ) {
            if (each.next().isClosed()) {
                each.remove();
                gone = true;
            }
        }
        if (gone) {
            lastUseNanos = System.nanoTime();
            listenerKey.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void launch() throws IOException {
        launchedNanos = System.nanoTime();
        backend = launcher.launch(selector::wakeup);
        observer.started();
    }

    private void connectWaiting() {
        for (Relay relay : relays) {
            if (relay.isWaiting()) {
                try {
                    relay.connect(backend, selector);
                } catch (IOException e) {
                    relay.abort();
                }
            }
        }
    }

    /**
     * Connections that had reached the server are lost with it. Those that still wait get another one, unless several in a row
     * did not come up.
     */
    private void fail(String reason) {
        failedLaunches = listening ? 0 : failedLaunches + 1;
        int broken = 0;
        for (Relay relay : relays) {
            if (!relay.isWaiting() || failedLaunches >= ATTEMPTS) {
                relay.abort();
                broken++;
            }
        }
        if (failedLaunches >= ATTEMPTS) {
            failedLaunches = 0;
        }
        endBackend();
        forgetClosed();
        observer.failed(reason, broken);
    }

    private void endBackend() {
        if (backend != null) {
            backend.close();
            backend = null;
            listening = false;
        }
    }

    /** Breaks everything off; after {@link #run} has returned. */
    @Override
    public void close() throws IOException {
        for (Relay relay : relays) {
            relay.abort();
        }
        listener.close();
        selector.close();
    }

    /** An observer that keeps the distributions of times from accepting a connection to the first byte of its answer. */
    public static final class Statistics implements Observer {
        private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
        private static final int DIGITS = 3;

        private final Histogram cold = new Histogram(HIGHEST_NANOS, DIGITS);
        private final Histogram warm = new Histogram(HIGHEST_NANOS, DIGITS);
        private long lost;

        @Override
        public void started() {}

        @Override
        public void answered(boolean waited, long nanos) {
            (waited ? cold : warm).recordValue(Math.min(nanos, HIGHEST_NANOS));
        }

        @Override
        public void stopped() {}

        @Override
        public void failed(String reason, int connections) {
            lost += connections;
        }

        /** In nanoseconds, of connections that came before the server listened. */
        public Histogram cold() {
            return cold;
        }

        /** In nanoseconds, of all others. */
        public Histogram warm() {
            return warm;
        }

        /** Connections that were broken off because a server failed. */
        public long lost() {
            return lost;
        }
    }
}
