// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Function;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;

/**
 * The functions that SQLite calls, and the structures of pointers to them: {@code sqlite3_mem_methods}, {@code sqlite3_vfs}
 * version 2 and {@code sqlite3_io_methods} version 2 (sqlite.org/c3ref) as they lie in memory on x86-64. An open file is
 * a {@code sqlite3_file} with the host's handle behind the pointer to the methods.
 */
final class SqliteCallbacks {
    private static final int OK = 0;
    private static final int CANNOT_OPEN = 14;

    private static final int CONFIGURE_SINGLE_THREAD = 1;
    private static final int CONFIGURE_MALLOC = 4;
    private static final int CONFIGURE_MEMORY_STATUS = 9;

    private static final int MEMORY_METHODS_BYTES = 64;
    private static final int FILES_BYTES = 144;
    private static final int POINTER = 8;

    /* struct sqlite3_vfs */
    private static final int FILE_BYTES_AT = 4;
    private static final int LONGEST_NAME_AT = 8;
    private static final int NAME_AT = 24;
    private static final int FIRST_FILES_FUNCTION = 40;

    private static final int LONGEST_NAME = 256;
    private static final String NAME = "keel";

    /** Milliseconds from the beginning of the Julian day numbers, noon of 24 November 4714 BC, to 1970. */
    private static final long JULIAN_TO_EPOCH_MILLIS = 210866760000000L;

    private static final double MILLIS_PER_DAY = 86400000.0;

    private static SqliteHost host;
    private static long fileMethods;

    private SqliteCallbacks() {}

    /* The C types of functions by their parameters: I is int, L is 64 bits; the last letter is the result. */
    abstract static class ItoL extends Function {
        abstract long call(int a);
    }

    abstract static class ItoI extends Function {
        abstract int call(int a);
    }

    abstract static class LtoI extends Function {
        abstract int call(long a);
    }

    abstract static class LtoV extends Function {
        abstract void call(long a);
    }

    abstract static class LItoL extends Function {
        abstract long call(long a, int b);
    }

    abstract static class LItoI extends Function {
        abstract int call(long a, int b);
    }

    abstract static class LLtoI extends Function {
        abstract int call(long a, long b);
    }

    abstract static class LLItoI extends Function {
        abstract int call(long a, long b, int c);
    }

    abstract static class LILtoI extends Function {
        abstract int call(long a, int b, long c);
    }

    abstract static class LLILtoI extends Function {
        abstract int call(long a, long b, int c, long d);
    }

    abstract static class LLLILtoI extends Function {
        abstract int call(long a, long b, long c, int d, long e);
    }

    abstract static class LIIItoI extends Function {
        abstract int call(long a, int b, int c, int d);
    }

    abstract static class LIIILtoI extends Function {
        abstract int call(long a, int b, int c, int d, long e);
    }

    @Import(name = "keel_function")
    @Unmanaged
    static native long address(Function function);

    @Import(name = "keel_offer_files")
    @Unmanaged
    private static native void offerFiles(long files);

    static int start(SqliteHost newHost, boolean withFiles) {
        host = newHost;
        // A library that was compiled without threads refuses this, and does not need it.
        SqliteCalls.configure(CONFIGURE_SINGLE_THREAD, 0, 0);
        int result = SqliteCalls.configure(CONFIGURE_MEMORY_STATUS, 0, 0);
        result = result != OK ? result : SqliteCalls.configure(CONFIGURE_MALLOC, memoryMethods(), 0);
        if (result == OK && withFiles) {
            fileMethods = SqliteFileCallbacks.start(host);
            long files = files();
            offerFiles(files);
            result = SqliteCalls.initialize();
            // Again: only an image has asked for them while it was initialised.
            result = result != OK ? result : SqliteCalls.registerFiles(files, 1);
        }
        return result != OK || withFiles ? result : SqliteCalls.initialize();
    }

    static void watch(long connection, int operations) {
        SqliteCalls.progressHandler(
                connection, operations, address(Function.get(LtoI.class, SqliteCallbacks.class, "progress")), 0);
    }

    /** The structures live as long as the program; the host's memory holds them. */
    static long structure(SqliteHost host, int bytes) {
        long address = host.allocate(bytes);
        Memory.fill(address, bytes, (byte) 0);
        return address;
    }

    static void put(long table, int index, Function function) {
        Memory.putLong(table + (long) index * POINTER, address(function));
    }

    private static long memoryMethods() {
        long at = structure(host, MEMORY_METHODS_BYTES);
        put(at, 0, Function.get(ItoL.class, SqliteCallbacks.class, "allocate"));
        put(at, 1, Function.get(LtoV.class, SqliteCallbacks.class, "free"));
        put(at, 2, Function.get(LItoL.class, SqliteCallbacks.class, "resize"));
        put(at, 3, Function.get(LtoI.class, SqliteCallbacks.class, "size"));
        put(at, 4, Function.get(ItoI.class, SqliteCallbacks.class, "roundUp"));
        put(at, 5, Function.get(LtoI.class, SqliteCallbacks.class, "initialize"));
        put(at, 6, Function.get(LtoV.class, SqliteCallbacks.class, "shutDown"));
        return at;
    }

    static long allocate(int bytes) {
        return host.allocate(bytes);
    }

    static void free(long address) {
        host.free(address);
    }

    static long resize(long address, int bytes) {
        return host.resize(address, bytes);
    }

    static int size(long address) {
        return host.size(address);
    }

    static int roundUp(int bytes) {
        return host.roundUp(bytes);
    }

    static int initialize(long data) {
        return OK;
    }

    static void shutDown(long data) {}

    static int progress(long data) {
        return host.shallStop() ? 1 : 0;
    }

    private static long files() {
        long at = structure(host, FILES_BYTES);
        Memory.putInt(at, 2);
        Memory.putInt(at + FILE_BYTES_AT, SqliteFileCallbacks.FILE_BYTES);
        Memory.putInt(at + LONGEST_NAME_AT, LONGEST_NAME);
        long name = structure(host, POINTER);
        for (int i = 0; i < NAME.length(); i++) {
            Memory.putByte(name + i, (byte) NAME.charAt(i));
        }
        Memory.putLong(at + NAME_AT, name);
        long f = at + FIRST_FILES_FUNCTION;
        put(f, 0, Function.get(LLLILtoI.class, SqliteCallbacks.class, "open"));
        put(f, 1, Function.get(LLItoI.class, SqliteCallbacks.class, "delete"));
        put(f, 2, Function.get(LLILtoI.class, SqliteCallbacks.class, "access"));
        put(f, 3, Function.get(LLILtoI.class, SqliteCallbacks.class, "fullName"));
        put(f, 8, Function.get(LILtoI.class, SqliteCallbacks.class, "randomness"));
        put(f, 9, Function.get(LItoI.class, SqliteCallbacks.class, "sleep"));
        put(f, 10, Function.get(LLtoI.class, SqliteCallbacks.class, "currentDay"));
        put(f, 11, Function.get(LILtoI.class, SqliteCallbacks.class, "lastError"));
        put(f, 12, Function.get(LLtoI.class, SqliteCallbacks.class, "currentTime"));
        return at;
    }

    static int open(long files, long name, long file, int flags, long flagsResult) {
        int handle = host.open(name, flags);
        Memory.putLong(file, handle < 0 ? 0 : fileMethods);
        Memory.putInt(file + SqliteFileCallbacks.HANDLE_AT, handle);
        if (handle < 0) {
            return -handle;
        }
        if (flagsResult != 0) {
            Memory.putInt(flagsResult, flags);
        }
        return OK;
    }

    static int delete(long files, long name, int durably) {
        return host.delete(name, durably != 0);
    }

    static int access(long files, long name, int question, long result) {
        Memory.putInt(result, host.exists(name) ? 1 : 0);
        return OK;
    }

    static int fullName(long files, long name, int room, long result) {
        for (int i = 0; i < room; i++) {
            byte character = Memory.getByte(name + i);
            Memory.putByte(result + i, character);
            if (character == 0) {
                return OK;
            }
        }
        return CANNOT_OPEN;
    }

    static int randomness(long files, int bytes, long result) {
        for (int i = 0; i < bytes; i++) {
            Memory.putByte(result + i, (byte) host.random());
        }
        return bytes;
    }

    /** Nobody waits here: whoever found the database busy is told so and comes again. */
    static int sleep(long files, int micros) {
        return micros;
    }

    static int currentDay(long files, long result) {
        double day = (host.epochMillis() + JULIAN_TO_EPOCH_MILLIS) / MILLIS_PER_DAY;
        Memory.putLong(result, Double.doubleToRawLongBits(day));
        return OK;
    }

    static int currentTime(long files, long result) {
        Memory.putLong(result, host.epochMillis() + JULIAN_TO_EPOCH_MILLIS);
        return OK;
    }

    static int lastError(long files, int room, long result) {
        return 0;
    }
}
