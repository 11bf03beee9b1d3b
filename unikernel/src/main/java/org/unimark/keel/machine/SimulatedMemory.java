// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The JVM's stand-in for physical memory: regions at made-up addresses, each with an unmapped gap behind it, so that a
 * stray access fails instead of reading a neighbour.
 */
public final class SimulatedMemory {
    private static final int CHUNK_SHIFT = 24;
    private static final int CHUNK_BYTES = 1 << CHUNK_SHIFT;
    private static final int MAXIMUM_CHUNKS = 16_384;
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    /** One region a chunk; a region longer than a chunk takes several, backed by one array each. */
    private static final byte[][] chunks = new byte[MAXIMUM_CHUNKS][];

    /** Chunk 0 is never mapped: address zero faults. */
    private static int nextChunk = 1;

    private SimulatedMemory() {}

    private static VarHandle view(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the address of {@code bytes} zeroed bytes, aligned to 16 MiB, at most 16 MiB. */
    public static synchronized long allocate(int bytes) {
        if (bytes <= 0 || bytes > CHUNK_BYTES) {
            throw new IllegalArgumentException("a simulated region has 1 to " + CHUNK_BYTES + " bytes, not " + bytes);
        }
        for (int tried = 1; tried < MAXIMUM_CHUNKS; tried++) {
            int chunk = nextChunk;
            nextChunk = nextChunk + 1 == MAXIMUM_CHUNKS ? 1 : nextChunk + 1;
            if (chunks[chunk] == null) {
                chunks[chunk] = new byte[bytes];
                return (long) chunk << CHUNK_SHIFT;
            }
        }
        throw new IllegalStateException("no simulated region left; free what tests allocate");
    }

    /** Unmaps the region that {@link #allocate} returned; later accesses fault. */
    public static synchronized void free(long address) {
        chunks[(int) (address >>> CHUNK_SHIFT)] = null;
    }

    /** Unmaps everything: for fixtures. */
    public static synchronized void reset() {
        java.util.Arrays.fill(chunks, null);
        nextChunk = 1;
    }

    private static byte[] chunk(long address) {
        byte[] chunk = address >>> CHUNK_SHIFT < MAXIMUM_CHUNKS ? chunks[(int) (address >>> CHUNK_SHIFT)] : null;
        if (chunk == null) {
            throw new IndexOutOfBoundsException("wild access at 0x" + Long.toHexString(address));
        }
        return chunk;
    }

    private static int at(long address) {
        return (int) address & (CHUNK_BYTES - 1);
    }

    static byte getByte(long address) {
        return chunk(address)[at(address)];
    }

    static short getShort(long address) {
        return (short) SHORT.get(chunk(address), at(address));
    }

    static int getInt(long address) {
        return (int) INT.get(chunk(address), at(address));
    }

    static long getLong(long address) {
        return (long) LONG.get(chunk(address), at(address));
    }

    static void putByte(long address, byte value) {
        chunk(address)[at(address)] = value;
    }

    static void putShort(long address, short value) {
        SHORT.set(chunk(address), at(address), value);
    }

    static void putInt(long address, int value) {
        INT.set(chunk(address), at(address), value);
    }

    static void putLong(long address, long value) {
        LONG.set(chunk(address), at(address), value);
    }
}
