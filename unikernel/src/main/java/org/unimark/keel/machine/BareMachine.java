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
    /* Offsets in struct keel_machine of image.h; the interrupt counts come first. */
    private static final int EOI_REGISTER = 64;
    private static final int ENTRY_TIME_STAMP = 72;
    private static final int REGIONS = 80;
    private static final int REGION = 88;
    private static final int REGION_BYTES = 16;
    private static final int COMMAND_LINE_LENGTH = 216;
    private static final int COMMAND_LINE = 224;
    private static final int FIRST_VECTOR = 32;

    private BareMachine() {}

    /** How many pieces of RAM nobody uses yet. */
    public static int freeRegions() {
        return Target.isCompiled() ? (int) Memory.getLong(machineAddress() + REGIONS) : SimulatedMachine.freeRegions();
    }

    /** Address of the first byte of a free region; a multiple of 4096. */
    public static long freeStart(int region) {
        return Target.isCompiled()
                ? Memory.getLong(machineAddress() + REGION + region * REGION_BYTES)
                : SimulatedMachine.freeStart(region);
    }

    /** Address behind the last byte of a free region; a multiple of 4096. */
    public static long freeEnd(int region) {
        return Target.isCompiled()
                ? Memory.getLong(machineAddress() + REGION + region * REGION_BYTES + 8)
                : SimulatedMachine.freeEnd(region);
    }

    /** Maps device registers to their physical address, uncached, writable, never executable. */
    public static void mapDevice(long physical, long bytes) {
        if (Target.isCompiled()) {
            nativeMapDevice(physical, bytes);
        }
    }

    public static long commandLineAddress() {
        return Target.isCompiled() ? machineAddress() + COMMAND_LINE : SimulatedMachine.commandLineAddress();
    }

    public static int commandLineBytes() {
        return Target.isCompiled()
                ? (int) Memory.getLong(machineAddress() + COMMAND_LINE_LENGTH)
                : SimulatedMachine.commandLineBytes();
    }

    /** How often an interrupt came at {@code vector} (32 to 47), modulo 2^32. */
    public static int interruptCount(int vector) {
        return Target.isCompiled()
                ? DeviceMemory.get32(machineAddress() + 4L * (vector - FIRST_VECTOR))
                : SimulatedMachine.interruptCount(vector);
    }

    /** Where interrupt stubs write to end an interrupt; 0 for the x2APIC's model-specific register. */
    public static void setEndOfInterruptRegister(long address) {
        if (Target.isCompiled()) {
            Memory.putLong(machineAddress() + EOI_REGISTER, address);
        }
    }

    /** The time-stamp counter at the image's first instruction of C. */
    public static long entryTimeStamp() {
        return Target.isCompiled() ? Memory.getLong(machineAddress() + ENTRY_TIME_STAMP) : 0;
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

    @Import(name = "keel_machine_address")
    @Unmanaged
    private static native long machineAddress();

    @Import(name = "keel_map_device")
    @Unmanaged
    private static native void nativeMapDevice(long physical, long bytes);

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
