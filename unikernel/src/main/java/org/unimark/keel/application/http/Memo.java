// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * Remembers the last value of a field and what was made of it. Clients of one kind say the same in every request, and
 * comparing a value is several times cheaper than understanding it.
 */
final class Memo {
    static final int UNKNOWN = -1;
    /** Longer values are not remembered. */
    static final int CAPACITY = 64;

    private final Bytes value;
    private int length = -1;
    private int result;

    /** @param memory {@link #CAPACITY} bytes */
    Memo(Bytes memory) {
        this.value = memory;
    }

    /** What was noted for these bytes, or {@link #UNKNOWN}. */
    int recall(Bytes data, int at, int size) {
        return size == length && value.matches(0, data, at, size) ? result : UNKNOWN;
    }

    /** Notes a result, 0 or more. */
    void note(Bytes data, int at, int size, int newResult) {
        if (size <= CAPACITY) {
            value.copyFrom(0, data, at, size);
            length = size;
            result = newResult;
        }
    }
}
