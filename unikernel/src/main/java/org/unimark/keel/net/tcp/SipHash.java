// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** SipHash-2-4 (Aumasson and Bernstein 2012) of messages made of whole 64-bit words: a keyed function to hide behind. */
final class SipHash {
    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** The hash of the 16 bytes of two words, each with its lowest byte first. */
    long hash(long first, long second) {
        start();
        compress(first);
        compress(second);
        return finish(2);
    }

    /** The hash of the 24 bytes of three words. */
    long hash(long first, long second, long third) {
        start();
        compress(first);
        compress(second);
        compress(third);
        return finish(3);
    }

    private void start() {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    private void compress(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish(int words) {
        compress((long) (words * 8) << 56);
        v2 ^= 0xff;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
