// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.kernel.RandomSource;

/**
 * Bounds challenge acknowledgements (RFC 5961, 7): one in a while for each connection, and a number a second for all. That
 * number is drawn anew each second, so that nobody can find out about other connections by using it up (CVE-2016-5696).
 */
final class ChallengeLimit {
    private static final long CONNECTION_INTERVAL_NANOS = 500_000_000L;
    private static final long PERIOD_NANOS = 1_000_000_000L;
    private static final int FEWEST_A_PERIOD = 512;

    private final TcpCounters counters;
    private final RandomSource random;
    private long periodEndNanos = Long.MIN_VALUE;
    private int left;

    ChallengeLimit(TcpCounters counters, RandomSource random) {
        this.counters = counters;
        this.random = random;
    }

    boolean allows(TcpConnection connection, long nowNanos) {
        if (nowNanos >= periodEndNanos) {
            periodEndNanos = nowNanos + PERIOD_NANOS;
            left = FEWEST_A_PERIOD + ((int) random.nextLong() & FEWEST_A_PERIOD - 1);
        }
        if (nowNanos < connection.challengeAllowedNanos || left == 0) {
            counters.challengesSuppressed.increment();
            return false;
        }
        connection.challengeAllowedNanos = nowNanos + CONNECTION_INTERVAL_NANOS;
        left--;
        counters.challengesSent.increment();
        return true;
    }
}
