// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import java.util.HashMap;
import java.util.Map;

/** The JVM's stand-in for the processor: registers and counters that a test sets, and a record of the marks passed. */
public final class SimulatedCpu {
    private static final Map<Long, int[]> cpuid = new HashMap<>();
    private static final Map<Integer, Long> modelSpecific = new HashMap<>();
    private static long timeStamp;
    private static long randomState = 1;
    private static int marks;
    private static Runnable onHalt = () -> {};

    private SimulatedCpu() {}

    public static void setTimeStamp(long ticks) {
        timeStamp = ticks;
    }

    /** {@code registers} are EAX, EBX, ECX and EDX. */
    public static void setCpuid(int leaf, int subleaf, int... registers) {
        cpuid.put((long) leaf << 32 | subleaf & 0xffffffffL, registers.clone());
    }

    /** What happens while the processor halts: a test lets time pass or an interrupt come. */
    public static void setOnHalt(Runnable action) {
        onHalt = action;
    }

    /** Bit n is set when {@code Mark.pass(n)} was called. */
    public static int marks() {
        return marks;
    }

    public static void reset() {
        cpuid.clear();
        modelSpecific.clear();
        timeStamp = 0;
        randomState = 1;
        marks = 0;
        onHalt = () -> {};
    }

    static long timeStamp() {
        return timeStamp;
    }

    static int cpuid(int leaf, int subleaf, int register) {
        int[] registers = cpuid.get((long) leaf << 32 | subleaf & 0xffffffffL);
        return registers == null ? 0 : registers[register];
    }

    static long readModelSpecific(int register) {
        return modelSpecific.getOrDefault(register, 0L);
    }

    static void writeModelSpecific(int register, long value) {
        modelSpecific.put(register, value);
    }

    /** SplitMix64 (Steele, Lea and Flood 2014): repeatable, which is what tests want. */
    static long random() {
        long z = randomState += 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    static void halt() {
        onHalt.run();
    }

    static void mark(int code) {
        marks |= 1 << code;
    }
}
