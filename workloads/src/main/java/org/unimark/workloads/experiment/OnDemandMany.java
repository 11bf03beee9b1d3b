// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.Cache;
import org.unimark.baselines.Service;
import org.unimark.baselines.Stopped;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/**
 * What the requests wait that start services: many services at once, each behind its own activator, and one service again
 * and again. Nothing may be lost.
 */
final class OnDemandMany implements Experiment {
    private static final String AGAIN = "cold-starts";
    private static final List<Integer> FEW = List.of(2);
    private static final List<Integer> SOME = List.of(1, 10);
    private static final List<Integer> MANY = List.of(1, 10, 50);
    private static final int FEW_KEYS = 1_000;
    /** Addresses of systems that run alone are below. */
    private static final int FIRST_HOST = 64;

    private static final double SECONDS_PER_START = 4;
    /** For each of the services that start at once, on few processors. */
    private static final int PATIENCE_SECONDS = 6;

    /** After which no further cold start is made: slow systems make fewer. */
    private static final long LIMIT_SECONDS = 180;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NINETY_NINE = 0.99;

    @Override
    public String name() {
        return "on-demand-many";
    }

    @Override
    public String description() {
        return "requests that start 1, 10 and 50 services at once, and one service up to 1,000 times; nothing is lost";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    private static List<Integer> services(Effort effort) {
        if (effort.thorough()) {
            return MANY;
        }
        return effort.keys() > FEW_KEYS ? SOME : FEW;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double all = services(effort).stream().mapToInt(count -> count).sum();
        return List.of(
                new Kind(
                        Kind.TIMED,
                        Site.PAGE,
                        InstructionCounter.Mode.MARKS,
                        effort.sweepRepetitions(),
                        all * SECONDS_PER_START),
                new Kind(
                        AGAIN,
                        Site.PAGE,
                        InstructionCounter.Mode.MARKS,
                        1,
                        Math.min(LIMIT_SECONDS, effort.coldStarts() * SECONDS_PER_START)));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        if (kind.name().equals(AGAIN)) {
            return List.of(again(kind, system, bench));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int count : services(bench.effort())) {
            outcomes.add(setting(count, kind, system, bench)
                    .parameter("services", count)
                    .parameter("repeated", "no"));
        }
        return outcomes;
    }

    /** So many at once that one of them does not come up leave the other settings alone. */
    private static Outcome setting(int count, Kind kind, SystemUnderTest system, Bench bench)
            throws InterruptedException {
        try {
            int patience = Math.max(bench.bootTimeoutSeconds(), count * PATIENCE_SECONDS);
            return together(count, kind, system, bench.withBootTimeout(patience));
        } catch (Rejected | IOException problem) {
            return Outcome.rejected(0, problem.getMessage());
        }
    }

    /** All are asked at the same moment. */
    private static Outcome together(int count, Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Service service = kind.subject().service(Cache.directory("sites"));
        List<Activated> all = new ArrayList<>();
        ExecutorService clients = Executors.newFixedThreadPool(count);
        long start = System.nanoTime();
        try {
            List<Callable<Long>> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Activated one = new Activated(system.another(service, FIRST_HOST + i), kind, bench.part(i));
                all.add(one);
                requests.add(one::ask);
            }
            long[] nanos = new long[count];
            int done = 0;
            for (Future<Long> answer : clients.invokeAll(requests)) {
                nanos[done++] = get(answer);
            }
            return describe(nanos, start, bench, "together-" + count);
        } finally {
            clients.shutdownNow();
            close(all);
        }
    }

    private static long get(Future<Long> answer) throws Rejected, IOException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Rejected) {
                throw new Rejected(e.getCause().getMessage(), e);
            }
            throw new IOException("a client failed: " + e.getCause(), e);
        }
    }

    private static void close(List<Activated> all) throws IOException {
        IOException failure = null;
        for (Activated one : all) {
            try {
                one.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** One service again and again; where it can be created without being started, that as well. */
    private static Outcome again(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        Outcome outcome = again(() -> bench.start(system, kind.counting()), kind, bench, "cold");
        try (Stopped stopped = bench.stopped(system)) {
            if (stopped != null) {
                Outcome started = again(() -> bench.start(system, stopped), kind, bench, "stopped-cold");
                outcome.add(OnDemand.STOPPED, started);
            }
        }
        return outcome.parameter("services", 1).parameter("repeated", "yes");
    }

    /** One after another, until there were enough or the time is over. */
    private static Outcome again(Activated.Start start, Kind kind, Bench bench, String label)
            throws Rejected, IOException {
        long[] nanos = new long[bench.effort().coldStarts()];
        int count = 0;
        long startNanos = System.nanoTime();
        while (count < nanos.length
                && System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)
                && !Thread.currentThread().isInterrupted()) {
            try (Activated activated = new Activated(start, kind, bench)) {
                nanos[count++] = activated.ask();
            }
        }
        return describe(Arrays.copyOf(nanos, count), startNanos, bench, label).value("cold_starts", count);
    }

    private static Outcome describe(long[] nanos, long startNanos, Bench bench, String label) throws IOException {
        Arrays.sort(nanos);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Outcome outcome = Outcome.of(seconds)
                .value("cold_response_ms", nanos[nanos.length / 2] / NANOS_PER_MILLI)
                .value("cold_p99_ms", nanos[(int) Math.ceil(nanos.length * NINETY_NINE) - 1] / NANOS_PER_MILLI)
                .value("cold_maximum_ms", nanos[nanos.length - 1] / NANOS_PER_MILLI);
        LoadedExperiments.histogram(nanos, seconds, bench, label, outcome);
        return outcome;
    }
}
