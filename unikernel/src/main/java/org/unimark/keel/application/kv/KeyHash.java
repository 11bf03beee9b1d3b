// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/**
 * A keyed hash of byte strings: the two halves of each word are masked with secrets and multiplied, so that nobody who does
 * not know them can find keys that collide.
 */
final class KeyHash {
    private static final long LOW = 0xffffffffL;

    private final long secret;
    private final long start;
    private final long factor;

    KeyHash(long secret, long start, long factor) {
        this.secret = secret;
        this.start = start;
        this.factor = factor | 1;
    }

    int of(Bytes data, int at, int length) {
        long hash = start + length;
        int position = at;
        int end = at + length;
        for (; position + 8 <= end; position += 8) {
            hash = mix(hash, data.i64Little(position));
        }
        if (position < end) {
            hash = mix(hash, tail(data, position, end - position, length));
        }
        hash = (hash ^ hash >>> 32) * factor;
        return (int) (hash >>> 32);
    }

    private long mix(long hash, long word) {
        long masked = word ^ hash;
        long product = ((masked ^ secret) & LOW) * (masked >>> 32 ^ secret >>> 32);
        return product ^ (hash << 23 | hash >>> 41);
    }

    /** The last 1 to 7 bytes; what precedes them may come with them. */
    private static long tail(Bytes data, int at, int rest, int length) {
        if (length >= 8) {
            return data.i64Little(at + rest - 8);
        }
        if (rest >= 4) {
            return data.i32Little(at) & LOW | (long) data.i32Little(at + rest - 4) << 32;
        }
        return data.u8(at) | data.u8(at + (rest >> 1)) << 8 | data.u8(at + rest - 1) << 16;
    }
}
