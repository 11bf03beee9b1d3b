// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.machine.Memory;

/**
 * The index of a write-ahead log, which all connections to a database share, and its eight locks (sqlite.org/walformat.html,
 * 2.3). It is gone when the last connection has left it.
 */
@Rare
final class SharedMemory {
    private static final int LOCKS = 8;
    private static final int UNLOCK = 1;
    private static final int SHARE = 4;
    private static final int MAXIMUM_REGIONS = 256;

    private final Arena arena;
    private final long[] regions = new long[MAXIMUM_REGIONS];
    private int regionCount;
    private int users;
    private final int[] sharers = new int[LOCKS];
    private final OpenFile[] owner = new OpenFile[LOCKS];

    SharedMemory(Arena arena) {
        this.arena = arena;
    }

    /** Writes the region's address to {@code result}, or 0 if it is not there and shall not be made. */
    int map(OpenFile file, int region, int bytes, boolean grow, long result) {
        if (!file.sharesMemory) {
            file.sharesMemory = true;
            users++;
        }
        Memory.putLong(result, 0);
        if (region >= MAXIMUM_REGIONS) {
            return Results.IO_NO_MEMORY;
        }
        while (regionCount <= region) {
            if (!grow) {
                return Results.OK;
            }
            long address = arena.allocate(bytes);
            if (address == 0) {
                return Results.IO_NO_MEMORY;
            }
            Memory.fill(address, bytes, (byte) 0);
            regions[regionCount++] = address;
        }
        Memory.putLong(result, regions[region]);
        return Results.OK;
    }

    /** Takes or gives back the locks {@code [first, first + count)}, all or none. */
    int lock(OpenFile file, int first, int count, int flags) {
        if ((flags & UNLOCK) != 0) {
            release(file, first, count);
            return Results.OK;
        }
        boolean share = (flags & SHARE) != 0;
        for (int i = first; i < first + count; i++) {
            boolean others = sharers[i] > (isSharer(file, i) ? 1 : 0);
            if (owner[i] != null && owner[i] != file || !share && others) {
                return Results.BUSY;
            }
        }
        for (int i = first; i < first + count; i++) {
            if (!share) {
                owner[i] = file;
            } else if (!isSharer(file, i)) {
                file.sharedLocks |= 1 << i;
                sharers[i]++;
            }
        }
        return Results.OK;
    }

    private static boolean isSharer(OpenFile file, int lock) {
        return (file.sharedLocks & 1 << lock) != 0;
    }

    private void release(OpenFile file, int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (owner[i] == file) {
                owner[i] = null;
            }
            if (isSharer(file, i)) {
                file.sharedLocks &= ~(1 << i);
                sharers[i]--;
            }
        }
    }

    void leave(OpenFile file) {
        if (!file.sharesMemory) {
            return;
        }
        release(file, 0, LOCKS);
        file.sharesMemory = false;
        if (--users == 0) {
            while (regionCount > 0) {
                arena.free(regions[--regionCount]);
            }
        }
    }
}
