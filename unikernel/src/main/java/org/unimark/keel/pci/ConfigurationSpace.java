// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

/**
 * The configuration registers of all functions of one PCI segment. A function is {@code bus << 8 | device << 3 | function};
 * what is absent reads as all ones.
 */
public interface ConfigurationSpace {
    /** The four bytes at {@code register}, a multiple of four below 256. */
    int read32(int function, int register);

    void write32(int function, int register, int value);
}
