// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.memory.PhysicalMemory;

/**
 * The functions of a machine, found once at boot: bus 0 and, where firmware has numbered them, the buses behind its
 * bridges. Memory that firmware has not placed gets a place when a driver maps it.
 */
public final class PciBus {
    /** Between the firmware's own choices, which begin lower, and the I/O APIC at 0xfec00000; devices' on every PC. */
    private static final long WINDOW_START = 0xfe00_0000L;

    private static final long WINDOW_END = 0xfec0_0000L;

    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;
    /** More than any machine that Keel is meant for; keeps a broken bridge from sending the scan in circles. */
    private static final int MAXIMUM_BUSES = 16;

    private static final int IDENTITY = 0x00;
    private static final int HEADER_TYPE = 0x0c;
    private static final int HEADER_SHIFT = 16;
    private static final int MULTIPLE_FUNCTIONS = 0x80;
    private static final int HEADER_MASK = 0x7f;
    private static final int BRIDGE_HEADER = 1;
    private static final int BUS_NUMBERS = 0x18;
    private static final int ABSENT = 0xffff;

    private final ConfigurationSpace space;
    private final PhysicalMemory memory;
    private final MemoryWindow window = new MemoryWindow(WINDOW_START, WINDOW_END);
    private final List<PciFunction> functions = new ArrayList<>();
    private int buses;

    public PciBus(ConfigurationSpace space, PhysicalMemory memory) {
        this.space = space;
        this.memory = memory;
        scanBus(0);
        for (int i = 0; i < functions.size(); i++) {
            functions.get(i).reserve(window);
        }
    }

    /** All functions, in the order of their numbers. */
    public List<PciFunction> functions() {
        return functions;
    }

    private void scanBus(int bus) {
        if (++buses > MAXIMUM_BUSES) {
            return;
        }
        for (int device = 0; device < DEVICES; device++) {
            int first = bus << 8 | device << 3;
            if (isAbsent(first)) {
                continue;
            }
            int header = space.read32(first, HEADER_TYPE) >> HEADER_SHIFT;
            int count = (header & MULTIPLE_FUNCTIONS) == 0 ? 1 : FUNCTIONS;
            for (int function = first; function < first + count; function++) {
                if (!isAbsent(function)) {
                    found(function);
                }
            }
        }
    }

    private boolean isAbsent(int function) {
        return (space.read32(function, IDENTITY) & ABSENT) == ABSENT;
    }

    private void found(int function) {
        int header = space.read32(function, HEADER_TYPE) >> HEADER_SHIFT & HEADER_MASK;
        if (header == BRIDGE_HEADER) {
            int secondary = space.read32(function, BUS_NUMBERS) >> 8 & 0xff;
            if (secondary > function >> 8) {
                scanBus(secondary);
            }
        } else if (header == 0) {
            functions.add(new PciFunction(space, function, memory, window));
        }
    }
}
