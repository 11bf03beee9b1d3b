// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/**
 * Decides whether a command that needs memory may have it. Besides {@code maxmemory} there is what the arena has: a reserve
 * of free pages lets every command that allocates a few kilobytes succeed; whoever needs more must be ready to be refused.
 */
final class MemoryLimit {
    /** Free pages that only replies and the commands at hand may use. */
    private static final long SMALLEST_RESERVE = 512 * 1024;

    private final Slabs slabs;
    private final Eviction eviction;
    private final long reserveBytes;
    /** 0: no limit but the arena's. */
    private long maximumBytes;

    MemoryLimit(Slabs slabs, Eviction eviction, long maximumBytes) {
        this.slabs = slabs;
        this.eviction = eviction;
        reserveBytes = Math.max(SMALLEST_RESERVE, slabs.capacityBytes() / 64);
        setMaximumBytes(maximumBytes);
    }

    void setMaximumBytes(long bytes) {
        maximumBytes = bytes;
    }

    long maximumBytes() {
        return maximumBytes;
    }

    boolean allows() {
        if (hasRoom()) {
            return true;
        }
        eviction.reclaim(this);
        return hasRoom() || (eviction.makeRoom(this) && hasRoom());
    }

    boolean hasRoom() {
        return !isShort() && (maximumBytes == 0 || slabs.usedBytes() <= maximumBytes);
    }

    /** Whether the arena itself has nothing left but the reserve. */
    boolean isShort() {
        return slabs.freeBytes() < reserveBytes;
    }
}
