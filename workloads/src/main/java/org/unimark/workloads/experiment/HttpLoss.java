// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.net.Impairment;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;

/** Throughput over a way that loses or delays packets. */
final class HttpLoss implements Experiment {
    private static final int CONNECTIONS = 4;
    private static final double[] LOSSES = {0, 0.1, 0.5, 1, 2};
    private static final int[] DELAYS = {0, 10, 50};
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ADDRESS_BYTES = 4;

    @Override
    public String name() {
        return "http-loss";
    }

    @Override
    public String description() {
        return "throughput of 1 MiB bodies with 0 to 2 % of packets lost and 0 to 50 ms of delay, 4 connections";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double seconds = 2.0 * LOSSES.length * DELAYS.length * LoadedExperiments.seconds(effort);
        return List.of(
                new Kind(Kind.TIMED, Site.BULK, InstructionCounter.Mode.OFF, effort.countedRepetitions(), seconds));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            for (int delay : DELAYS) {
                delayed(delay, running, bench, outcomes);
            }
        }
        return outcomes;
    }

    private static void delayed(int delay, Running running, Bench bench, List<Outcome> outcomes)
            throws Rejected, IOException, InterruptedException {
        for (double loss : LOSSES) {
            Outcome outcome;
            boolean supported = true;
            try {
                outcome = setting(loss, delay, running, bench);
            } catch (Impairment.Unsupported problem) {
                // With more loss it would be the same: said once.
                supported = false;
                outcome = Outcome.rejected(0, problem.getMessage());
            }
            outcomes.add(outcome.parameter("loss_percent", loss)
                    .parameter("delay_ms", delay)
                    .file("console", bench.relative("console.txt")));
            if (!supported) {
                return;
            }
        }
    }

    /** What a system does not answer leaves the other settings alone. */
    private static Outcome setting(double loss, int delay, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        byte[] address = running.instance().address().getAddress().getAddress();
        SystemAddress system = new SystemAddress(address[ADDRESS_BYTES - 1] & 0xff);
        LoadPlan plan = new LoadPlan(running.instance().address(), Site.BULK.requests(), CONNECTIONS)
                .withRequestTimeout(TIMEOUT);
        Impairment way = Impairment.of(system, loss, delay);
        try {
            return timed(plan, running, bench);
        } catch (Rejected problem) {
            running.requireAlive();
            return Outcome.rejected(0, problem.getMessage());
        } finally {
            way.close();
        }
    }

    private static Outcome timed(LoadPlan plan, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            LoadedExperiments.warmUp(generator, running, bench);
            return HttpSizes.timed(generator, LoadPhase.closed(bench.effort().measured()), running, bench);
        }
    }
}
