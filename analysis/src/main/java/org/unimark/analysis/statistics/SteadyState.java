// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * How the speed of a system developed during one interval, in the classes of Barrett et al. (OOPSLA 2017): the series is cut at
 * its change points, segments that hardly differ from the last one belong to the steady end.
 *
 * @param kind of development
 * @param steadyFrom first index of the steady end; the length of the series if there is none
 */
public record SteadyState(Kind kind, int steadyFrom) {
    /** What the segments look like. */
    public enum Kind {
        /** All of it is steady. */
        FLAT,
        /** It became faster, then steady. */
        WARM_UP,
        /** It became slower, then steady. */
        SLOW_DOWN,
        /** It was still changing near its end. */
        NONE
    }

    /** Segments whose means differ by less are the same to us. */
    private static final double TOLERANCE = 0.03;

    private static final double SMALLEST_STEADY_SHARE = 0.4;

    /** Classifies a series of speeds (the more the better) taken at equal distances. */
    public static SteadyState of(double[] speeds) {
        if (speeds.length == 0) {
            return new SteadyState(Kind.NONE, 0);
        }
        List<Integer> starts = ChangePoints.starts(speeds);
        int segments = starts.size();
        double last = mean(speeds, starts.get(segments - 1), speeds.length);
        double tolerance = Math.max(TOLERANCE * Math.abs(last), ChangePoints.noise(speeds));
        int first = segments - 1;
        while (first > 0 && Math.abs(mean(speeds, starts.get(first - 1), starts.get(first)) - last) <= tolerance) {
            first--;
        }
        int steadyFrom = starts.get(first);
        if (first == 0) {
            return new SteadyState(Kind.FLAT, 0);
        }
        if (speeds.length - steadyFrom < speeds.length * SMALLEST_STEADY_SHARE) {
            return new SteadyState(Kind.NONE, speeds.length);
        }
        boolean faster = mean(speeds, starts.get(first - 1), steadyFrom) < last;
        return new SteadyState(faster ? Kind.WARM_UP : Kind.SLOW_DOWN, steadyFrom);
    }

    private static double mean(double[] values, int start, int end) {
        return Arrays.stream(values, start, end).average().orElseThrow();
    }
}
