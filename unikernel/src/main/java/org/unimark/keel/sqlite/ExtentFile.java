// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import java.nio.charset.StandardCharsets;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.storage.Extent;
import org.unimark.keel.storage.Storage;
import org.unimark.keel.storage.StorageException;

/**
 * A file on a disk: an extent of that name, which stays when the file is deleted, with nothing in it. An empty file and
 * none are the same to SQLite.
 */
final class ExtentFile extends StoredFile {
    /** SQLITE_IOCAP_POWERSAFE_OVERWRITE: a write changes nothing but the bytes that it writes, whatever happens. */
    private static final int CHARACTERISTICS = 0x1000;

    private final String label;
    private final Storage storage;
    private final long capacityBytes;
    private final Log log;
    private final Bytes window = new Bytes();
    private Extent extent;

    ExtentFile(byte[] name, Arena arena, Storage storage, long capacityBytes, Log log) throws StorageException {
        super(name, arena);
        this.label = new String(name, StandardCharsets.UTF_8);
        this.storage = storage;
        this.capacityBytes = capacityBytes;
        this.log = log;
        extent = storage.find(label);
    }

    @Override
    boolean exists() {
        return extent != null && extent.length() > 0;
    }

    @Override
    int create() {
        if (extent == null) {
            try {
                extent = storage.open(label, capacityBytes);
            } catch (StorageException failure) {
                return failed("open", failure, Results.CANNOT_OPEN);
            }
        }
        return Results.OK;
    }

    @Override
    long length() {
        return extent.length();
    }

    @Override
    int read(long position, long target, int bytes) {
        try {
            extent.read(position, window.wrap(target, bytes), 0, bytes);
            return Results.OK;
        } catch (StorageException failure) {
            return failed("read", failure, Results.IO_READ);
        }
    }

    @Override
    int write(long position, long source, int bytes) {
        try {
            extent.write(position, window.wrap(source, bytes), 0, bytes);
            return Results.OK;
        } catch (StorageException failure) {
            return failed("write", failure, Results.IO_WRITE);
        }
    }

    @Override
    int truncate(long length) {
        try {
            extent.setLength(length);
            return Results.OK;
        } catch (StorageException failure) {
            return failed("truncate", failure, Results.IO_TRUNCATE);
        }
    }

    @Override
    int sync() {
        try {
            extent.sync();
            return Results.OK;
        } catch (StorageException failure) {
            return failed("sync", failure, Results.IO_SYNC);
        }
    }

    @Override
    int delete(boolean durably) {
        try {
            extent.setLength(0);
            if (durably) {
                extent.sync();
            }
            return Results.OK;
        } catch (StorageException failure) {
            return failed("delete", failure, Results.IO_DELETE);
        }
    }

    private int failed(String operation, StorageException failure, int code) {
        log.line("sql: " + operation + " of " + label + ": " + failure.getMessage());
        return failure.kind() == StorageException.Cause.FULL ? Results.FULL : code;
    }

    @Override
    int characteristics() {
        return CHARACTERISTICS;
    }
}
