// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.icmp;

/** A token bucket: so many a second, so many at once. */
final class RateLimiter {
    private final long nanosPerToken;
    private final long burstNanos;
    /** The bucket, in nanoseconds of saved-up time. */
    private long savedNanos;

    private long updatedNanos;

    RateLimiter(int perSecond, int burst) {
        nanosPerToken = 1_000_000_000L / perSecond;
        burstNanos = burst * nanosPerToken;
        savedNanos = burstNanos;
    }

    /** Whether one more is allowed now; if so it counts. */
    boolean tryTake(long nowNanos) {
        savedNanos = Math.min(burstNanos, savedNanos + Math.max(0, nowNanos - updatedNanos));
        updatedNanos = nowNanos;
        if (savedNanos < nanosPerToken) {
            return false;
        }
        savedNanos -= nanosPerToken;
        return true;
    }
}
