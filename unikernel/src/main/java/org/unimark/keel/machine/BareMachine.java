// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/**
 * What the native part of an image ({@code native/image}) knows and does for the Java part, which has the machine to
 * itself: memory, command line, interrupts, heap accounts, the end. For images only; on a JVM {@link SimulatedMachine}
 * answers.
 */
@Include(value = "image.h", isSystem = false)
public final class BareMachine {
    private BareMachine() {}

    /** How many pieces of RAM nobody uses yet. */
    public static int freeRegions() {
        return Target.isCompiled() ? regionCount() : SimulatedMachine.freeRegions();
    }

    /** Address of the first byte of a free region; a multiple of 4096. */
    public static long freeStart(int region) {
        return Target.isCompiled() ? regionStart(region) : SimulatedMachine.freeStart(region);
    }

    /** Address behind the last byte of a free region; a multiple of 4096. */
    public static long freeEnd(int region) {
        return Target.isCompiled() ? regionEnd(region) : SimulatedMachine.freeEnd(region);
    }

    /** Maps device registers to their physical address, uncached, writable, never executable. */
    public static void mapDevice(long physical, long bytes) {
        if (Target.isCompiled()) {
            nativeMapDevice(physical, bytes);
        }
    }

    public static long commandLineAddress() {
        return Target.isCompiled() ? nativeCommandLineAddress() : SimulatedMachine.commandLineAddress();
    }

    public static int commandLineBytes() {
        return Target.isCompiled() ? nativeCommandLineBytes() : SimulatedMachine.commandLineBytes();
    }

    /** How often an interrupt came at {@code vector} (32 to 47), modulo 2^32. */
    public static int interruptCount(int vector) {
        return Target.isCompiled() ? nativeInterruptCount(vector) : SimulatedMachine.interruptCount(vector);
    }

    /** Where interrupt stubs write to end an interrupt; 0 for the x2APIC's model-specific register. */
    public static void setEndOfInterruptRegister(long address) {
        if (Target.isCompiled()) {
            setEoiRegister(address);
        }
    }

    /** The time-stamp counter at the image's first instruction of C. */
    public static long entryTimeStamp() {
        return Target.isCompiled() ? nativeEntryTimeStamp() : 0;
    }

    /** Size of the garbage-collected heap in bytes. */
    public static long heapBytes() {
        return Target.isCompiled() ? nativeHeapBytes() : Runtime.getRuntime().maxMemory();
    }

    /** One character on the serial console. */
    public static void putChar(int character) {
        if (Target.isCompiled()) {
            nativePutChar(character);
        } else {
            SimulatedMachine.putChar(character);
        }
    }

    /** Ends the virtual machine; a status other than 0 reaches the host as {@code status << 1 | 1}. Does not return. */
    public static void powerOff(int status) {
        if (Target.isCompiled()) {
            nativePowerOff(status);
        } else {
            SimulatedMachine.powerOff(status);
        }
    }

    @Import(name = "keel_region_count")
    @Unmanaged
    private static native int regionCount();

    @Import(name = "keel_region_start")
    @Unmanaged
    private static native long regionStart(int region);

    @Import(name = "keel_region_end")
    @Unmanaged
    private static native long regionEnd(int region);

    @Import(name = "keel_map_device")
    @Unmanaged
    private static native void nativeMapDevice(long physical, long bytes);

    @Import(name = "keel_command_line_address")
    @Unmanaged
    private static native long nativeCommandLineAddress();

    @Import(name = "keel_command_line_bytes")
    @Unmanaged
    private static native int nativeCommandLineBytes();

    @Import(name = "keel_interrupt_count")
    @Unmanaged
    private static native int nativeInterruptCount(int vector);

    @Import(name = "keel_set_eoi_register")
    @Unmanaged
    private static native void setEoiRegister(long address);

    @Import(name = "keel_entry_time_stamp")
    @Unmanaged
    private static native long nativeEntryTimeStamp();

    @Import(name = "keel_heap_bytes")
    @Unmanaged
    private static native long nativeHeapBytes();

    @Import(name = "keel_put_char")
    @Unmanaged
    private static native void nativePutChar(int character);

    @Import(name = "keel_power_off")
    @Unmanaged
    private static native void nativePowerOff(int status);
}
