// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.memory;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.SimulatedMemory;

/** Physical memory on a JVM: every allocation is a region of its own with an unmapped gap behind it. */
public final class SimulatedPhysicalMemory implements PhysicalMemory {
    /** What uncleared memory holds: something that no test should take for a reasonable value. */
    private static final int ARBITRARY = 0xa5;

    private long available;

    /** Gives out at most {@code bytes}, so that tests can run out of memory. */
    public SimulatedPhysicalMemory(long bytes) {
        available = bytes;
    }

    @Override
    public Bytes allocate(int bytes, int alignment) {
        if (bytes > available) {
            throw new IllegalStateException("out of physical memory");
        }
        available -= bytes;
        return new Bytes(SimulatedMemory.allocate(bytes), bytes);
    }

    @Override
    public Bytes allocateUncleared(int bytes, int alignment) {
        Bytes memory = allocate(bytes, alignment);
        memory.fill(0, bytes, ARBITRARY);
        return memory;
    }

    @Override
    public long mapDevice(long physical, long bytes) {
        return physical;
    }

    @Override
    public long availableBytes() {
        return available;
    }
}
