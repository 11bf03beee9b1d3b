// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/** The x86 port address space. */
@Include(value = "keel.h", isSystem = false)
public final class Ports {
    private Ports() {}

    /** 0 to 255. */
    public static int in8(int port) {
        return Target.isCompiled() ? portIn8(port) : (int) SimulatedDevices.readPort(port, 1);
    }

    /** 0 to 65535. */
    public static int in16(int port) {
        return Target.isCompiled() ? portIn16(port) : (int) SimulatedDevices.readPort(port, 2);
    }

    public static int in32(int port) {
        return Target.isCompiled() ? portIn32(port) : (int) SimulatedDevices.readPort(port, 4);
    }

    public static void out8(int port, int value) {
        if (Target.isCompiled()) {
            portOut8(port, value);
        } else {
            SimulatedDevices.writePort(port, 1, value & 0xffL);
        }
    }

    public static void out16(int port, int value) {
        if (Target.isCompiled()) {
            portOut16(port, value);
        } else {
            SimulatedDevices.writePort(port, 2, value & 0xffffL);
        }
    }

    public static void out32(int port, int value) {
        if (Target.isCompiled()) {
            portOut32(port, value);
        } else {
            SimulatedDevices.writePort(port, 4, value & 0xffffffffL);
        }
    }

    @Import(name = "keel_in8")
    @Unmanaged
    private static native int portIn8(int port);

    @Import(name = "keel_in16")
    @Unmanaged
    private static native int portIn16(int port);

    @Import(name = "keel_in32")
    @Unmanaged
    private static native int portIn32(int port);

    @Import(name = "keel_out8")
    @Unmanaged
    private static native void portOut8(int port, int value);

    @Import(name = "keel_out16")
    @Unmanaged
    private static native void portOut16(int port, int value);

    @Import(name = "keel_out32")
    @Unmanaged
    private static native void portOut32(int port, int value);
}
