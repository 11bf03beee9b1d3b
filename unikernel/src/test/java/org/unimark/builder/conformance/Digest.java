// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.conformance;

/** A number that depends on everything that was added (FNV-1a, by 64-bit words, then mixed). */
final class Digest {
    private static final long PRIME = 0x100000001b3L;

    private long state = 0xcbf29ce484222325L;

    void add(long value) {
        state = (state ^ value) * PRIME;
        state ^= state >>> 29;
    }

    void add(double value) {
        // All not-a-numbers are one in Java.
        add(Double.isNaN(value) ? 1L : Double.doubleToRawLongBits(value));
    }

    void add(String text) {
        add(text.length());
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
    }

    long value() {
        return state;
    }
}
