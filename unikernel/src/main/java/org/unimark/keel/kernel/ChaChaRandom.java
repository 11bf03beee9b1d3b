// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/**
 * Unpredictable numbers: the key stream of ChaCha20 (RFC 8439, 2.3), whose key is replaced by a part of each block, so that
 * what was given out before cannot be computed from what is in memory now. As good as its seed.
 */
public final class ChaChaRandom implements RandomSource {
    private static final int KEY_WORDS = 8;
    private static final int BLOCK_WORDS = 16;
    private static final int ROUNDS = 20;

    private final int[] key = new int[KEY_WORDS];
    private final int[] block = new int[BLOCK_WORDS];
    private final int[] state = new int[BLOCK_WORDS];
    private int used = BLOCK_WORDS;

    /** The seed's 256 bits are the first key. */
    public ChaChaRandom(long seed0, long seed1, long seed2, long seed3) {
        setKey(0, seed0);
        setKey(2, seed1);
        setKey(4, seed2);
        setKey(6, seed3);
    }

    private void setKey(int at, long value) {
        key[at] = (int) value;
        key[at + 1] = (int) (value >>> 32);
    }

    @Override
    public long nextLong() {
        if (used == BLOCK_WORDS) {
            refill();
        }
        long value = block[used] & 0xffff_ffffL | (long) block[used + 1] << 32;
        block[used++] = 0;
        block[used++] = 0;
        return value;
    }

    /** Half of the block is the next key, the other half is given out. */
    private void refill() {
        fillState();
        System.arraycopy(state, 0, block, 0, BLOCK_WORDS);
        for (int i = 0; i < ROUNDS; i += 2) {
            quarterRound(0, 4, 8, 12);
            quarterRound(1, 5, 9, 13);
            quarterRound(2, 6, 10, 14);
            quarterRound(3, 7, 11, 15);
            quarterRound(0, 5, 10, 15);
            quarterRound(1, 6, 11, 12);
            quarterRound(2, 7, 8, 13);
            quarterRound(3, 4, 9, 14);
        }
        for (int i = 0; i < BLOCK_WORDS; i++) {
            block[i] += state[i];
        }
        System.arraycopy(block, 0, key, 0, KEY_WORDS);
        used = KEY_WORDS;
    }

    /** Constants, key, and a counter and nonce of zero: every block has a key of its own. */
    private void fillState() {
        state[0] = 0x6170_7865;
        state[1] = 0x3320_646e;
        state[2] = 0x7962_2d32;
        state[3] = 0x6b20_6574;
        System.arraycopy(key, 0, state, 4, KEY_WORDS);
        for (int i = 4 + KEY_WORDS; i < BLOCK_WORDS; i++) {
            state[i] = 0;
        }
    }

    private void quarterRound(int a, int b, int c, int d) {
        state[a] += state[b];
        state[d] = Integer.rotateLeft(state[d] ^ state[a], 16);
        state[c] += state[d];
        state[b] = Integer.rotateLeft(state[b] ^ state[c], 12);
        state[a] += state[b];
        state[d] = Integer.rotateLeft(state[d] ^ state[a], 8);
        state[c] += state[d];
        state[b] = Integer.rotateLeft(state[b] ^ state[c], 7);
    }
}
