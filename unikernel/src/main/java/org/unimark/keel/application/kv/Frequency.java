// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/**
 * The access clock of the LFU policies: the minute of the last use in the upper 16 bits, and in the lower 8 a logarithmic
 * counter of uses, which loses one for each minute without any.
 */
final class Frequency {
    private static final int FIRST = 5;
    private static final int LOG_FACTOR = 10;
    private static final int HIGHEST = 255;

    private Frequency() {}

    static int first(int minutes) {
        return minutes << 8 | FIRST;
    }

    /** The counter as it is at {@code minutes}. */
    static int count(int clock, int minutes) {
        int idle = minutes - (clock >>> 8) & 0xffff;
        return Math.max(0, (clock & 0xff) - idle);
    }

    /** The clock after one more use: the higher the counter, the less likely that it grows. */
    static int used(int clock, int minutes, Chance random) {
        int count = count(clock, minutes);
        if (count < HIGHEST) {
            int base = Math.max(0, count - FIRST);
            long draw = random.nextLong() >>> 40;
            if (draw * (base * LOG_FACTOR + 1) < 1 << 24) {
                count++;
            }
        }
        return minutes << 8 | count;
    }
}
