// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedDisk;
import org.unimark.keel.simulation.VirtualClock;

/** A simulated disk and the storage on it, through power failures. */
public final class StoredDisk implements AutoCloseable {
    public final VirtualClock clock = new VirtualClock();
    public final SeededRandom random;
    private Arena arena = new Arena();
    public SimulatedDisk disk;
    public DiskStorage storage;

    public StoredDisk(long seed, int bytes) throws StorageException {
        random = new SeededRandom(seed);
        disk = new SimulatedDisk(clock, random.nextLong(), bytes);
        DiskFormat.format(disk, disk::await, arena::allocate, random);
    }

    public StoredDisk open() throws StorageException {
        arena.close();
        arena = new Arena();
        storage = new DiskStorage(disk, disk::await, arena::allocate, random);
        return this;
    }

    /** Another disk takes the place of this one. */
    public StoredDisk replace(SimulatedDisk other) {
        disk = other;
        return this;
    }

    public StoredDisk failPower(SimulatedDisk.Fate fate) {
        disk = disk.afterPowerFailure(fate);
        return this;
    }

    /** Lets virtual time pass until storage has nothing to do. */
    public void settle() {
        for (int turns = 0; turns < 100_000; turns++) {
            if (storage.poll(clock.nanos()) == 0 && storage.prepareToSleep()) {
                if (disk.nextCompletionNanos() == Long.MAX_VALUE) {
                    return;
                }
                clock.advanceTo(disk.nextCompletionNanos());
            }
        }
        throw new AssertionError("storage never rests");
    }

    public Bytes bytes(byte[] content) {
        return arena.copyOf(content);
    }

    public Bytes allocate(int bytes) {
        return arena.allocate(bytes);
    }

    @Override
    public void close() {
        arena.close();
    }
}
