// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.device;

import org.unimark.keel.buffer.Bytes;

/** A fixed number of transmit frames, made once. */
public final class TransmitPool {
    /** Bytes of memory one frame needs. */
    public static final int FRAME_BYTES = TransmitFrame.BYTES;

    private final int frames;
    private TransmitFrame free;
    private int available;

    public TransmitPool(Bytes memory) {
        frames = memory.length() / FRAME_BYTES;
        for (int i = frames - 1; i >= 0; i--) {
            put(new TransmitFrame(this, new Bytes().wrap(memory, i * FRAME_BYTES, FRAME_BYTES)));
        }
    }

    /** Returns an empty frame, or null when all are on their way: the caller counts that. */
    public TransmitFrame take() {
        TransmitFrame frame = free;
        if (frame == null) {
            return null;
        }
        free = frame.next;
        available--;
        frame.taken();
        return frame;
    }

    void put(TransmitFrame frame) {
        frame.next = free;
        free = frame;
        available++;
    }

    public int available() {
        return available;
    }

    public int capacity() {
        return frames;
    }
}
