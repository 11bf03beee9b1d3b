// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.HttpExchange;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;

/** Throughput and instructions against the number of connections, kept open or made anew for each request. */
final class HttpConnections implements Experiment {
    private static final List<Integer> FEW = List.of(1, 10, 100);
    private static final List<Integer> MANY = List.of(1, 10, 100, 1_000);
    private static final List<Integer> ALL = List.of(1, 10, 100, 1_000, 10_000);
    private static final int FEW_KEYS = 1_000;
    /** Each needs a port that is used again only when the last connection is forgotten. */
    private static final int MOST_CLOSING = 1_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int SETTINGS = 9;

    @Override
    public String name() {
        return "http-connections";
    }

    @Override
    public String description() {
        return "throughput and instructions a request against connections, 1 to 10,000, kept or one for each request";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    private static List<Integer> connections(Effort effort) {
        if (effort.thorough()) {
            return ALL;
        }
        return effort.keys() > FEW_KEYS ? MANY : FEW;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        double seconds = SETTINGS * LoadedExperiments.seconds(effort);
        return List.of(
                new Kind(Kind.TIMED, Site.PAGE, InstructionCounter.Mode.OFF, effort.sweepRepetitions(), seconds),
                new Kind(
                        Kind.COUNTED,
                        Site.PAGE,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        2 * seconds));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (Running running = bench.start(system, kind.counting())) {
            running.awaitAnswer(kind.subject().probe());
            for (int connections : connections(bench.effort())) {
                outcomes.add(setting(connections, true, kind, running, bench));
                if (connections <= MOST_CLOSING) {
                    outcomes.add(setting(connections, false, kind, running, bench));
                }
            }
        }
        return outcomes;
    }

    /** What a system cannot do with so many connections does not spoil what it did with fewer. */
    private static Outcome setting(int connections, boolean keep, Kind kind, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        HttpExchange exchange =
                keep ? Site.PAGE.exchange() : HttpExchange.closing(Site.HOST, Site.PAGE.path(), Site.PAGE.body());
        LoadPlan plan = new LoadPlan(running.instance().address(), exchange, connections).withRequestTimeout(TIMEOUT);
        Outcome outcome;
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            // The warm-up opens the connections, and every one of them is used at least once.
            LoadedExperiments.warmUp(generator, running, bench);
            LoadPhase phase = LoadPhase.closed(bench.effort().measured());
            outcome = kind.counting() == InstructionCounter.Mode.OFF
                    ? HttpSizes.timed(generator, phase, running, bench)
                    : Counting.perRequest(generator, phase, running, bench);
        } catch (Rejected problem) {
            running.requireAlive();
            outcome = Outcome.rejected(0, problem.getMessage());
        }
        return outcome.parameter("connections", connections)
                .parameter("keep_alive", keep ? "yes" : "no")
                .file("console", bench.relative("console.txt"));
    }
}
