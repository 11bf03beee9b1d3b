// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

import org.unimark.keel.machine.Ports;

/** Configuration mechanism #1 of the PCI Local Bus Specification 3.0, 3.2.2.3.2: an address port and a data port. */
public final class PortConfigurationSpace implements ConfigurationSpace {
    private static final int ADDRESS_PORT = 0xcf8;
    private static final int DATA_PORT = 0xcfc;
    private static final int ENABLE = 0x8000_0000;

    /** Whether the machine has the mechanism: the address register then keeps what was written to it. */
    public boolean isPresent() {
        Ports.out32(ADDRESS_PORT, ENABLE);
        return Ports.in32(ADDRESS_PORT) == ENABLE;
    }

    @Override
    public int read32(int function, int register) {
        Ports.out32(ADDRESS_PORT, ENABLE | function << 8 | register);
        return Ports.in32(DATA_PORT);
    }

    @Override
    public void write32(int function, int register, int value) {
        Ports.out32(ADDRESS_PORT, ENABLE | function << 8 | register);
        Ports.out32(DATA_PORT, value);
    }
}
