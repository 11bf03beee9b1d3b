// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Packs bytes in LZ4's block format (github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md), with one difference: the last
 * literals are followed by a distance of zero, so that whoever unpacks needs no length. Looks far for long matches: it runs once
 * an image.
 */
final class Packing {
    private static final int SHORTEST = 4;
    private static final int FARTHEST = 0xffff;
    private static final int HASH_BITS = 16;
    private static final int ATTEMPTS = 4096;
    private static final int NIBBLE = 15;
    private static final int BYTE = 255;

    private final byte[] input;
    private final int[] newest = new int[1 << HASH_BITS];
    private final int[] earlier;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int matchAt;
    private int matchLength;

    private Packing(byte[] input) {
        this.input = input;
        earlier = new int[input.length];
        Arrays.fill(newest, -1);
    }

    static byte[] pack(byte[] input) {
        return new Packing(input).pack();
    }

    private byte[] pack() {
        int literals = 0;
        int at = 0;
        while (at + SHORTEST <= input.length) {
            find(at);
            int length = matchLength;
            int from = matchAt;
            remember(at);
            if (length < SHORTEST) {
                at++;
                continue;
            }
            if (at + 1 + SHORTEST <= input.length) {
                // One byte later there may be a longer one.
                find(at + 1);
                if (matchLength > length + 1) {
                    at++;
                    continue;
                }
            }
            sequence(literals, at, at - from, length);
            for (int i = 1; i < length && at + i + SHORTEST <= input.length; i++) {
                remember(at + i);
            }
            at += length;
            literals = at;
        }
        sequence(literals, input.length, 0, SHORTEST);
        return output.toByteArray();
    }

    private int hash(int at) {
        int word = input[at] & 0xff
                | (input[at + 1] & 0xff) << 8
                | (input[at + 2] & 0xff) << 16
                | (input[at + 3] & 0xff) << 24;
        return word * 0x9e3779b1 >>> 32 - HASH_BITS;
    }

    private void remember(int at) {
        int hash = hash(at);
        earlier[at] = newest[hash];
        newest[hash] = at;
    }

    /** The longest match within reach, the nearest of those. */
    private void find(int at) {
        matchLength = 0;
        int candidate = newest[hash(at)];
        for (int i = 0; i < ATTEMPTS && candidate >= 0 && at - candidate <= FARTHEST; i++) {
            int length = Arrays.mismatch(input, candidate, input.length, input, at, input.length);
            length = length < 0 ? input.length - at : length;
            if (length > matchLength) {
                matchLength = length;
                matchAt = candidate;
            }
            candidate = earlier[candidate];
        }
    }

    private void sequence(int from, int end, int distance, int length) {
        int literals = end - from;
        int copied = length - SHORTEST;
        output.write(Math.min(literals, NIBBLE) << 4 | Math.min(copied, NIBBLE));
        rest(literals);
        output.write(input, from, literals);
        output.write(distance);
        output.write(distance >> 8);
        if (distance != 0) {
            rest(copied);
        }
    }

    private void rest(int count) {
        if (count >= NIBBLE) {
            int left = count - NIBBLE;
            for (; left >= BYTE; left -= BYTE) {
                output.write(BYTE);
            }
            output.write(left);
        }
    }
}
