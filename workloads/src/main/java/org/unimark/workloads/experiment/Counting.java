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
    private static final Duration IDLE = Duration.ofMillis(500);

    private Counting() {}

    /**
     * Runs {@code phase} and adds instructions per request, for each half of the address space, to what is returned. The
     * rate at which the idle guest executes instructions is measured first, subtracted, and shown in the context.
     */
    static Outcome perRequest(LoadGenerator generator, LoadPhase phase, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        InstructionCounter counter = running.counter();
        long idleStart = System.nanoTime();
        InstructionCounter.Reading idleBefore = counter.read();
        running.rest(IDLE);
        InstructionCounter.Reading idleAfter = counter.read();
        double idleSeconds = (System.nanoTime() - idleStart) / 1e9;

        long start = System.nanoTime();
        InstructionCounter.Reading before = counter.read();
        LoadResult result = generator.run(phase);
        InstructionCounter.Reading after = counter.read();
        double seconds = (System.nanoTime() - start) / 1e9;
        LoadChecks.require(result, running, generator, bench);

        double idleUser = (idleAfter.user() - idleBefore.user()) / idleSeconds;
        double idleKernel = (idleAfter.kernel() - idleBefore.kernel()) / idleSeconds;
        double requests = result.completed();
        double user = Math.max(0, after.user() - before.user() - idleUser * seconds) / requests;
        double kernel = Math.max(0, after.kernel() - before.kernel() - idleKernel * seconds) / requests;
        if (user + kernel <= 0) {
            throw new Rejected(running.failure("it answered without executing instructions: the counter is broken"));
        }
        Outcome outcome = Outcome.of(seconds)
                .value("instructions_per_request", user + kernel)
                .value("user_instructions_per_request", user)
                .value("kernel_instructions_per_request", kernel)
                .context("counted", 1)
                .context("idle_instructions_per_second", idleUser + idleKernel)
                .context("idle_share", (idleUser + idleKernel) * seconds / ((user + kernel) * requests))
                .context(
                        "string_iterations_per_request",
                        (after.stringIterations() - before.stringIterations()) / requests)
                .context("counted_requests_per_second", result.requestsPerSecond());
        LoadChecks.describe(result, outcome);
        return outcome;
    }
}
