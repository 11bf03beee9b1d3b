// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.hypervisor.DelayLine;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.hypervisor.VirtualMachine;
import org.unimark.baselines.net.Impairment;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;

/** Throughput over a way that loses or delays packets. */
final class HttpLoss implements Experiment {
    private static final int CONNECTIONS = 4;
    private static final double[] LOSSES = {0, 0.1, 0.5, 1, 2};
    private static final int[] DELAYS = {10, 50};
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
        double seconds = 2.0 * LOSSES.length * (1 + DELAYS.length) * LoadedExperiments.seconds(effort);
        return List.of(
                new Kind(Kind.TIMED, Site.BULK, InstructionCounter.Mode.OFF, effort.sweepRepetitions(), seconds));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        String noNetem;
        boolean isVirtualMachine;
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            losing(0, running, bench, outcomes);
            isVirtualMachine = running.instance() instanceof VirtualMachine;
            noNetem = delayed(running, bench, outcomes);
        }
        if (noNetem != null && isVirtualMachine) {
            relayed(kind, system, bench, outcomes);
        } else if (noNetem != null) {
            outcomes.add(describe(Outcome.rejected(0, noNetem), 0, DELAYS[0], bench));
        }
        return outcomes;
    }

    /** All delays, made by the kernel; or else returns why it cannot. */
    private static String delayed(Running running, Bench bench, List<Outcome> outcomes)
            throws Rejected, IOException, InterruptedException {
        for (int delay : DELAYS) {
            String noNetem = impaired(running, 0, delay, () -> losing(delay, running, bench, outcomes));
            if (noNetem != null) {
                return noNetem;
            }
        }
        return null;
    }

    private interface Measurement {
        void run() throws Rejected, IOException, InterruptedException;
    }

    /** Measures while the way to the system is lossy or late; or else returns why the kernel cannot make it so. */
    private static String impaired(Running running, double loss, int delay, Measurement measurement)
            throws Rejected, IOException, InterruptedException {
        Impairment impairment;
        try {
            impairment = Impairment.of(address(running), loss, delay);
        } catch (Impairment.Unsupported missing) {
            return missing.getMessage();
        }
        try {
            measurement.run();
            return null;
        } finally {
            impairment.close();
        }
    }

    /** The delays of a machine whose kernel cannot make any: the hypervisor leads the frames of its guest through a delay line. */
    private static void relayed(Kind kind, SystemUnderTest system, Bench bench, List<Outcome> outcomes)
            throws Rejected, IOException, InterruptedException {
        Path directory = bench.socketDirectory();
        Map<String, String> variant = Map.of(Hypervisor.DELAY_LINE, directory.toString());
        try (Running running = bench.start(system, kind.counting(), 0, variant);
                DelayLine line = DelayLine.connect(directory)) {
            running.awaitAnswer(kind.subject().probe());
            for (int delay : DELAYS) {
                line.delay(delay);
                losing(delay, running, bench, outcomes);
            }
        }
    }

    private static SystemAddress address(Running running) {
        byte[] address = running.instance().address().getAddress().getAddress();
        return new SystemAddress(address[ADDRESS_BYTES - 1] & 0xff);
    }

    /** All losses, on a way that is as late as it is. */
    private static void losing(int delay, Running running, Bench bench, List<Outcome> outcomes)
            throws Rejected, IOException, InterruptedException {
        for (double loss : LOSSES) {
            String noFilter = impaired(
                    running, loss, 0, () -> outcomes.add(describe(setting(running, bench), loss, delay, bench)));
            if (noFilter != null) {
                // With more loss it would be the same: said once.
                outcomes.add(describe(Outcome.rejected(0, noFilter), loss, delay, bench));
                return;
            }
        }
    }

    private static Outcome describe(Outcome outcome, double loss, int delay, Bench bench) {
        return outcome.parameter("loss_percent", loss)
                .parameter("delay_ms", delay)
                .file("console", bench.relative("console.txt"));
    }

    /** What a system does not answer leaves the other settings alone. */
    private static Outcome setting(Running running, Bench bench) throws Rejected, IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(running.instance().address(), Site.BULK.requests(), CONNECTIONS)
                .withRequestTimeout(TIMEOUT);
        try {
            return timed(plan, running, bench);
        } catch (Rejected problem) {
            running.requireAlive();
            return Outcome.rejected(0, problem.getMessage());
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
