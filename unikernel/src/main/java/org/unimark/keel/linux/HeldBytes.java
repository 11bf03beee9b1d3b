// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;

/** Received bytes that a handler has not consumed yet, contiguous. Pooled. */
final class HeldBytes {
    /** What one read delivers fits, and so does what {@code Connection.RECEIVE_CONTIGUOUS} promises. */
    static final int CAPACITY_BYTES = 64 * 1024;

    private final Bytes bytes = Linux.allocate(CAPACITY_BYTES);
    private int start;
    private int end;

    /** For the pool. */
    HeldBytes next;

    Bytes bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int length() {
        return end - start;
    }

    int room() {
        return CAPACITY_BYTES - end;
    }

    /** Moves what is held to the front if that is the only way to get room. */
    void makeRoom() {
        if (start == 0 || room() > CAPACITY_BYTES / 2) {
            return;
        }
        int length = length();
        for (int i = 0; i < length; i++) {
            bytes.put8(i, bytes.u8(start + i));
        }
        start = 0;
        end = length;
    }

    void append(Bytes source, int offset, int length) {
        bytes.copyFrom(end, source, offset, length);
        end += length;
    }

    /** {@code length} bytes were put behind {@link #end}. */
    void extend(int length) {
        end += length;
    }

    void consume(int length) {
        start += length;
    }

    void clear() {
        start = 0;
        end = 0;
    }
}
