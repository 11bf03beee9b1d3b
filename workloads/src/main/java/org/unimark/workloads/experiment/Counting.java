// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.time.Duration;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadResult;

/** Guest instructions of one phase of load, which starts and ends with no request outstanding. */
final class Counting {
    static final Duration IDLE = Duration.ofMillis(500);
    /**
     * Instructions a second of a guest that has nothing to do: systems were seen to execute up to a million, and some hundred
     * million while they work.
     */
    static final double QUIET = 5e6;
    /** What is left of earlier work, such as a log's last second or a database's upkeep, ends in these periods or spoils the count. */
    static final int MOST_IDLE_PERIODS = 40;

    /** Of what was subtracted from the instructions of requests: more, and the difference says little about them. */
    private static final double LARGEST_IDLE_SHARE = 0.1;

    private Counting() {}

    /**
     * Runs {@code phase} and adds instructions per request, for each half of the address space, to what is returned. The
     * rate at which the idle guest executes instructions is measured first, subtracted, and shown in the context.
     *
     * @throws Rejected also if that rate is a large part of what is counted: then the guest did not idle
     */
    static Outcome perRequest(LoadGenerator generator, LoadPhase phase, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        InstructionCounter counter = running.counter();
        Rates idle = idleRates(running);
        long start = System.nanoTime();
        InstructionCounter.Reading before = counter.read();
        LoadResult result = generator.run(phase);
        InstructionCounter.Reading after = counter.read();
        double seconds = (System.nanoTime() - start) / 1e9;
        LoadChecks.require(result, running, generator, bench);

        double requests = result.completed();
        double user = Math.max(0, after.user() - before.user() - idle.user() * seconds) / requests;
        double kernel = Math.max(0, after.kernel() - before.kernel() - idle.kernel() * seconds) / requests;
        if (user + kernel <= 0) {
            throw new Rejected(running.failure("it answered without executing instructions: the counter is broken"));
        }
        double idleShare = idle.both() * seconds / ((user + kernel) * requests);
        if (idleShare > LARGEST_IDLE_SHARE) {
            throw new Rejected(running.failure(String.format(
                    "it was busy without requests: such instructions are %.0f %% of those of the requests",
                    100 * idleShare)));
        }
        Outcome outcome = Outcome.of(seconds)
                .value("instructions_per_request", user + kernel)
                .value("user_instructions_per_request", user)
                .value("kernel_instructions_per_request", kernel)
                .context("counted", 1)
                .context("idle_instructions_per_second", idle.both())
                .context("idle_share", idleShare)
                .context(
                        "string_iterations_per_request",
                        (after.stringIterations() - before.stringIterations()) / requests)
                .context("counted_requests_per_second", result.requestsPerSecond());
        LoadChecks.describe(result, outcome);
        return outcome;
    }

    /** Instructions a second in each half of the address space. */
    private record Rates(double user, double kernel) {
        double both() {
            return user + kernel;
        }
    }

    /** While nobody asks anything, as soon as the guest is quiet. */
    private static Rates idleRates(Running running) throws Rejected, InterruptedException {
        Rates rates = idleRatesNow(running);
        for (int periods = 1; periods < MOST_IDLE_PERIODS && rates.both() > QUIET; periods++) {
            rates = idleRatesNow(running);
        }
        return rates;
    }

    private static Rates idleRatesNow(Running running) throws Rejected, InterruptedException {
        long start = System.nanoTime();
        InstructionCounter.Reading before = running.counter().read();
        running.rest(IDLE);
        InstructionCounter.Reading after = running.counter().read();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Rates((after.user() - before.user()) / seconds, (after.kernel() - before.kernel()) / seconds);
    }
}
