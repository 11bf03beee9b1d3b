// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Readiness;
import org.unimark.baselines.Service;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/** How much memory of the host an instance takes while many of them run, and how many of those answer quickly. */
final class Density implements Experiment {
    private static final int MANY = 64;
    private static final int SOME = 8;
    private static final int FEW = 2;
    private static final int FEW_KEYS = 1_000;
    /** Addresses of systems that run alone are below. */
    private static final int FIRST_HOST = 64;

    private static final double QUICK_MILLIS = 100;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BOUND_MIB = 4096;
    private static final int SECONDS_PER_INSTANCE = 4;

    @Override
    public String name() {
        return "density";
    }

    @Override
    public String description() {
        return "host memory of an instance while many run, and how many of them answer within 100 ms";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    /** At the same time. */
    static int instances(Effort effort) {
        if (effort.thorough()) {
            return MANY;
        }
        return effort.keys() > FEW_KEYS ? SOME : FEW;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(new Kind(
                Kind.TIMED,
                Site.PAGE,
                InstructionCounter.Mode.OFF,
                effort.countedRepetitions(),
                instances(effort) * SECONDS_PER_INSTANCE));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        int count = instances(bench.effort());
        Service service = kind.subject().service(Cache.directory("sites"));
        long start = System.nanoTime();
        List<Running> running = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Running one = bench.part(i).start(system.another(service, FIRST_HOST + i), kind.counting());
                running.add(one);
                one.awaitAnswer(kind.subject().probe());
            }
            Outcome outcome = Outcome.of((System.nanoTime() - start) / 1e9);
            memory(running, outcome);
            ask(running, kind.subject().probe(), outcome);
            return List.of(outcome.context("instances", count));
        } finally {
            running.forEach(Running::close);
        }
    }

    private static void memory(List<Running> running, Outcome outcome) throws Rejected, IOException {
        double[] mebibytes = new double[running.size()];
        double all = 0;
        for (int i = 0; i < mebibytes.length; i++) {
            mebibytes[i] = HostMemory.mebibytes(running.get(i).instance());
            all += mebibytes[i];
        }
        Arrays.sort(mebibytes);
        outcome.value("host_memory_mib", all / mebibytes.length)
                .value("extrapolated_instances", Math.floor(BOUND_MIB * mebibytes.length / all))
                .context("smallest_mib", mebibytes[0])
                .context("largest_mib", mebibytes[mebibytes.length - 1]);
    }

    /** One after another, while all others are there. */
    private static void ask(List<Running> running, Probe probe, Outcome outcome) throws Rejected {
        double[] millis = new double[running.size()];
        int late = 0;
        for (int i = 0; i < millis.length; i++) {
            Running one = running.get(i);
            one.requireAlive();
            long start = System.nanoTime();
            try {
                if (Readiness.ask(one.instance().address(), probe, TIMEOUT_MILLIS) != Probe.Verdict.CORRECT) {
                    throw new Rejected(one.failure("its answer was not the right one"));
                }
            } catch (IOException e) {
                throw new Rejected(one.failure("it did not answer: " + e.getMessage()), e);
            }
            millis[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
            late += millis[i] > QUICK_MILLIS ? 1 : 0;
        }
        Arrays.sort(millis);
        outcome.value("answered_quickly", millis.length - late)
                .value("late_percent", 100.0 * late / millis.length)
                .value("response_ms", millis[millis.length / 2])
                .value("slowest_response_ms", millis[millis.length - 1]);
    }
}
