// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.activation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server inside this process: sends back what it gets, and begins to listen some time after its launch. */
final class EchoBackend implements Backend {
    private final ServerSocket socket;
    private final AtomicInteger running;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile boolean listening;
    private volatile boolean alive = true;

    private EchoBackend(AtomicInteger running) throws IOException {
        this.running = running;
        socket = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        running.incrementAndGet();
    }

    private void serve(long bootMillis, boolean failing, Runnable changed) {
        try {
            Thread.sleep(bootMillis);
            if (failing) {
                end();
                changed.run();
                return;
            }
            listening = true;
            changed.run();
            while (alive) {
                Socket connection = socket.accept();
                connections.add(connection);
                thread(() -> echo(connection));
            }
        } catch (IOException | InterruptedException ended) {
            end();
        }
    }

    private void echo(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException gone) {
            // The client's business.
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "echo");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void end() {
        if (alive) {
            alive = false;
            running.decrementAndGet();
            try {
                socket.close();
                for (Socket connection : connections) {
                    connection.close();
                }
            } catch (IOException broken) {
                throw new IllegalStateException(broken);
            }
        }
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public boolean isListening() {
        return listening;
    }

    @Override
    public void close() {
        end();
    }

    /** Starts them. */
    static final class Launcher implements Backend.Launcher {
        private final long bootMillis;
        private final AtomicInteger launches = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private int failing;
        private volatile EchoBackend last;
        private volatile Runnable changed;

        Launcher(long bootMillis) {
            this.bootMillis = bootMillis;
        }

        /** The first {@code count} launches end before they listen. */
        Launcher failing(int count) {
            failing = count;
            return this;
        }

        int launches() {
            return launches.get();
        }

        int running() {
            return running.get();
        }

        void kill() {
            last.end();
            changed.run();
        }

        @Override
        public Backend launch(Runnable onChange) throws IOException {
            boolean fails = launches.incrementAndGet() <= failing;
            EchoBackend backend = new EchoBackend(running);
            last = backend;
            changed = onChange;
            thread(() -> backend.serve(bootMillis, fails, onChange));
            return backend;
        }
    }
}
