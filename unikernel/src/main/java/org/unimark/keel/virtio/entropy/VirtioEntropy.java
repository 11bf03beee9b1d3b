// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.entropy;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.machine.Cpu;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.ring.Virtqueue;

/**
 * An entropy device, asked once for a seed and then given back: generators stretch the seed, and a device that is reset
 * cannot write to memory any more.
 */
public final class VirtioEntropy {
    /** The device type of virtio 1.2, section 5. */
    public static final int DEVICE_TYPE = 4;

    private static final int REQUEST_QUEUE = 0;
    private static final int QUEUE_SIZE = 8;
    private static final int SEED_ALIGNMENT = 64;

    private VirtioEntropy() {}

    /**
     * Fills {@code seed} with random bytes from the host.
     *
     * @param device has {@link #DEVICE_TYPE}
     * @param patienceNanos how long the host may take in all
     * @return the bytes that came, from the start of {@code seed} on; fewer than asked for when patience ran out
     */
    public static int read(
            VirtioDevice device,
            PhysicalMemory memory,
            Bytes seed,
            Clock clock,
            long patienceNanos,
            Counters counters) {
        long deadlineNanos = clock.nanos() + patienceNanos;
        device.negotiate(0);
        Virtqueue queue = device.createQueue(REQUEST_QUEUE, QUEUE_SIZE, "virtio_entropy");
        Bytes buffer = memory.allocate(seed.length(), SEED_ALIGNMENT);
        device.start();
        int filled = 0;
        // The device may return fewer bytes than asked for, but at least one (5.4.6.1).
        while (filled < seed.length()) {
            int length = request(queue, buffer, seed.length() - filled, clock, deadlineNanos);
            if (length == 0) {
                break;
            }
            seed.copyFrom(filled, buffer, 0, length);
            filled += length;
        }
        device.reset();
        buffer.fill(0, buffer.length(), 0);
        return filled;
    }

    /** Returns how many of {@code bytes} bytes the device wrote; 0 if it took too long or lies. */
    private static int request(Virtqueue queue, Bytes buffer, int bytes, Clock clock, long deadlineNanos) {
        int head = queue.begin(1);
        queue.endWritable(head, head, buffer.address(0, bytes), bytes);
        queue.flush();
        head = queue.nextUsed();
        while (head == Virtqueue.NONE && clock.nanos() < deadlineNanos) {
            Cpu.pause();
            head = queue.nextUsed();
        }
        if (head < 0) {
            return 0;
        }
        queue.release(head);
        int length = queue.usedLength();
        return length > 0 && length <= bytes ? length : 0;
    }
}
