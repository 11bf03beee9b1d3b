// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** SHA-256 (FIPS 180-4), HMAC (RFC 2104) and the one block of PBKDF2 (RFC 8018) that SCRAM needs. */
@Rare
final class Sha256 {
    static final int HASH_BYTES = 32;
    private static final int BLOCK_BYTES = 64;
    private static final int ROUNDS = 64;

    private static final int[] CONSTANTS = {
        0x428a2f98,
        0x71374491,
        0xb5c0fbcf,
        0xe9b5dba5,
        0x3956c25b,
        0x59f111f1,
        0x923f82a4,
        0xab1c5ed5,
        0xd807aa98,
        0x12835b01,
        0x243185be,
        0x550c7dc3,
        0x72be5d74,
        0x80deb1fe,
        0x9bdc06a7,
        0xc19bf174,
        0xe49b69c1,
        0xefbe4786,
        0x0fc19dc6,
        0x240ca1cc,
        0x2de92c6f,
        0x4a7484aa,
        0x5cb0a9dc,
        0x76f988da,
        0x983e5152,
        0xa831c66d,
        0xb00327c8,
        0xbf597fc7,
        0xc6e00bf3,
        0xd5a79147,
        0x06ca6351,
        0x14292967,
        0x27b70a85,
        0x2e1b2138,
        0x4d2c6dfc,
        0x53380d13,
        0x650a7354,
        0x766a0abb,
        0x81c2c92e,
        0x92722c85,
        0xa2bfe8a1,
        0xa81a664b,
        0xc24b8b70,
        0xc76c51a3,
        0xd192e819,
        0xd6990624,
        0xf40e3585,
        0x106aa070,
        0x19a4c116,
        0x1e376c08,
        0x2748774c,
        0x34b0bcb5,
        0x391c0cb3,
        0x4ed8aa4a,
        0x5b9cca4f,
        0x682e6ff3,
        0x748f82ee,
        0x78a5636f,
        0x84c87814,
        0x8cc70208,
        0x90befffa,
        0xa4506ceb,
        0xbef9a3f7,
        0xc67178f2
    };

    private static final int[] START = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    private final int[] schedule = new int[ROUNDS];
    private final int[] state = new int[8];

    byte[] hash(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] message = new byte[(length + 8) / BLOCK_BYTES * BLOCK_BYTES + BLOCK_BYTES];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, message, at, part.length);
            at += part.length;
        }
        message[at] = (byte) 0x80;
        long bits = 8L * length;
        for (int i = 0; i < 8; i++) {
            message[message.length - 1 - i] = (byte) (bits >>> 8 * i);
        }
        System.arraycopy(START, 0, state, 0, state.length);
        for (int block = 0; block < message.length; block += BLOCK_BYTES) {
            compress(message, block);
        }
        byte[] hash = new byte[HASH_BYTES];
        for (int i = 0; i < HASH_BYTES; i++) {
            hash[i] = (byte) (state[i / 4] >>> 24 - 8 * (i % 4));
        }
        return hash;
    }

    private void compress(byte[] message, int block) {
        for (int i = 0; i < 16; i++) {
            int at = block + 4 * i;
            schedule[i] = (message[at] & 0xff) << 24
                    | (message[at + 1] & 0xff) << 16
                    | (message[at + 2] & 0xff) << 8
                    | message[at + 3] & 0xff;
        }
        for (int i = 16; i < ROUNDS; i++) {
            int early = schedule[i - 15];
            int late = schedule[i - 2];
            schedule[i] = schedule[i - 16]
                    + (Integer.rotateRight(early, 7) ^ Integer.rotateRight(early, 18) ^ early >>> 3)
                    + schedule[i - 7]
                    + (Integer.rotateRight(late, 17) ^ Integer.rotateRight(late, 19) ^ late >>> 10);
        }
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        int e = state[4];
        int f = state[5];
        int g = state[6];
        int h = state[7];
        for (int i = 0; i < ROUNDS; i++) {
            int first = h
                    + (Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25))
                    + (e & f ^ ~e & g)
                    + CONSTANTS[i]
                    + schedule[i];
            int second = (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22))
                    + (a & b ^ a & c ^ b & c);
            h = g;
            g = f;
            f = e;
            e = d + first;
            d = c;
            c = b;
            b = a;
            a = first + second;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    byte[] hmac(byte[] key, byte[]... parts) {
        byte[] shortKey = key.length > BLOCK_BYTES ? hash(key) : key;
        byte[] inner = new byte[BLOCK_BYTES];
        byte[] outer = new byte[BLOCK_BYTES];
        for (int i = 0; i < BLOCK_BYTES; i++) {
            int value = i < shortKey.length ? shortKey[i] : 0;
            inner[i] = (byte) (value ^ 0x36);
            outer[i] = (byte) (value ^ 0x5c);
        }
        byte[][] all = new byte[parts.length + 1][];
        all[0] = inner;
        System.arraycopy(parts, 0, all, 1, parts.length);
        return hash(outer, hash(all));
    }

    /** Hi() of RFC 5802. */
    byte[] iterate(byte[] password, byte[] salt, int iterations) {
        byte[] block = hmac(password, salt, new byte[] {0, 0, 0, 1});
        byte[] result = block.clone();
        for (int i = 1; i < iterations; i++) {
            block = hmac(password, block);
            for (int k = 0; k < HASH_BYTES; k++) {
                result[k] ^= block[k];
            }
        }
        return result;
    }

    /** Compares in time that does not depend on the content. */
    static boolean equal(byte[] one, byte[] other) {
        int difference = one.length ^ other.length;
        for (int i = 0; i < Math.min(one.length, other.length); i++) {
            difference |= one[i] ^ other[i];
        }
        return difference == 0;
    }
}
