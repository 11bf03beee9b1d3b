// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

/** A formatted disk. Everything happens on the event loop's thread. */
public interface Storage {
    /**
     * Opens the log of that name, creating it in free space if there is none.
     *
     * @param capacityBytes of a log that is created
     * @throws StorageException if the disk is full, damaged or fails
     */
    RecordLog log(String name, long capacityBytes) throws StorageException;

    /** The extent of that name, or null if there is none. */
    Extent find(String name) throws StorageException;

    /** Opens an extent, creating an empty one that may grow to {@code capacityBytes} if there is none. */
    Extent open(String name, long capacityBytes) throws StorageException;

    /** Removes an extent for good, durably; false if there is none. */
    boolean delete(String name) throws StorageException;

    /** Bytes that are not yet given to a log or an extent. */
    long freeBytes();
}
