// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/**
 * Random numbers for samples, where nothing depends on their being unpredictable: xorshift*, seeded once. The platform's own
 * source may fail, with a message, and every command that draws would pay for that.
 */
final class Chance {
    private static final long FACTOR = 0x2545_f491_4f6c_dd1dL;

    private long state;

    Chance(long seed) {
        state = seed == 0 ? FACTOR : seed;
    }

    long nextLong() {
        long x = state;
        x ^= x >>> 12;
        x ^= x << 25;
        x ^= x >>> 27;
        state = x;
        return x * FACTOR;
    }
}
