// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

/**
 * What SQLite asks of its host: memory, files, chance and time. Addresses are raw; results are SQLite's codes unless said
 * otherwise. Nothing here may throw.
 */
public interface SqliteHost {
    /** Returns 0 if there is no memory. */
    long allocate(int bytes);

    void free(long address);

    /** Returns 0, and leaves the old block alone, if there is no memory. */
    long resize(long address, int bytes);

    int size(long address);

    int roundUp(int bytes);

    /** Opens a file by its zero-terminated name, or a nameless temporary one if that is 0; a handle, or a negated code. */
    int open(long name, int flags);

    int delete(long name, boolean durably);

    boolean exists(long name);

    int close(int file);

    int read(int file, long target, int bytes, long position);

    int write(int file, long source, int bytes, long position);

    int truncate(int file, long length);

    int sync(int file);

    long length(int file);

    int lock(int file, int level);

    int unlock(int file, int level);

    boolean isReserved(int file);

    int characteristics(int file);

    /** Writes the address of a piece of shared memory, or 0 if there is none and it shall not grow, to {@code result}. */
    int mapShared(int file, int region, int bytes, boolean grow, long result);

    int lockShared(int file, int first, int count, int flags);

    void unmapShared(int file, boolean delete);

    long random();

    long epochMillis();

    /** Asked now and then while a statement runs: whether it shall end. */
    boolean shallStop();
}
