// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;

/**
 * The functions of SQLite (sqlite.org/c3ref), by their names there; addresses and result codes are raw. The builder
 * declares them to C from the signatures here. Compiled programs that asked for the native library only; a JVM has none.
 */
public final class SqliteCalls {
    private SqliteCalls() {}

    /** Hands the host to SQLite and starts it: memory always, files only if {@code withFiles}. */
    public static int start(SqliteHost host, boolean withFiles) {
        if (!Target.isCompiled()) {
            throw new UnsupportedOperationException("SQLite needs a compiled program");
        }
        return SqliteCallbacks.start(host, withFiles);
    }

    /** Lets the host be asked whether to go on, every {@code operations} steps of the virtual machine. */
    public static void watch(long connection, int operations) {
        SqliteCallbacks.watch(connection, operations);
    }

    @Import(name = "sqlite3_config")
    @CallsBack
    static native int configure(int option, long first, long second);

    @Import(name = "sqlite3_initialize")
    @CallsBack
    static native int initialize();

    @Import(name = "sqlite3_vfs_register")
    @CallsBack
    static native int registerFiles(long files, int makeDefault);

    @Import(name = "sqlite3_progress_handler")
    @CallsBack
    static native void progressHandler(long connection, int operations, long function, long argument);

    @Import(name = "sqlite3_libversion")
    public static native long version();

    @Import(name = "sqlite3_open_v2")
    @CallsBack
    public static native int open(long name, long connectionPointer, int flags, long files);

    @Import(name = "sqlite3_close_v2")
    @CallsBack
    public static native int close(long connection);

    @Import(name = "sqlite3_limit")
    public static native int limit(long connection, int limit, int value);

    @Import(name = "sqlite3_interrupt")
    public static native void interrupt(long connection);

    @Import(name = "sqlite3_extended_errcode")
    public static native int errorCode(long connection);

    @Import(name = "sqlite3_errmsg")
    @CallsBack
    public static native long errorMessage(long connection);

    @Import(name = "sqlite3_error_offset")
    public static native int errorOffset(long connection);

    @Import(name = "sqlite3_get_autocommit")
    public static native int isAutocommit(long connection);

    @Import(name = "sqlite3_changes64")
    public static native long changes(long connection);

    @Import(name = "sqlite3_prepare_v3")
    @CallsBack
    public static native int prepare(
            long connection, long sql, int length, int flags, long statementPointer, long tailPointer);

    @Import(name = "sqlite3_step")
    @CallsBack
    public static native int step(long statement);

    @Import(name = "sqlite3_reset")
    @CallsBack
    public static native int reset(long statement);

    @Import(name = "sqlite3_finalize")
    @CallsBack
    public static native int finish(long statement);

    @Import(name = "sqlite3_stmt_readonly")
    public static native int isReadOnly(long statement);

    @Import(name = "sqlite3_bind_parameter_count")
    public static native int parameterCount(long statement);

    @Import(name = "sqlite3_bind_null")
    @CallsBack
    public static native int bindNull(long statement, int parameter);

    @Import(name = "sqlite3_bind_int64")
    @CallsBack
    public static native int bindLong(long statement, int parameter, long value);

    @Import(name = "sqlite3_bind_double")
    @CallsBack
    public static native int bindDouble(long statement, int parameter, double value);

    @Import(name = "sqlite3_bind_text")
    @CallsBack
    public static native int bindText(long statement, int parameter, long text, int length, long destructor);

    @Import(name = "sqlite3_bind_blob")
    @CallsBack
    public static native int bindBlob(long statement, int parameter, long data, int length, long destructor);

    @Import(name = "sqlite3_column_count")
    public static native int columnCount(long statement);

    @Import(name = "sqlite3_column_name")
    @CallsBack
    public static native long columnName(long statement, int column);

    @Import(name = "sqlite3_column_decltype")
    @CallsBack
    public static native long declaredType(long statement, int column);

    @Import(name = "sqlite3_column_type")
    public static native int columnType(long statement, int column);

    @Import(name = "sqlite3_column_int64")
    @CallsBack
    public static native long columnLong(long statement, int column);

    @Import(name = "sqlite3_column_double")
    @CallsBack
    public static native double columnDouble(long statement, int column);

    @Import(name = "sqlite3_column_blob")
    @CallsBack
    public static native long columnBlob(long statement, int column);

    @Import(name = "sqlite3_column_text")
    @CallsBack
    public static native long columnText(long statement, int column);

    @Import(name = "sqlite3_column_bytes")
    @CallsBack
    public static native int columnBytes(long statement, int column);
}
