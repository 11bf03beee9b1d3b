// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Readiness;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.activation.Activator;
import org.unimark.workloads.activation.Backend;

/**
 * How long the request takes that starts the service, and those that come after it: a client of the activator, which holds the
 * listening socket and starts the system at the first connection. The same activator for every system.
 */
final class OnDemand implements Experiment {
    private static final int WARM_REQUESTS = 20;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Site SITE = Site.PAGE;

    @Override
    public String name() {
        return "on-demand";
    }

    @Override
    public String description() {
        return "time of the request that starts the service behind an activator, and of those that find it running";
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(new Kind(Kind.TIMED, SITE, InstructionCounter.Mode.MARKS, effort.bootRepetitions(), 0.5));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Probe probe = kind.subject().probe();
        ExecutorService threads = Executors.newCachedThreadPool();
        Backend.Launcher launcher = changed -> new Service(launch(system, kind, bench), probe, threads, changed);
        long patience = TimeUnit.SECONDS.toNanos(bench.bootTimeoutSeconds());
        Activator.Statistics statistics = new Activator.Statistics();
        try (Activator activator = new Activator(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                launcher,
                new Activator.Settings(Long.MAX_VALUE, patience),
                statistics)) {
            Future<Void> serving = threads.submit((Callable<Void>) () -> {
                activator.run();
                return null;
            });
            try {
                return List.of(ask(activator.address(), probe, bench, statistics));
            } finally {
                activator.stop();
                end(serving);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Running launch(SystemUnderTest system, Kind kind, Bench bench) throws IOException {
        try {
            return bench.start(system, kind.counting());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("told to stop while the system was started", e);
        }
    }

    private static Outcome ask(InetSocketAddress address, Probe probe, Bench bench, Activator.Statistics statistics)
            throws Rejected {
        int timeout = (int) TimeUnit.SECONDS.toMillis(2L * bench.bootTimeoutSeconds());
        long cold = ask(address, probe, timeout);
        double[] warm = new double[WARM_REQUESTS];
        for (int i = 0; i < WARM_REQUESTS; i++) {
            warm[i] = ask(address, probe, timeout) / NANOS_PER_MILLI;
        }
        if (statistics.lost() > 0) {
            throw new Rejected("connections were lost while the service started");
        }
        Arrays.sort(warm);
        return Outcome.of(cold / 1e9)
                .value("cold_response_ms", cold / NANOS_PER_MILLI)
                .value("warm_response_ms", warm[WARM_REQUESTS / 2])
                .file("console", bench.relative("console.txt"));
    }

    /** Returns nanoseconds from asking for a connection to the end of a correct answer. */
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
