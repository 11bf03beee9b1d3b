// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.net;

import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.virtio.ring.Virtqueue;

/**
 * Frames to the device: one chain a frame, its head first, then its spans where they lie. Completed frames are collected
 * in passing; an interrupt is asked for only when so many are outstanding that senders may be waiting.
 */
final class TransmitQueue {
    private static final int SPAN_LENGTH = 8;
    private static final int HEADER_AT = TransmitFrame.DEVICE_HEADROOM - PacketHeader.BYTES;

    private final Virtqueue queue;
    /** By head: the frame that the device reads. */
    private final TransmitFrame[] frames;

    private final boolean checksums;
    private final Counter sent;
    private final Counter full;
    private int outstanding;
    private boolean refused;

    /** @param checksums the device completes checksums */
    TransmitQueue(Virtqueue queue, boolean checksums, Counters counters) {
        if (queue.size() <= TransmitFrame.MAXIMUM_SPANS) {
            throw new IllegalArgumentException(
                    "a transmit queue of " + queue.size() + " cannot hold the longest frame");
        }
        this.queue = queue;
        this.checksums = checksums;
        frames = new TransmitFrame[queue.size()];
        sent = counters.counter("virtio_net.frames_sent");
        full = counters.counter("virtio_net.transmit_full");
    }

    Virtqueue queue() {
        return queue;
    }

    boolean transmit(TransmitFrame frame) {
        if (frame.checksumStart >= 0 && !checksums) {
            throw new IllegalArgumentException("a frame wants an offload that the device does not have");
        }
        int spans = frame.spans();
        int head = queue.begin(spans + 1);
        if (head < 0) {
            complete();
            head = queue.begin(spans + 1);
            if (head < 0) {
                full.increment();
                refused = true;
                return false;
            }
        }
        int length = PacketHeader.BYTES + frame.headLength;
        long address = frame.head.address(HEADER_AT, length);
        PacketHeader.write(frame, address);
        int descriptor = head;
        // The frame has checked that the table holds its spans.
        long span = frame.spanTable.address(0, 0);
        for (int i = 0; i < spans; i++) {
            descriptor = queue.appendReadable(descriptor, address, length);
            address = Memory.getLong(span);
            length = Memory.getInt(span + SPAN_LENGTH);
            span += TransmitFrame.SPAN_BYTES;
        }
        queue.endReadable(head, descriptor, address, length);
        frames[head] = frame;
        outstanding++;
        return true;
    }

    /** Gives frames back that the device has read, and returns how many; bounded by the size of the ring. */
    int complete() {
        int completed = 0;
        for (int looks = queue.size(); looks > 0; looks--) {
            int head = queue.nextUsed();
            if (head < 0) {
                if (head == Virtqueue.NONE) {
                    break;
                }
            } else {
                queue.release(head);
                frames[head].completed();
                completed++;
            }
        }
        if (completed != 0) {
            outstanding -= completed;
            sent.add(completed);
            refused = false;
        }
        return completed;
    }

    /**
     * Asks for an interrupt if senders may be waiting: when half of the outstanding frames are done. Returns false if
     * that is so already.
     */
    boolean armInterrupt(int waterMark) {
        if (refused || outstanding >= waterMark) {
            return queue.armInterrupt((outstanding + 1) / 2);
        }
        queue.disarmInterrupt();
        return true;
    }

    /** After a reset of the device: what was on its way is lost. */
    void restart() {
        for (int i = 0; i < frames.length; i++) {
            if (frames[i] != null && queue.isLent(i)) {
                frames[i].completed();
            }
            frames[i] = null;
        }
        outstanding = 0;
        refused = false;
        queue.reset();
    }
}
