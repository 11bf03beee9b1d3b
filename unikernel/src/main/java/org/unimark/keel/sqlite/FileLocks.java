// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

/**
 * The five states in which connections hold a database file (sqlite.org/lockingv3.html), among the connections of one
 * program: any number share it while one may have announced that it will write (RESERVED); one that waits for readers to
 * leave (PENDING) lets no new ones in; EXCLUSIVE is alone.
 */
final class FileLocks {
    static final int NONE = 0;
    static final int SHARED = 1;
    static final int RESERVED = 2;
    static final int PENDING = 3;
    static final int EXCLUSIVE = 4;

    /** Holders of SHARED or more. */
    private int holders;

    /** Who holds RESERVED or more, or null. At most one does. */
    private OpenFile writer;

    int lock(OpenFile file, int level) {
        if (file.lock >= level) {
            return Results.OK;
        }
        return level == SHARED ? share(file) : level == RESERVED ? reserve(file) : exclude(file);
    }

    private int share(OpenFile file) {
        if (writer != null && writer.lock >= PENDING) {
            return Results.BUSY;
        }
        holders++;
        file.lock = SHARED;
        return Results.OK;
    }

    private int reserve(OpenFile file) {
        if (writer != null) {
            return Results.BUSY;
        }
        writer = file;
        file.lock = RESERVED;
        return Results.OK;
    }

    /** From RESERVED to write, or from SHARED to roll a dead writer's journal back. */
    private int exclude(OpenFile file) {
        if (writer != null && writer != file) {
            return Results.BUSY;
        }
        writer = file;
        file.lock = PENDING;
        if (holders > 1) {
            return Results.BUSY;
        }
        file.lock = EXCLUSIVE;
        return Results.OK;
    }

    /** To SHARED or to NONE. */
    void unlock(OpenFile file, int level) {
        if (file.lock <= level) {
            return;
        }
        if (writer == file) {
            writer = null;
        }
        if (level == NONE) {
            holders--;
        }
        file.lock = level;
    }

    boolean isReserved() {
        return writer != null;
    }
}
