// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

/**
 * Which key comes next, of keys that are numbered from 0. Draws its own random numbers (xorshift64*), so that choosing
 * allocates nothing and two runs with one seed ask for the same keys.
 */
final class KeyChooser {
    /** YCSB's: the most popular of a million keys gets one request in fifteen. */
    private static final double SKEW = 0.99;

    private static final double TWO_TO_53 = 0x1.0p53;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long keys;
    private final boolean skewed;
    private final double zeta;
    private final double eta;
    private final double secondBelow;
    private long state;

    /** @param skewed zipfian as YCSB's scrambled one; else all keys alike */
    KeyChooser(long keys, boolean skewed, long seed) {
        this.keys = keys;
        this.skewed = skewed;
        this.state = seed * 0x9e3779b97f4a7c15L | 1;
        this.zeta = skewed ? zeta(keys) : 0;
        double zetaOfTwo = 1 + Math.pow(0.5, SKEW);
        this.secondBelow = zetaOfTwo;
        this.eta = skewed ? (1 - Math.pow(2.0 / keys, 1 - SKEW)) / (1 - zetaOfTwo / zeta) : 0;
    }

    private static double zeta(long count) {
        double sum = 0;
        for (long i = 1; i <= count; i++) {
            sum += Math.pow(i, -SKEW);
        }
        return sum;
    }

    long next() {
        if (!skewed) {
            return (long) (nextDouble() * keys);
        }
        return Long.remainderUnsigned(hash(rank()), keys);
    }

    /** Rank by popularity, from 0 on (Gray et al., Quickly generating billion-record synthetic databases, 1994). */
    long rank() {
        double draw = nextDouble();
        double scaled = draw * zeta;
        if (scaled < 1) {
            return 0;
        }
        if (scaled < secondBelow) {
            return Math.min(1, keys - 1);
        }
        return Math.min(keys - 1, (long) (keys * Math.pow(eta * draw - eta + 1, 1 / (1 - SKEW))));
    }

    /** At least 0 and below 1. */
    double nextDouble() {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return (state * 0x2545f4914f6cdd1dL >>> 11) / TWO_TO_53;
    }

    /** Spreads neighbours in rank over all keys. */
    private static long hash(long value) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < Long.BYTES; i++) {
            hash = (hash ^ (value >>> (8 * i) & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
