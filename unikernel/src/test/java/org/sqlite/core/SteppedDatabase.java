// SPDX-License-Identifier: Apache-2.0
package org.sqlite.core;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;

/** Opens what the JDBC driver keeps to its package: SQLite's own calls, one by one. */
public final class SteppedDatabase {
    private static final int READ_WRITE_CREATE_URI = 0x2 | 0x4 | 0x40;

    /** Some milliseconds. */
    private static final int STEPS_BETWEEN_CALLS = 100_000;

    private final NativeDB database;

    public SteppedDatabase(String file) {
        try {
            NativeDB.load();
            database = new NativeDB("jdbc:sqlite:" + file, file, new SQLiteConfig());
            database.open(file, READ_WRITE_CREATE_URI);
            database.busy_timeout(0);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** 0 if it cannot be prepared; then {@link #code} and {@link #message} tell why. */
    public long prepare(String sql) {
        try {
            code = 0;
            message = "";
            return database.prepare_utf8((sql + "\0").getBytes(StandardCharsets.UTF_8));
        } catch (SQLException e) {
            code = e.getErrorCode();
            message = database.errmsg();
            return 0;
        }
    }

    private int code;
    private String message = "";

    public int code() {
        return code;
    }

    public String message() {
        return code == 0 ? database.errmsg() : message;
    }

    public int note(int result) {
        code = result;
        message = result == 0 || result == 100 || result == 101 ? "" : database.errmsg();
        return result;
    }

    public int step(long statement) {
        return note(database.step(statement));
    }

    public int reset(long statement) {
        return database.reset(statement);
    }

    public void finish(long statement) {
        database.finalize(statement);
    }

    public long changes() {
        return database.changes();
    }

    /** Calls {@code watcher} again and again while a step lasts. */
    public void watch(Runnable watcher) {
        try {
            database.register_progress_handler(STEPS_BETWEEN_CALLS, new ProgressHandler() {
                @Override
                protected int progress() {
                    watcher.run();
                    return 0;
                }
            });
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void interrupt() {
        database.interrupt();
    }

    public void close() {
        try {
            database.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public String version() {
        return database.libversion();
    }

    public int parameterCount(long statement) {
        return database.bind_parameter_count(statement);
    }

    public int bindNull(long statement, int parameter) {
        return database.bind_null(statement, parameter);
    }

    public int bindLong(long statement, int parameter, long value) {
        return database.bind_long(statement, parameter, value);
    }

    public int bindDouble(long statement, int parameter, double value) {
        return database.bind_double(statement, parameter, value);
    }

    public int bindText(long statement, int parameter, byte[] value) {
        return database.bind_text_utf8(statement, parameter, value);
    }

    public int bindBlob(long statement, int parameter, byte[] value) {
        return database.bind_blob(statement, parameter, value);
    }

    public int columnCount(long statement) {
        return database.column_count(statement);
    }

    public String columnName(long statement, int column) {
        return database.column_name(statement, column);
    }

    public String declaredType(long statement, int column) {
        return database.column_decltype(statement, column);
    }

    public int columnType(long statement, int column) {
        return database.column_type(statement, column);
    }

    public long columnLong(long statement, int column) {
        return database.column_long(statement, column);
    }

    public double columnDouble(long statement, int column) {
        return database.column_double(statement, column);
    }

    public byte[] columnBlob(long statement, int column) {
        return database.column_blob(statement, column);
    }
}
