// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.memory;

import org.unimark.keel.buffer.Bytes;

/**
 * Memory outside the garbage-collected heap, given out for the life of the system, and windows to devices. Addresses are
 * physical: what is handed out may be given to a device as it is.
 */
public interface PhysicalMemory {
    /**
     * Returns {@code bytes} zeroed bytes of RAM at a multiple of {@code alignment} (a power of two).
     *
     * @throws IllegalStateException if memory is exhausted, which ends the system
     */
    Bytes allocate(int bytes, int alignment);

    /**
     * The same for memory that its owner fills before anybody reads it, such as packet buffers: its content is arbitrary,
     * and the host need not back it with memory before it is used.
     */
    Bytes allocateUncleared(int bytes, int alignment);

    /** Makes the registers at {@code physical} accessible, uncached, and returns where: the same address in an image. */
    long mapDevice(long physical, long bytes);

    /** Bytes that {@link #allocate} can still give out, apart from losses to alignment. */
    long availableBytes();
}
