// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

/** Addresses for the memory of PCI functions that no firmware placed. */
final class MemoryWindow {
    private final long end;
    private long next;

    MemoryWindow(long start, long end) {
        this.next = start;
        this.end = end;
    }

    /** Keeps out of {@code [base, base + bytes)}, which is taken. What lies below is given up for simplicity. */
    void avoid(long base, long bytes) {
        if (base < end && base + bytes > next) {
            next = base + bytes;
        }
    }

    /**
     * Returns a place for {@code bytes}, a power of two, aligned to them as the specification wants.
     *
     * @throws IllegalStateException if the window is full
     */
    long allocate(long bytes) {
        long base = (next + bytes - 1) & -bytes;
        if (base + bytes > end) {
            throw new IllegalStateException("no room for " + bytes + " bytes in the PCI memory window");
        }
        next = base + bytes;
        return base;
    }
}
