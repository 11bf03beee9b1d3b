// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Function;

/**
 * What SQLite calls for an open file: {@code sqlite3_io_methods} version 2 (sqlite.org/c3ref/io_methods.html). The file
 * is a {@code sqlite3_file} with the host's handle behind the pointer to the methods.
 */
final class SqliteFileCallbacks {
    static final int HANDLE_AT = 8;
    static final int FILE_BYTES = 16;

    private static final int OK = 0;
    private static final int NOT_FOUND = 12;
    private static final int VERSION = 2;
    private static final int POINTER = 8;
    private static final int METHODS_BYTES = 17 * POINTER;

    /** With POWERSAFE_OVERWRITE the journal's header takes one sector, so the smallest. */
    private static final int SECTOR_BYTES = 512;

    private static SqliteHost host;

    private SqliteFileCallbacks() {}

    /** Returns the address of the methods. */
    static long start(SqliteHost newHost) {
        host = newHost;
        long at = SqliteCallbacks.structure(host, METHODS_BYTES);
        Memory.putInt(at, VERSION);
        SqliteCallbacks.put(at, 1, Function.get(SqliteCallbacks.LtoI.class, SqliteFileCallbacks.class, "close"));
        SqliteCallbacks.put(at, 2, Function.get(SqliteCallbacks.LLILtoI.class, SqliteFileCallbacks.class, "read"));
        SqliteCallbacks.put(at, 3, Function.get(SqliteCallbacks.LLILtoI.class, SqliteFileCallbacks.class, "write"));
        SqliteCallbacks.put(at, 4, Function.get(SqliteCallbacks.LLtoI.class, SqliteFileCallbacks.class, "truncate"));
        SqliteCallbacks.put(at, 5, Function.get(SqliteCallbacks.LItoI.class, SqliteFileCallbacks.class, "sync"));
        SqliteCallbacks.put(at, 6, Function.get(SqliteCallbacks.LLtoI.class, SqliteFileCallbacks.class, "length"));
        SqliteCallbacks.put(at, 7, Function.get(SqliteCallbacks.LItoI.class, SqliteFileCallbacks.class, "lock"));
        SqliteCallbacks.put(at, 8, Function.get(SqliteCallbacks.LItoI.class, SqliteFileCallbacks.class, "unlock"));
        SqliteCallbacks.put(
                at, 9, Function.get(SqliteCallbacks.LLtoI.class, SqliteFileCallbacks.class, "checkReserved"));
        SqliteCallbacks.put(at, 10, Function.get(SqliteCallbacks.LILtoI.class, SqliteFileCallbacks.class, "control"));
        SqliteCallbacks.put(at, 11, Function.get(SqliteCallbacks.LtoI.class, SqliteFileCallbacks.class, "sectorBytes"));
        SqliteCallbacks.put(
                at, 12, Function.get(SqliteCallbacks.LtoI.class, SqliteFileCallbacks.class, "characteristics"));
        SqliteCallbacks.put(
                at, 13, Function.get(SqliteCallbacks.LIIILtoI.class, SqliteFileCallbacks.class, "mapShared"));
        SqliteCallbacks.put(
                at, 14, Function.get(SqliteCallbacks.LIIItoI.class, SqliteFileCallbacks.class, "lockShared"));
        SqliteCallbacks.put(at, 15, Function.get(SqliteCallbacks.LtoV.class, SqliteFileCallbacks.class, "barrier"));
        SqliteCallbacks.put(
                at, 16, Function.get(SqliteCallbacks.LItoI.class, SqliteFileCallbacks.class, "unmapShared"));
        return at;
    }

    private static int handle(long file) {
        return Memory.getInt(file + HANDLE_AT);
    }

    static int close(long file) {
        return host.close(handle(file));
    }

    static int read(long file, long target, int bytes, long position) {
        return host.read(handle(file), target, bytes, position);
    }

    static int write(long file, long source, int bytes, long position) {
        return host.write(handle(file), source, bytes, position);
    }

    static int truncate(long file, long length) {
        return host.truncate(handle(file), length);
    }

    static int sync(long file, int flags) {
        return host.sync(handle(file));
    }

    static int length(long file, long result) {
        Memory.putLong(result, host.length(handle(file)));
        return OK;
    }

    static int lock(long file, int level) {
        return host.lock(handle(file), level);
    }

    static int unlock(long file, int level) {
        return host.unlock(handle(file), level);
    }

    static int checkReserved(long file, long result) {
        Memory.putInt(result, host.isReserved(handle(file)) ? 1 : 0);
        return OK;
    }

    static int control(long file, int operation, long argument) {
        return NOT_FOUND;
    }

    static int sectorBytes(long file) {
        return SECTOR_BYTES;
    }

    static int characteristics(long file) {
        return host.characteristics(handle(file));
    }

    static int mapShared(long file, int region, int bytes, int grow, long result) {
        return host.mapShared(handle(file), region, bytes, grow != 0, result);
    }

    static int lockShared(long file, int first, int count, int flags) {
        return host.lockShared(handle(file), first, count, flags);
    }

    /** There is one thread. */
    static void barrier(long file) {}

    static int unmapShared(long file, int delete) {
        host.unmapShared(handle(file), delete != 0);
        return OK;
    }
}
