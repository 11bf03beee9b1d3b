// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.ring;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.machine.Memory;

/**
 * The device's end of a split virtqueue, written from virtio 1.2, section 2.7, and not from the driver's end. Accesses
 * memory directly, so that a model of the driver's accesses may call it in their midst.
 */
public final class DeviceRing {
    public record Buffer(long address, int length, boolean writable) {}

    public record Chain(int head, List<Buffer> buffers) {
        public int writableBytes() {
            return buffers.stream()
                    .filter(Buffer::writable)
                    .mapToInt(Buffer::length)
                    .sum();
        }
    }

    private final int size;
    private final long descriptors;
    private final long driver;
    private final long device;
    private final boolean eventIndex;
    private int nextAvailable;
    private int usedIndex;
    private int signalled;
    private boolean signalledOnce;

    public DeviceRing(int size, long descriptors, long driver, long device, boolean eventIndex) {
        this.size = size;
        this.descriptors = descriptors;
        this.driver = driver;
        this.device = device;
        this.eventIndex = eventIndex;
    }

    private static int u16(long address) {
        return Memory.getShort(address) & 0xffff;
    }

    public int available() {
        int available = u16(driver + 2) - nextAvailable & 0xffff;
        if (available > size) {
            throw new AssertionError("the driver lends " + available + " chains in a ring of " + size);
        }
        return available;
    }

    public Chain pop() {
        int head = u16(driver + 4 + 2L * (nextAvailable % size));
        nextAvailable = nextAvailable + 1 & 0xffff;
        List<Buffer> buffers = new ArrayList<>();
        int descriptor = head;
        while (true) {
            if (descriptor >= size || buffers.size() == size) {
                throw new AssertionError("a chain leaves the table or never ends");
            }
            long entry = descriptors + 16L * descriptor;
            int flags = u16(entry + 12);
            Buffer buffer = new Buffer(Memory.getLong(entry), Memory.getInt(entry + 8), (flags & 2) != 0);
            if (buffer.length <= 0 || buffer.address == 0) {
                throw new AssertionError("an empty buffer: " + buffer);
            }
            buffers.add(buffer);
            if ((flags & 1) == 0) {
                return new Chain(head, buffers);
            }
            descriptor = u16(entry + 14);
        }
    }

    public void push(int head, int length) {
        write(usedIndex, head, length);
        expose(usedIndex + 1);
    }

    /** Writes a used entry that the driver must not see yet. */
    public void write(int index, int head, int length) {
        long entry = device + 4 + 8L * (index % size);
        Memory.putInt(entry, head);
        Memory.putInt(entry + 4, length);
    }

    public int usedIndex() {
        return usedIndex;
    }

    public void expose(int index) {
        usedIndex = index & 0xffff;
        Memory.putShort(device + 2, (short) usedIndex);
    }

    /** Whether the driver wants to be interrupted for what was pushed since the last call. */
    public boolean shouldInterrupt() {
        int old = signalled;
        boolean first = !signalledOnce;
        signalled = usedIndex;
        signalledOnce = true;
        if (old == usedIndex && !first) {
            return false;
        }
        if (!eventIndex) {
            return (u16(driver) & 1) == 0;
        }
        int event = u16(driver + 4 + 2L * size);
        // Did the index pass the event? Counted out, where the driver calculates.
        for (int index = old; index != usedIndex; index = index + 1 & 0xffff) {
            if (index == event) {
                return true;
            }
        }
        return false;
    }

    /** While the device looks by itself it needs no doorbell. With event index it just leaves the event behind. */
    public void suppressNotifications() {
        if (!eventIndex) {
            Memory.putShort(device, (short) 1);
        }
    }

    public void requestNotification() {
        if (eventIndex) {
            Memory.putShort(device + 4 + 8L * size, (short) nextAvailable);
        } else {
            Memory.putShort(device, (short) 0);
        }
    }
}
