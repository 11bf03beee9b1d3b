// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

/**
 * A file as all its openers share it: content, locks and shared memory. Content comes from a subclass; addresses are raw,
 * results are SQLite's codes.
 */
abstract class StoredFile {
    private final byte[] name;
    private final FileLocks locks = new FileLocks();
    private final SharedMemory sharedMemory;

    StoredFile(byte[] name, Arena arena) {
        this.name = name;
        sharedMemory = new SharedMemory(arena);
    }

    byte[] name() {
        return name;
    }

    FileLocks locks() {
        return locks;
    }

    SharedMemory sharedMemory() {
        return sharedMemory;
    }

    /** Whether it is there for {@code xAccess}. */
    abstract boolean exists();

    /** Makes it be there; called at every opening with leave to create. */
    abstract int create();

    abstract long length();

    /** All of the range lies below {@link #length}. */
    abstract int read(long position, long target, int bytes);

    abstract int write(long position, long source, int bytes);

    abstract int truncate(long length);

    abstract int sync();

    abstract int delete(boolean durably);

    abstract int characteristics();
}
