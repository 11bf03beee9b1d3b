// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** What clients must know, if anything. */
@Rare
final class Password {
    static final int MAXIMUM_BYTES = 512;

    private final Bytes secret;
    private int length;

    /** @param secret {@link #MAXIMUM_BYTES} bytes, zeros at first */
    Password(Bytes secret) {
        this.secret = secret;
    }

    boolean isRequired() {
        return length > 0;
    }

    /** Sets one of {@link #MAXIMUM_BYTES} at most. */
    void set(Bytes data, int at, int newLength) {
        secret.fill(0, MAXIMUM_BYTES, 0);
        secret.copyFrom(0, data, at, newLength);
        length = newLength;
    }

    void tell(Reply reply) {
        reply.bulk(secret, 0, length);
    }

    /** Takes a time that depends on the attempt's length only. Everything matches if nothing is required. */
    boolean matches(Bytes data, int at, int attemptLength) {
        int difference = attemptLength ^ length;
        for (int i = 0; i < attemptLength; i++) {
            difference |= data.u8(at + i) ^ secret.u8(i & MAXIMUM_BYTES - 1);
        }
        return difference == 0 || length == 0;
    }
}
