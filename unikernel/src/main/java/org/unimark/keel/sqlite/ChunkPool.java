// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import org.unimark.keel.application.Platform;
import org.unimark.keel.machine.Memory;

/** Memory for files in RAM, up to a bound, lent in chunks; a chunk that comes back is lent again, with what it held. */
final class ChunkPool {
    static final int CHUNK_SHIFT = 16;
    static final int CHUNK_BYTES = 1 << CHUNK_SHIFT;

    private final Platform platform;
    private long remainingBytes;
    private long free;

    ChunkPool(Platform platform, long limitBytes) {
        this.platform = platform;
        remainingBytes = limitBytes;
    }

    /** The address of a chunk, or 0 if there is none. */
    long take() {
        if (free != 0) {
            long chunk = free;
            free = Memory.getLong(chunk);
            return chunk;
        }
        if (remainingBytes < CHUNK_BYTES || platform.availableBytes() < 2L * CHUNK_BYTES) {
            return 0;
        }
        remainingBytes -= CHUNK_BYTES;
        return platform.allocate(CHUNK_BYTES).address(0, CHUNK_BYTES);
    }

    void giveBack(long chunk) {
        Memory.putLong(chunk, free);
        free = chunk;
    }
}
