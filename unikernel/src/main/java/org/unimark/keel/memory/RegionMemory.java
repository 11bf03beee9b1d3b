// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.memory;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.machine.Memory;

/**
 * The physical memory of an image: the free regions of the machine's memory map, given out from their low ends. The first
 * region, behind the image, is used before the others. Nothing is ever given back.
 */
public final class RegionMemory implements PhysicalMemory {
    private final long[] next;
    private final long[] end;

    public RegionMemory() {
        next = new long[BareMachine.freeRegions()];
        end = new long[next.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = BareMachine.freeStart(i);
            end[i] = BareMachine.freeEnd(i);
        }
    }

    @Override
    public Bytes allocate(int bytes, int alignment) {
        Bytes memory = allocateUncleared(bytes, alignment);
        // Firmware may have left something behind.
        Memory.zero(memory.address(0, bytes), bytes);
        return memory;
    }

    @Override
    public Bytes allocateUncleared(int bytes, int alignment) {
        for (int i = 0; i < next.length; i++) {
            long start = (next[i] + alignment - 1) & -alignment;
            if (end[i] - start >= bytes) {
                next[i] = start + bytes;
                return new Bytes(start, bytes);
            }
        }
        throw new IllegalStateException("no " + bytes + " bytes of physical memory are left");
    }

    @Override
    public long mapDevice(long physical, long bytes) {
        BareMachine.mapDevice(physical, bytes);
        return physical;
    }

    @Override
    public long availableBytes() {
        long available = 0;
        for (int i = 0; i < next.length; i++) {
            available += end[i] - next[i];
        }
        return available;
    }
}
