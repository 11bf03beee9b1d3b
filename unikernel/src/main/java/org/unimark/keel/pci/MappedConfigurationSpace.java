// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.memory.PhysicalMemory;

/**
 * The enhanced configuration access mechanism (PCI Express Base Specification 5.0, 7.2.2): 4 KB of memory a function.
 * Only bus 0 is mapped; behind it everything is absent.
 */
public final class MappedConfigurationSpace implements ConfigurationSpace {
    private static final int FUNCTION_SHIFT = 12;
    private static final int FUNCTIONS_OF_ONE_BUS = 256;

    private final long base;

    /** @param physical where the host bridge shows bus 0 */
    public MappedConfigurationSpace(PhysicalMemory memory, long physical) {
        base = memory.mapDevice(physical, (long) FUNCTIONS_OF_ONE_BUS << FUNCTION_SHIFT);
    }

    @Override
    public int read32(int function, int register) {
        return function < FUNCTIONS_OF_ONE_BUS ? DeviceMemory.get32(address(function, register)) : -1;
    }

    @Override
    public void write32(int function, int register, int value) {
        if (function < FUNCTIONS_OF_ONE_BUS) {
            DeviceMemory.put32(address(function, register), value);
        }
    }

    private long address(int function, int register) {
        return base + ((long) function << FUNCTION_SHIFT) + register;
    }
}
