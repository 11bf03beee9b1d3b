// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one worker counts during one phase; nothing here allocates while it counts. */
final class Tally {
    private static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final LoadError[] ERRORS = LoadError.values();

    private final Histogram latency = histogram();
    private final Histogram serviceTime = histogram();
    private final Histogram lateness = histogram();
    private final long[] errors = new long[ERRORS.length];
    private final long[] perInterval;
    private final long startNanos;
    private final long stopNanos;
    private final long bodyBytes;
    private long completed;
    private long completedInTime;
    private long errorCount;
    private long lastNanos;

    Tally(long startNanos, long stopNanos, long bodyBytes) {
        this.startNanos = startNanos;
        this.stopNanos = stopNanos;
        this.perInterval = new long[(int) Math.max(1, (stopNanos - startNanos) / LoadResult.INTERVAL_NANOS)];
        this.bodyBytes = bodyBytes;
        this.lastNanos = startNanos;
    }

    private static Histogram histogram() {
        return new Histogram(1_000, HIGHEST_NANOS, DIGITS);
    }

    void completed(long intendedNanos, long sentNanos, long nowNanos) {
        latency.recordValue(Math.min(HIGHEST_NANOS, nowNanos - intendedNanos));
        serviceTime.recordValue(Math.min(HIGHEST_NANOS, nowNanos - sentNanos));
        completed++;
        if (nowNanos <= stopNanos) {
            completedInTime++;
            int interval = (int) ((nowNanos - startNanos) / LoadResult.INTERVAL_NANOS);
            if (interval >= 0 && interval < perInterval.length) {
                perInterval[interval]++;
            }
        }
        lastNanos = nowNanos;
    }

    void late(long nanos) {
        lateness.recordValue(Math.min(HIGHEST_NANOS, Math.max(0, nanos)));
    }

    void error(LoadError error, long count) {
        errors[error.ordinal()] += count;
        errorCount += count;
    }

    long errorCount() {
        return errorCount;
    }

    /**
     * @param endedEarly the phase ended with its last request and not with its time
     */
    LoadResult result(long startNanos, boolean endedEarly, ThreadUsage usage) {
        Map<LoadError, Long> byCause = new EnumMap<>(LoadError.class);
        for (LoadError error : ERRORS) {
            if (errors[error.ordinal()] > 0) {
                byCause.put(error, errors[error.ordinal()]);
            }
        }
        long endNanos = endedEarly ? lastNanos : stopNanos;
        return new LoadResult(
                completed,
                completedInTime,
                Math.max(1, endNanos - startNanos) / 1e9,
                (lastNanos - startNanos) / 1e9,
                completedInTime * bodyBytes,
                latency,
                serviceTime,
                lateness,
                byCause,
                perInterval,
                usage.cpuShare(),
                usage.waitShare());
    }
}
