// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.memory.PhysicalMemory;

/**
 * An 82093AA I/O APIC: an index register and a data register. A PC has one for lines 0 to 23 at 0xfec00000; QEMU's microvm
 * has a second one for lines 24 to 47 behind it. Without ACPI tables nothing else can be known, and nothing else is used.
 */
final class IoApic {
    static final int LINES = 24;

    private static final long BASE = 0xfec0_0000L;
    private static final long DISTANCE = 0x1_0000;
    private static final int REGISTERS_BYTES = 0x20;
    private static final int INDEX = 0;
    private static final int DATA = 0x10;
    private static final int REDIRECTION_TABLE = 0x10;
    private static final int LEVEL_TRIGGERED = 1 << 15;
    private static final int DESTINATION_SHIFT = 24;

    private final long registers;

    IoApic(PhysicalMemory memory, int number) {
        registers = memory.mapDevice(BASE + number * DISTANCE, REGISTERS_BYTES);
    }

    /** Active high, which is how virtio-mmio devices signal on every hypervisor that has them. */
    void route(int line, int vector, int destination, boolean levelTriggered) {
        write(REDIRECTION_TABLE + 2 * line + 1, destination << DESTINATION_SHIFT);
        write(REDIRECTION_TABLE + 2 * line, vector | (levelTriggered ? LEVEL_TRIGGERED : 0));
    }

    private void write(int index, int value) {
        DeviceMemory.put32(registers + INDEX, index);
        DeviceMemory.put32(registers + DATA, value);
    }
}
