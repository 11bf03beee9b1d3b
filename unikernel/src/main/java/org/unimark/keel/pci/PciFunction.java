// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.memory.PhysicalMemory;

/**
 * One function with an ordinary header (PCI Local Bus Specification 3.0, 6.1).
 *
 * <pre>
 * 0x00  device id 16 | vendor id 16          0x10..0x27  base address registers 0 to 5
 * 0x04  status 16 | command 16               0x34        offset of the first capability 8
 * 0x0c  .. | header type 8 | ..
 * </pre>
 */
@Rare
public final class PciFunction {
    /** Vendor-specific capability. */
    public static final int CAPABILITY_VENDOR = 0x09;
    /** MSI-X capability. */
    public static final int CAPABILITY_MSIX = 0x11;

    private static final int IDENTITY = 0x00;
    private static final int COMMAND = 0x04;
    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_BUS_MASTER = 1 << 2;
    private static final int COMMAND_NO_LINE_INTERRUPT = 1 << 10;
    /** The status half: bits there are cleared by writing ones, so zeros leave them alone. */
    private static final int COMMAND_MASK = 0xffff;

    private static final int STATUS_CAPABILITIES = 1 << 20;
    private static final int BASE_ADDRESSES = 0x10;
    private static final int BASE_ADDRESS_COUNT = 6;
    private static final int BASE_IS_PORTS = 1;
    private static final int BASE_TYPE = 6;
    private static final int BASE_IS_64_BITS = 4;
    private static final int BASE_FLAGS = 15;
    private static final int CAPABILITIES = 0x34;
    private static final int FIRST_CAPABILITY = 0x40;
    /** 192 bytes hold no more capabilities of four bytes: ends the walk along a list that bites its tail. */
    public static final int MAXIMUM_CAPABILITIES = 48;

    private final ConfigurationSpace space;
    private final int function;
    private final PhysicalMemory memory;
    private final MemoryWindow window;

    PciFunction(ConfigurationSpace space, int function, PhysicalMemory memory, MemoryWindow window) {
        this.space = space;
        this.function = function;
        this.memory = memory;
        this.window = window;
    }

    public int vendor() {
        return read16(IDENTITY);
    }

    public int device() {
        return read16(IDENTITY + 2);
    }

    public int read32(int register) {
        return space.read32(function, register & ~3);
    }

    /** {@code register} is even. */
    public int read16(int register) {
        return read32(register) >>> 8 * (register & 2) & 0xffff;
    }

    public int read8(int register) {
        return read32(register) >>> 8 * (register & 3) & 0xff;
    }

    public void write32(int register, int value) {
        space.write32(function, register, value);
    }

    /** Lets the function be accessed and access memory by itself; silences its interrupt line. */
    public void enable() {
        int command = read32(COMMAND) & COMMAND_MASK;
        write32(COMMAND, command | COMMAND_MEMORY | COMMAND_BUS_MASTER | COMMAND_NO_LINE_INTERRUPT);
    }

    /** Offset of the first capability of kind {@code identifier} behind {@code after} (0: from the start); 0 if none. */
    public int findCapability(int identifier, int after) {
        if ((read32(COMMAND) & STATUS_CAPABILITIES) == 0) {
            return 0;
        }
        boolean behind = after == 0;
        int at = read8(CAPABILITIES) & ~3;
        for (int i = 0; i < MAXIMUM_CAPABILITIES && at >= FIRST_CAPABILITY; i++) {
            if (behind && read8(at) == identifier) {
                return at;
            }
            behind |= at == after;
            at = read8(at + 1) & ~3;
        }
        return 0;
    }

    /**
     * Makes {@code bytes} bytes from {@code offset} on of the memory behind a base address register accessible and
     * returns their address; gives the register a place if firmware has not.
     *
     * @throws IllegalArgumentException if the register is no memory or is smaller than that
     */
    public long map(int register, long offset, long bytes) {
        if (register < 0 || register >= BASE_ADDRESS_COUNT || isPorts(register)) {
            throw new IllegalArgumentException(name() + ": base address register " + register + " is no memory");
        }
        long size = size(register);
        if (offset < 0 || bytes <= 0 || offset > size - bytes) {
            throw new IllegalArgumentException(name() + ": base address register " + register + " is too small");
        }
        long base = base(register);
        if (base == 0) {
            base = window.allocate(size);
            place(register, base);
        }
        return memory.mapDevice(base + offset, bytes);
    }

    /** Tells the window what firmware has placed in it. */
    void reserve(MemoryWindow other) {
        for (int register = 0; register < BASE_ADDRESS_COUNT; register += is64Bits(register) ? 2 : 1) {
            if (!isPorts(register) && base(register) != 0) {
                other.avoid(base(register), size(register));
            }
        }
    }

    private static int offsetOf(int register) {
        return BASE_ADDRESSES + 4 * register;
    }

    private boolean isPorts(int register) {
        return (read32(offsetOf(register)) & BASE_IS_PORTS) != 0;
    }

    private boolean is64Bits(int register) {
        return (read32(offsetOf(register)) & (BASE_TYPE | BASE_IS_PORTS)) == BASE_IS_64_BITS
                && register + 1 < BASE_ADDRESS_COUNT;
    }

    private long base(int register) {
        long low = read32(offsetOf(register)) & ~BASE_FLAGS & 0xffff_ffffL;
        return is64Bits(register) ? (long) read32(offsetOf(register + 1)) << 32 | low : low;
    }

    /** Bytes behind the register: the lowest bit that can be set is the size (6.2.5.1). */
    private long size(int register) {
        int command = read32(COMMAND) & COMMAND_MASK;
        long base = base(register);
        boolean wide = is64Bits(register);
        // Nothing else may answer at the address of all ones meanwhile.
        write32(COMMAND, command & ~COMMAND_MEMORY);
        place(register, -1);
        long mask = base(register);
        place(register, base);
        write32(COMMAND, command);
        long size = Long.lowestOneBit(mask);
        return wide ? size : size & 0xffff_ffffL;
    }

    private void place(int register, long base) {
        boolean wide = is64Bits(register);
        write32(offsetOf(register), (int) base);
        if (wide) {
            write32(offsetOf(register + 1), (int) (base >>> 32));
        }
    }

    /** For messages, for instance {@code pci 00:02.0}. */
    public String name() {
        return "pci " + hexadecimal(function >> 8) + ":" + hexadecimal(function >> 3 & 31) + "." + (function & 7);
    }

    private static String hexadecimal(int value) {
        return (value < 16 ? "0" : "") + Integer.toHexString(value);
    }
}
