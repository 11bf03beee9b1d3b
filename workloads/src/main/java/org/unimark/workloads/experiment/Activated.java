// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Readiness;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.workloads.activation.Activator;
import org.unimark.workloads.activation.Backend;

/**
 * A system behind an activator, which holds the listening socket and starts the system at the first connection. The same
 * activator for every system.
 */
final class Activated implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Activator.Statistics statistics = new Activator.Statistics();
    private final Probe probe;
    private final int timeoutMillis;
    private final Activator activator;
    private final InetSocketAddress address;
    private final Future<Void> serving;

    /** What the first connection does. */
    interface Start {
        Running start() throws IOException, InterruptedException;
    }

    /** Nothing is started yet. */
    Activated(SystemUnderTest system, Kind kind, Bench bench) throws IOException {
        this(() -> bench.start(system, kind.counting()), kind, bench);
    }

    /** The same for a system that is started in another way. */
    Activated(Start start, Kind kind, Bench bench) throws IOException {
        probe = kind.subject().probe();
        timeoutMillis = (int) TimeUnit.SECONDS.toMillis(2L * bench.bootTimeoutSeconds());
        Backend.Launcher launcher = changed -> new Service(launch(start), probe, threads, changed);
        long patience = TimeUnit.SECONDS.toNanos(bench.bootTimeoutSeconds());
        try {
            activator = new Activator(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    launcher,
                    new Activator.Settings(Long.MAX_VALUE, patience),
                    statistics);
            address = activator.address();
        } catch (IOException e) {
            threads.shutdownNow();
            throw e;
        }
        serving = threads.submit((Callable<Void>) () -> {
            activator.run();
            return null;
        });
    }

    /** Nanoseconds from asking for a connection to the end of a correct answer; the first request starts the system. */
    long ask() throws Rejected {
        long nanos = ask(address, probe, timeoutMillis);
        if (statistics.lost() > 0) {
            throw new Rejected("connections were lost while the service started");
        }
        return nanos;
    }

    /** Ends the system, too. */
    @Override
    public void close() throws IOException {
        try {
            activator.stop();
            end(serving);
            activator.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
    }

    private static Running launch(Start start) throws IOException {
        try {
            return start.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("told to stop while the system was started", e);
        }
    }

    private static long ask(InetSocketAddress address, Probe probe, int timeoutMillis) throws Rejected {
        long start = System.nanoTime();
        try {
            Probe.Verdict verdict = Readiness.ask(address, probe, timeoutMillis);
            long end = System.nanoTime();
            if (verdict == Probe.Verdict.PARTIAL) {
                throw new Rejected("the connection ended before an answer was complete");
            }
            if (verdict == Probe.Verdict.WRONG) {
                throw new Rejected("the answer was not what it should be");
            }
            return end - start;
        } catch (IOException e) {
            throw new Rejected("no answer through the activator: " + e.getMessage(), e);
        }
    }

    private static void end(Future<Void> serving) throws IOException, InterruptedException {
        try {
            serving.get();
        } catch (ExecutionException e) {
            throw new IOException("the activator failed: " + e.getCause(), e);
        }
    }

    /** A system that is starting: it listens when it has answered correctly for the first time. */
    private static final class Service implements Backend {
        private final Running running;
        private volatile boolean listening;
        private volatile boolean failed;

        Service(Running running, Probe probe, ExecutorService threads, Runnable changed) {
            this.running = running;
            threads.execute(() -> {
                try {
                    running.awaitAnswer(probe);
                    listening = true;
                } catch (Rejected e) {
                    failed = true;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                changed.run();
            });
        }

        @Override
        public InetSocketAddress address() {
            return running.instance().address();
        }

        @Override
        public boolean isAlive() {
            return !failed && running.instance().isAlive();
        }

        @Override
        public boolean isListening() {
            return listening;
        }

        @Override
        public void close() {
            running.close();
        }
    }
}
