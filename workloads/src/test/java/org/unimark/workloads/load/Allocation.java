// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Looks for allocation that grows with the number of requests. */
final class Allocation {
    private static final int MORE_REQUESTS = 100_000;
    /**
     * The smallest object of HotSpot is 16 bytes, so that one for each request would be 1,600,000. The selector itself
     * allocates now and then, up to 500,000 bytes on a busy machine, depending on how many answers each selection finds.
     */
    private static final long ALLOWED_BYTES = 8L * MORE_REQUESTS;

    private static final int ATTEMPTS = 12;

    private Allocation() {}

    /** Sends requests on the current thread. */
    @FunctionalInterface
    interface Phase {
        LoadResult run(long requests) throws IOException;
    }

    /**
     * Fails if 100,000 requests more allocate more. Code that is still interpreted allocates what the compiler later
     * proves unnecessary, and when it is compiled depends on how busy the machine is; so the least of several attempts
     * counts, which what the code itself allocates for each request can never get below.
     */
    static void requireNonePerRequest(Phase phase) throws IOException {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least >= ALLOWED_BYTES; attempt++) {
            // A phase allocates its histograms; the difference of two does not contain them.
            long few = allocatedBy(phase, 1_000);
            least = Math.min(least, allocatedBy(phase, 1_000 + MORE_REQUESTS) - few);
        }
        assertThat(least).as("bytes for %d requests more", MORE_REQUESTS).isLessThan(ALLOWED_BYTES);
    }

    private static long allocatedBy(Phase phase, int requests) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        LoadResult result = phase.run(requests);
        long after = threads.getThreadAllocatedBytes(thread);
        assertThat(result.completed()).isEqualTo(requests);
        return after - before;
    }
}
