// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.time.Duration;

/**
 * How long and how hard. A phase starts and ends with no request outstanding, so that counters read around it see whole
 * requests only.
 *
 * @param duration after which no request is started any more
 * @param maximumRequests started in all
 * @param requestsPerSecond the constant arrival rate of an open loop, or 0 for a closed loop
 */
public record LoadPhase(Duration duration, long maximumRequests, double requestsPerSecond) {
    public LoadPhase {
        if (duration.isNegative() || duration.isZero() || maximumRequests < 1 || requestsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "a phase needs a time, a number of requests and a rate: " + duration + ", " + maximumRequests);
        }
    }

    /** Each connection sends its next request when it has the answer to the last. */
    public static LoadPhase closed(Duration duration) {
        return new LoadPhase(duration, Long.MAX_VALUE, 0);
    }

    /** A closed loop of so many requests, and no longer than {@code limit}. */
    public static LoadPhase requests(long count, Duration limit) {
        return new LoadPhase(limit, count, 0);
    }

    /** Requests arrive at a constant rate, whatever the server does. */
    public static LoadPhase open(double requestsPerSecond, Duration duration) {
        return new LoadPhase(duration, Math.max(1, (long) (requestsPerSecond * seconds(duration))), requestsPerSecond);
    }

    public boolean isOpen() {
        return requestsPerSecond > 0;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
