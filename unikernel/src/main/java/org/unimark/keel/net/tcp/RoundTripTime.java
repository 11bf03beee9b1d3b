// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** The retransmission timeout of one connection from its measured round trips (RFC 6298). */
final class RoundTripTime {
    /** K of RFC 6298 (2.2). */
    private static final int VARIATION_FACTOR = 4;
    /** G: nothing here is measured more finely than a tick of the timer wheel. */
    private static final long GRANULARITY_NANOS = 1L << 20;

    private static final int MAXIMUM_BACKOFF = 16;

    private long smoothedNanos;
    private long variationNanos;
    private long timeoutNanos;
    private int backoff;
    /** Acknowledgements of new data in a row that told no round trip. */
    private int ambiguous;

    private boolean measured;

    void reset(long initialTimeoutNanos) {
        smoothedNanos = 0;
        variationNanos = 0;
        backoff = 0;
        ambiguous = 0;
        measured = false;
        timeoutNanos = initialTimeoutNanos;
    }

    /** Takes in one round trip that was not ambiguous, and stops backing off. */
    void sample(long nanos, long minimumNanos, long maximumNanos) {
        backoff = 0;
        ambiguous = 0;
        if (measured) {
            long error = nanos - smoothedNanos;
            // beta = 1/4, alpha = 1/8; the variation first, with the old mean (2.3).
            variationNanos += (Math.abs(error) - variationNanos) >> 2;
            smoothedNanos += error >> 3;
        } else {
            measured = true;
            smoothedNanos = nanos;
            variationNanos = nanos >> 1;
        }
        long timeout = smoothedNanos + Math.max(GRANULARITY_NANOS, VARIATION_FACTOR * variationNanos);
        timeoutNanos = Math.min(Math.max(timeout, minimumNanos), maximumNanos);
    }

    /** The timer expired: wait twice as long (5.5). */
    void backOff() {
        backoff = Math.min(backoff + 1, MAXIMUM_BACKOFF);
    }

    /**
     * New data was acknowledged; a sample may follow. Without one, a longer wait than measured has to stay, or a path that
     * became slow would never be measured again (Karn); but each such acknowledgement allows only one doubling, so that a
     * few losses in a row do not make for minutes of silence.
     */
    void progressed() {
        if (backoff > 0) {
            ambiguous++;
            backoff = Math.min(backoff, 1 + ambiguous);
        }
    }

    /** The waits had another reason than the path: back to the measured value. */
    void stopBackingOff() {
        backoff = 0;
    }

    long timeoutNanos(long maximumNanos) {
        return Math.min(timeoutNanos << backoff, maximumNanos);
    }

    /** How long to wait before the tail is probed: two round trips (RFC 8985, 7.2), or like the timeout if none is known. */
    long probeNanos(long minimumNanos) {
        return measured ? Math.max(2 * smoothedNanos, minimumNanos) : Long.MAX_VALUE;
    }

    /** A SYN was lost before anything could be measured: start higher (5.7). */
    void startHigher(long nanos) {
        if (!measured) {
            backoff = 0;
            timeoutNanos = nanos;
        }
    }
}
