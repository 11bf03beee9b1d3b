// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.SplittableRandom;
import org.unimark.keel.kernel.RandomSource;

/** Repeatable randomness: a failing test prints its seed, and the seed brings the failure back. */
public final class SeededRandom implements RandomSource {
    private final SplittableRandom random;

    public SeededRandom(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    /** True in {@code probability} of the cases, 0 to 1. */
    public boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** 0 to {@code bound} - 1. */
    public long below(long bound) {
        return random.nextLong(bound);
    }
}
