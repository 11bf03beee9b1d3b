// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one phase saw.
 *
 * @param completed correct answers, those after the end of the interval included
 * @param completedInTime correct answers before no request was started any more
 * @param intervalSeconds from the first request until no request was started any more
 * @param totalSeconds from the first request to the last correct answer
 * @param bodyBytes of the answers that came in time
 * @param latency of correct answers in nanoseconds; in an open loop from the intended start, so that a stall counts for
 *     every request that it delayed
 * @param serviceTime of correct answers in nanoseconds, from when the request was sent; the same in a closed loop
 * @param lateness in nanoseconds with which an open loop sent requests although a connection was free: the generator's own
 *     fault
 * @param errors by cause
 * @param perInterval correct answers in each whole {@link #INTERVAL_NANOS} of the interval, in order
 * @param clientCpu share of one core that the busiest thread of the generator used
 * @param clientWait share of the time that this thread was ready but had no core
 */
public record LoadResult(
        long completed,
        long completedInTime,
        double intervalSeconds,
        double totalSeconds,
        long bodyBytes,
        Histogram latency,
        Histogram serviceTime,
        Histogram lateness,
        Map<LoadError, Long> errors,
        long[] perInterval,
        double clientCpu,
        double clientWait) {
    /** Length of the intervals in which answers are counted, to see whether the speed was steady. */
    public static final long INTERVAL_NANOS = 100_000_000;
    /** A generator thread that is busier than this may be what limits the throughput. */
    public static final double SATURATED_SHARE = 0.9;
    /** Requests of an open loop that are later than this, at the 99th percentile, were not sent when they should. */
    public static final long LATE_NANOS = 2_000_000;

    public double requestsPerSecond() {
        return completedInTime / intervalSeconds;
    }

    /** In units of 10^6 bytes. */
    public double megabytesPerSecond() {
        return bodyBytes / 1e6 / intervalSeconds;
    }

    /**
     * Seconds of a closed loop from the first request to the end of the last answer: with whole bodies, slow systems are not
     * cut short.
     */
    public double answeringSeconds(int connections) {
        return latency.getMean() * completed / connections / 1e9;
    }

    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether the generator rather than the server may have set the pace. */
    public boolean saturated() {
        return clientCpu > SATURATED_SHARE;
    }

    /** Whether an open loop could not send requests when they were due. */
    public boolean late() {
        return lateness.getTotalCount() > 0 && lateness.getValueAtPercentile(99) > LATE_NANOS;
    }

    /** Adds up what threads that ran side by side saw. */
    static LoadResult sum(Iterable<LoadResult> parts) {
        LoadResult sum = null;
        for (LoadResult part : parts) {
            sum = sum == null ? part : sum.plus(part);
        }
        return sum;
    }

    private static long[] sum(long[] one, long[] other) {
        long[] sum = new long[Math.min(one.length, other.length)];
        Arrays.setAll(sum, i -> one[i] + other[i]);
        return sum;
    }

    /** Answers per second, interval by interval. */
    public double[] speeds() {
        return Arrays.stream(perInterval)
                .mapToDouble(count -> count * 1e9 / INTERVAL_NANOS)
                .toArray();
    }

    private LoadResult plus(LoadResult other) {
        Map<LoadError, Long> allErrors = new EnumMap<>(LoadError.class);
        allErrors.putAll(errors);
        other.errors.forEach((error, count) -> allErrors.merge(error, count, Long::sum));
        latency.add(other.latency);
        serviceTime.add(other.serviceTime);
        lateness.add(other.lateness);
        return new LoadResult(
                completed + other.completed,
                completedInTime + other.completedInTime,
                Math.max(intervalSeconds, other.intervalSeconds),
                Math.max(totalSeconds, other.totalSeconds),
                bodyBytes + other.bodyBytes,
                latency,
                serviceTime,
                lateness,
                allErrors,
                sum(perInterval, other.perInterval),
                Math.max(clientCpu, other.clientCpu),
                Math.max(clientWait, other.clientWait));
    }
}
