// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.time.Duration;
import org.unimark.workloads.load.KvRequests;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** Puts keys into a store before anything is measured. */
final class KvLoad {
    /** Sizes of values that are compared. */
    static final int[] VALUE_BYTES = {3, 1_024, 10_240};

    private static final int CONNECTIONS = 8;
    private static final int PIPELINE = 16;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** All keys of the largest values fit into a guest's memory. */
    private static final long LARGEST_STORE_BYTES = 64L << 20;

    private KvLoad() {}

    /** As many keys as the profile wants, or as fit with values of this size. */
    static long keys(Effort effort, int valueBytes) {
        return Math.min(effort.keys(), LARGEST_STORE_BYTES / valueBytes);
    }

    /** Writes all keys once, and checks that each write was answered. */
    static void fill(Running running, long keys, int valueBytes, Bench bench)
            throws Rejected, IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(running.instance().address(), KvRequests.fill(keys, valueBytes), CONNECTIONS)
                .withPipeline(PIPELINE);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            LoadResult result = generator.run(LoadPhase.requests(keys, LIMIT));
            LoadChecks.require(result, running, generator, bench);
            if (result.completed() != keys) {
                throw new Rejected(
                        running.failure("it took only " + result.completed() + " of " + keys + " keys in time"));
            }
        }
    }
}
