// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import java.util.Arrays;
import org.unimark.keel.machine.Memory;

/**
 * A file in RAM, in chunks that a {@link ChunkPool} lends. A database here ends with the program, so nothing is to be
 * made durable, and a write that was done is there in whole and in order.
 */
final class MemoryFile extends StoredFile {
    /** SQLITE_IOCAP_POWERSAFE_OVERWRITE, which is all that SQLite's own files on Linux declare. */
    static final int POWERSAFE = 0x1000;
    /** And SQLITE_IOCAP_SAFE_APPEND, SEQUENTIAL: no loss of power leaves anything to be inconsistent. */
    static final int LOST_WITH_THE_PROGRAM = POWERSAFE | 0x200 | 0x400;

    private static final int FIRST_CHUNKS = 16;

    private final ChunkPool pool;
    private final int characteristics;
    private long[] chunks = new long[FIRST_CHUNKS];
    private int chunkCount;
    private long length;
    private boolean exists;

    /** {@code characteristics} are what it declares to SQLite. */
    MemoryFile(byte[] name, Arena arena, ChunkPool pool, int characteristics) {
        super(name, arena);
        this.pool = pool;
        this.characteristics = characteristics;
    }

    @Override
    boolean exists() {
        return exists;
    }

    @Override
    int create() {
        exists = true;
        return Results.OK;
    }

    @Override
    long length() {
        return length;
    }

    @Override
    int read(long position, long target, int bytes) {
        int done = 0;
        while (done < bytes) {
            int at = (int) (position & ChunkPool.CHUNK_BYTES - 1);
            int count = Math.min(bytes - done, ChunkPool.CHUNK_BYTES - at);
            Memory.copy(chunks[(int) (position >> ChunkPool.CHUNK_SHIFT)] + at, target + done, count);
            done += count;
            position += count;
        }
        return Results.OK;
    }

    @Override
    int write(long position, long source, int bytes) {
        long end = position + bytes;
        if (end > (long) chunkCount << ChunkPool.CHUNK_SHIFT && !reserve(end)) {
            return Results.FULL;
        }
        if (position > length) {
            clear(length, position);
        }
        int done = 0;
        while (done < bytes) {
            int at = (int) (position & ChunkPool.CHUNK_BYTES - 1);
            int count = Math.min(bytes - done, ChunkPool.CHUNK_BYTES - at);
            Memory.copy(source + done, chunks[(int) (position >> ChunkPool.CHUNK_SHIFT)] + at, count);
            done += count;
            position += count;
        }
        length = Math.max(length, end);
        return Results.OK;
    }

    /** What lies between the end and a write beyond it reads as zeros, whatever a chunk held before. */
    private void clear(long from, long to) {
        while (from < to) {
            int at = (int) (from & ChunkPool.CHUNK_BYTES - 1);
            int count = (int) Math.min(to - from, ChunkPool.CHUNK_BYTES - at);
            Memory.fill(chunks[(int) (from >> ChunkPool.CHUNK_SHIFT)] + at, count, (byte) 0);
            from += count;
        }
    }

    private boolean reserve(long end) {
        int needed = (int) (end + ChunkPool.CHUNK_BYTES - 1 >> ChunkPool.CHUNK_SHIFT);
        if (needed > chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(needed, chunks.length * 2));
        }
        while (chunkCount < needed) {
            long chunk = pool.take();
            if (chunk == 0) {
                return false;
            }
            chunks[chunkCount++] = chunk;
        }
        return true;
    }

    /** Keeps one chunk: a journal comes and goes with every transaction. */
    @Override
    int truncate(long newLength) {
        if (newLength > length) {
            if (!reserve(newLength)) {
                return Results.FULL;
            }
            clear(length, newLength);
        }
        length = newLength;
        keep(Math.max(1, (int) (newLength + ChunkPool.CHUNK_BYTES - 1 >> ChunkPool.CHUNK_SHIFT)));
        return Results.OK;
    }

    private void keep(int count) {
        while (chunkCount > count) {
            pool.giveBack(chunks[--chunkCount]);
        }
    }

    @Override
    int sync() {
        return Results.OK;
    }

    @Override
    int delete(boolean durably) {
        exists = false;
        length = 0;
        keep(name().length == 0 ? 0 : 1);
        return Results.OK;
    }

    @Override
    int characteristics() {
        return characteristics;
    }
}
