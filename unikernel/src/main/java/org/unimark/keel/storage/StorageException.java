// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

/** The disk is full, damaged, of another version, or failed. */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Cause {
        FULL,
        DAMAGED,
        FOREIGN,
        NEWER,
        READ_ONLY,
        IO_ERROR
    }

    private final Cause kind;
    private final long sector;

    /** {@code sector} is where, or -1. */
    public StorageException(Cause kind, long sector, String message) {
        super(message);
        this.kind = kind;
        this.sector = sector;
    }

    public Cause kind() {
        return kind;
    }

    public long sector() {
        return sector;
    }
}
