// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's step-down correction (1979): bounds the chance of even one false alarm among many tests. */
public final class Holm {
    private Holm() {}

    /** Adjusted probabilities, in the order of {@code probabilities}; compare them with the wanted level. */
    public static double[] adjust(double[] probabilities) {
        int count = probabilities.length;
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(index -> probabilities[index]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[count];
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.min(1, (count - i) * probabilities[order[i]]));
            adjusted[order[i]] = largest;
        }
        return adjusted;
    }
}
