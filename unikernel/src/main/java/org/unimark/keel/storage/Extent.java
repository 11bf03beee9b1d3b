// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;

/**
 * A file of a database: random access, calls that return when they are done (the processor sleeps meanwhile, the network
 * waits). Writes may reach the disk in any order and in part until {@link #sync} returns.
 */
public interface Extent {
    /** Bytes in use. */
    long length();

    /** Bytes that it may grow to. */
    long capacity();

    /** Reads {@code length} bytes from {@code position} on, all of which must lie below {@link #length}. */
    void read(long position, Bytes target, int at, int length) throws StorageException;

    /** Writes, growing the extent if need be; {@code FULL} beyond its capacity. */
    void write(long position, Bytes source, int at, int length) throws StorageException;

    /** Cuts or extends with zeros; durable with the next {@link #sync}. */
    void setLength(long length) throws StorageException;

    /** Returns when everything written so far, and the length, will survive a loss of power. */
    void sync() throws StorageException;
}
