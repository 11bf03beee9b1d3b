// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

/**
 * Interrupts as wake-ups: a vector's handler counts that it came, and ends the interrupt. Drivers always poll
 * their rings; an interrupt only ends {@code hlt}. They are enabled while the processor sleeps and at no other time.
 */
public interface Interrupts {
    /**
     * Returns a vector nobody else has.
     *
     * @throws IllegalStateException when none is left
     */
    int allocateVector();

    /** How often a vector came, modulo 2^32: a driver that keeps the last value learns of rare events for one load. */
    int count(int vector);

    /** What a PCI function writes, in MSI and MSI-X table entries, to interrupt this processor: the address. */
    long messageAddress();

    /** The data that raises {@code vector}. */
    int messageData(int vector);

    /** Routes a line of an I/O APIC to a vector; edges, or levels that the driver must acknowledge before it sleeps. */
    void routeGsi(int gsi, int vector, boolean levelTriggered);
}
