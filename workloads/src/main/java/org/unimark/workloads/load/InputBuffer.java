// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;

/**
 * Bytes that were received and not consumed yet. The buffer's position is the end of what was received; everything before
 * {@link #start} is consumed.
 */
final class InputBuffer {
    private final ByteBuffer bytes;
    private int start;

    InputBuffer(int capacity) {
        bytes = ByteBuffer.allocateDirect(capacity);
    }

    ByteBuffer bytes() {
        return bytes;
    }

    void clear() {
        bytes.clear();
        start = 0;
    }

    int start() {
        return start;
    }

    int end() {
        return bytes.position();
    }

    int available() {
        return bytes.position() - start;
    }

    byte get(int index) {
        return bytes.get(index);
    }

    void consume(int count) {
        start += count;
    }

    /**
     * Compares what comes next with a part of {@code expected}, whose position and limit change, and consumes it.
     *
     * @return whether it is the same
     */
    boolean consumeIfSame(ByteBuffer expected, int from, int count) {
        int received = bytes.position();
        // Within the limits of both, the comparison runs on whole vectors.
        bytes.limit(start + count).position(start);
        expected.limit(from + count).position(from);
        boolean same = bytes.mismatch(expected) < 0;
        bytes.limit(bytes.capacity()).position(received);
        start += same ? count : 0;
        return same;
    }

    /**
     * Forgets what is consumed; what is left moves to the front only when there is little room behind it.
     *
     * @return by how much it moved
     */
    int makeRoom() {
        int moved = 0;
        if (start == bytes.position()) {
            moved = start;
            clear();
        } else if (bytes.remaining() < bytes.capacity() / 2 && start > 0) {
            moved = start;
            bytes.limit(bytes.position()).position(start);
            bytes.compact();
            start = 0;
        }
        return moved;
    }
}
