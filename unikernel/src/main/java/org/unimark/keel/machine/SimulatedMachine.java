// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

/** The JVM's stand-in for the native part of an image: what a test says the machine is like, and what was done to it. */
public final class SimulatedMachine {
    /** Thrown where a real machine would have ended. */
    public static final class PoweredOff extends RuntimeException {
        private final int status;

        PoweredOff(int status) {
            super("powered off with status " + status);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private static final int FIRST_VECTOR = 32;
    private static final int VECTORS = 16;

    private static final int[] interruptCounts = new int[VECTORS];
    private static final StringBuilder console = new StringBuilder();
    private static long[] regions = {};
    private static long commandLineAddress;
    private static int commandLineBytes;

    private SimulatedMachine() {}

    /** Start and end of each free region, in turn. */
    public static void setFreeRegions(long... startsAndEnds) {
        regions = startsAndEnds.clone();
    }

    public static void setCommandLine(String text) {
        commandLineBytes = text.length();
        commandLineAddress = text.isEmpty() ? 0 : SimulatedMemory.allocate(commandLineBytes);
        for (int i = 0; i < commandLineBytes; i++) {
            SimulatedMemory.putByte(commandLineAddress + i, (byte) text.charAt(i));
        }
    }

    /** Counts an interrupt at {@code vector}, as a stub would. */
    public static void interrupt(int vector) {
        interruptCounts[vector - FIRST_VECTOR]++;
    }

    /** What was written to the serial console. */
    public static String console() {
        return console.toString();
    }

    public static void reset() {
        java.util.Arrays.fill(interruptCounts, 0);
        console.setLength(0);
        regions = new long[0];
        commandLineAddress = 0;
        commandLineBytes = 0;
    }

    static int freeRegions() {
        return regions.length / 2;
    }

    static long freeStart(int region) {
        return regions[2 * region];
    }

    static long freeEnd(int region) {
        return regions[2 * region + 1];
    }

    static long commandLineAddress() {
        return commandLineAddress;
    }

    static int commandLineBytes() {
        return commandLineBytes;
    }

    static int interruptCount(int vector) {
        return interruptCounts[vector - FIRST_VECTOR];
    }

    static void putChar(int character) {
        console.append((char) character);
    }

    static void powerOff(int status) {
        throw new PoweredOff(status);
    }
}
