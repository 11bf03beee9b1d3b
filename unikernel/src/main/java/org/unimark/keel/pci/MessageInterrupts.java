// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

import org.unimark.keel.machine.DeviceMemory;

/**
 * The MSI-X table of a function (PCI Local Bus Specification 3.0, 6.8.2): each entry is an address that the function
 * writes a datum to.
 *
 * <pre>
 * capability   0x0 { identifier 8, next 8, control 16 }   0x4 { table offset 29, base address register 3 }
 * table entry  { address u64, data u32, control u32 (bit 0: masked) }
 * </pre>
 */
public final class MessageInterrupts {
    private static final int CONTROL_ENABLE = 1 << 31;
    private static final int CONTROL_MASK_ALL = 1 << 30;
    private static final int TABLE_SIZE_SHIFT = 16;
    private static final int TABLE_SIZE_MASK = 0x7ff;
    private static final int TABLE = 4;
    private static final int TABLE_REGISTER_MASK = 7;
    private static final int ENTRY_BYTES = 16;
    private static final int ADDRESS_LOW = 0;
    private static final int ADDRESS_HIGH = 4;
    private static final int DATA = 8;
    private static final int CONTROL = 12;

    private final PciFunction function;
    private final int capability;
    private final int entries;
    private final long table;

    private MessageInterrupts(PciFunction function, int capability) {
        this.function = function;
        this.capability = capability;
        entries = (function.read32(capability) >> TABLE_SIZE_SHIFT & TABLE_SIZE_MASK) + 1;
        int place = function.read32(capability + TABLE);
        table = function.map(
                place & TABLE_REGISTER_MASK, place & ~TABLE_REGISTER_MASK & 0xffff_ffffL, (long) entries * ENTRY_BYTES);
    }

    /** Returns the function's table, or null if it has none. */
    public static MessageInterrupts of(PciFunction function) {
        int capability = function.findCapability(PciFunction.CAPABILITY_MSIX, 0);
        return capability == 0 ? null : new MessageInterrupts(function, capability);
    }

    public int entries() {
        return entries;
    }

    /** Makes {@code entry} write {@code data} to {@code address}, and unmasks it. */
    public void set(int entry, long address, int data) {
        if (entry < 0 || entry >= entries) {
            throw new IllegalArgumentException("no MSI-X entry " + entry);
        }
        long at = table + (long) entry * ENTRY_BYTES;
        DeviceMemory.put32(at + ADDRESS_LOW, (int) address);
        DeviceMemory.put32(at + ADDRESS_HIGH, (int) (address >>> 32));
        DeviceMemory.put32(at + DATA, data);
        DeviceMemory.put32(at + CONTROL, 0);
    }

    /** Messages from here on, instead of the interrupt line. */
    public void enable() {
        int control = function.read32(capability);
        function.write32(capability, (control | CONTROL_ENABLE) & ~CONTROL_MASK_ALL);
    }
}
