// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/**
 * Memory that a device reads or writes too: registers and rings. Each call is one access of exactly that width, in program
 * order with the other calls of this class; order as a device sees it needs a {@link Barrier}. Little-endian, unchecked.
 */
@Include(value = "keel.h", isSystem = false)
public final class DeviceMemory {
    private DeviceMemory() {}

    /** 0 to 255. */
    public static int get8(long address) {
        return Target.isCompiled() ? read8(address) : (int) SimulatedDevices.read(address, 1);
    }

    /** 0 to 65535. */
    public static int get16(long address) {
        return Target.isCompiled() ? read16(address) : (int) SimulatedDevices.read(address, 2);
    }

    public static int get32(long address) {
        return Target.isCompiled() ? read32(address) : (int) SimulatedDevices.read(address, 4);
    }

    public static long get64(long address) {
        return Target.isCompiled() ? read64(address) : SimulatedDevices.read(address, 8);
    }

    public static void put8(long address, int value) {
        if (Target.isCompiled()) {
            write8(address, value);
        } else {
            SimulatedDevices.write(address, 1, value & 0xffL);
        }
    }

    public static void put16(long address, int value) {
        if (Target.isCompiled()) {
            write16(address, value);
        } else {
            SimulatedDevices.write(address, 2, value & 0xffffL);
        }
    }

    public static void put32(long address, int value) {
        if (Target.isCompiled()) {
            write32(address, value);
        } else {
            SimulatedDevices.write(address, 4, value & 0xffffffffL);
        }
    }

    public static void put64(long address, long value) {
        if (Target.isCompiled()) {
            write64(address, value);
        } else {
            SimulatedDevices.write(address, 8, value);
        }
    }

    @Import(name = "keel_read8")
    @Unmanaged
    private static native int read8(long address);

    @Import(name = "keel_read16")
    @Unmanaged
    private static native int read16(long address);

    @Import(name = "keel_read32")
    @Unmanaged
    private static native int read32(long address);

    @Import(name = "keel_read64")
    @Unmanaged
    private static native long read64(long address);

    @Import(name = "keel_write8")
    @Unmanaged
    private static native void write8(long address, int value);

    @Import(name = "keel_write16")
    @Unmanaged
    private static native void write16(long address, int value);

    @Import(name = "keel_write32")
    @Unmanaged
    private static native void write32(long address, int value);

    @Import(name = "keel_write64")
    @Unmanaged
    private static native void write64(long address, long value);
}
