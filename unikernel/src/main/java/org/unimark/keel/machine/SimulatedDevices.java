// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * The JVM's stand-in for devices: models registered at addresses and ports. What is not registered behaves as on a PC:
 * absent ports read as all ones and swallow writes; absent memory faults (see {@link SimulatedMemory}).
 */
public final class SimulatedDevices {
    /** A device model. Offsets count from where it was registered. */
    public interface Model {
        /** Returns the {@code bytes} (1, 2, 4 or 8) little-endian bytes at {@code offset}, without sign. */
        long read(long offset, int bytes);

        void write(long offset, int bytes, long value);
    }

    private record Mapping(long base, long length, Model model) {
        boolean contains(long address) {
            return address >= base && address - base < length;
        }
    }

    private static final List<Mapping> memory = new ArrayList<>();
    private static final List<Mapping> ports = new ArrayList<>();

    private SimulatedDevices() {}

    /** Puts a model at {@code [base, base + length)} of the physical address space. */
    public static synchronized void mapMemory(long base, long length, Model model) {
        memory.add(new Mapping(base, length, model));
    }

    /** Puts a model at {@code count} ports from {@code base} on. */
    public static synchronized void mapPorts(int base, int count, Model model) {
        ports.add(new Mapping(base, count, model));
    }

    /** Removes all models: for fixtures. */
    public static synchronized void reset() {
        memory.clear();
        ports.clear();
    }

    static long read(long address, int bytes) {
        for (Mapping mapping : memory) {
            if (mapping.contains(address)) {
                return mapping.model.read(address - mapping.base, bytes);
            }
        }
        return switch (bytes) {
            case 1 -> SimulatedMemory.getByte(address) & 0xffL;
            case 2 -> SimulatedMemory.getShort(address) & 0xffffL;
            case 4 -> SimulatedMemory.getInt(address) & 0xffffffffL;
            default -> SimulatedMemory.getLong(address);
        };
    }

    static void write(long address, int bytes, long value) {
        for (Mapping mapping : memory) {
            if (mapping.contains(address)) {
                mapping.model.write(address - mapping.base, bytes, value);
                return;
            }
        }
        switch (bytes) {
            case 1 -> SimulatedMemory.putByte(address, (byte) value);
            case 2 -> SimulatedMemory.putShort(address, (short) value);
            case 4 -> SimulatedMemory.putInt(address, (int) value);
            default -> SimulatedMemory.putLong(address, value);
        }
    }

    static long readPort(int port, int bytes) {
        for (Mapping mapping : ports) {
            if (mapping.contains(port)) {
                return mapping.model.read(port - mapping.base, bytes);
            }
        }
        return (1L << (8 * bytes)) - 1;
    }

    static void writePort(int port, int bytes, long value) {
        for (Mapping mapping : ports) {
            if (mapping.contains(port)) {
                mapping.model.write(port - mapping.base, bytes, value);
                return;
            }
        }
    }
}
