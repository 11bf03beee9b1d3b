// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.unimark.baselines.Stopped;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/**
 * How long the request takes that starts the service, and those that come after it: a client of the activator, which holds the
 * listening socket and starts the system at the first connection. The same activator for every system.
 */
final class OnDemand implements Experiment {
    /** Before the names of what was measured of a system that had been created before, and only had to be started. */
    static final String STOPPED = "stopped_";

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
        Outcome outcome = measure(() -> bench.start(system, kind.counting()), kind, bench, "warm");
        try (Stopped stopped = bench.stopped(system)) {
            if (stopped != null) {
                outcome.add(STOPPED, measure(() -> bench.start(system, stopped), kind, bench, "stopped-warm"));
            }
        }
        return List.of(outcome.file("console", bench.relative("console.txt")));
    }

    /** The distribution of the warm requests is kept under {@code label}; of cold ones each repetition has but one. */
    private static Outcome measure(Activated.Start start, Kind kind, Bench bench, String label)
            throws Rejected, IOException {
        try (Activated activated = new Activated(start, kind, bench)) {
            long cold = activated.ask();
            long[] warm = new long[WARM_REQUESTS];
            for (int i = 0; i < WARM_REQUESTS; i++) {
                warm[i] = activated.ask();
            }
            Arrays.sort(warm);
            Outcome outcome = Outcome.of(cold / 1e9)
                    .value("cold_response_ms", cold / NANOS_PER_MILLI)
                    .value("warm_response_ms", warm[WARM_REQUESTS / 2] / NANOS_PER_MILLI);
            LoadedExperiments.histogram(warm, Arrays.stream(warm).sum() / 1e9, bench, label, outcome);
            return outcome;
        }
    }
}
