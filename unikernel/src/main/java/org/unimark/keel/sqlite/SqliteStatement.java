// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.SqliteCalls;

/** A {@code sqlite3_stmt*}. The object is used again for another statement after it was finished. */
final class SqliteStatement implements SqlStatement {
    /** SQLITE_TRANSIENT: SQLite copies what is bound. */
    private static final long COPY = -1;

    /** Neighbours in the list of the connection. */
    SqliteStatement next;

    SqliteStatement previous;

    private final SqliteConnection connection;
    private long handle;
    private boolean running;
    private long deadlineNanos;

    SqliteStatement(SqliteConnection connection) {
        this.connection = connection;
    }

    void begin(long newHandle) {
        handle = newHandle;
        running = false;
    }

    @Override
    public int parameterCount() {
        return SqliteCalls.parameterCount(handle);
    }

    @Override
    public int bindNull(int parameter) {
        return SqliteCalls.bindNull(handle, parameter);
    }

    @Override
    public int bindLong(int parameter, long value) {
        return SqliteCalls.bindLong(handle, parameter, value);
    }

    @Override
    public int bindDouble(int parameter, double value) {
        return SqliteCalls.bindDouble(handle, parameter, value);
    }

    @Override
    public int bindText(int parameter, Bytes utf8, int offset, int length) {
        return SqliteCalls.bindText(handle, parameter, utf8.address(offset, length), length, COPY);
    }

    @Override
    public int bindBlob(int parameter, Bytes data, int offset, int length) {
        return SqliteCalls.bindBlob(handle, parameter, data.address(offset, length), length, COPY);
    }

    @Override
    public int step() {
        if (!running) {
            deadlineNanos = connection.deadline();
        }
        connection.engine().setDeadline(deadlineNanos);
        int result = SqliteCalls.step(handle);
        running = result == SqlConnection.ROW;
        return result;
    }

    @Override
    public int reset() {
        running = false;
        return SqliteCalls.reset(handle);
    }

    @Override
    public void finish() {
        if (handle != 0) {
            SqliteCalls.finish(handle);
            handle = 0;
            connection.finished(this);
        }
    }

    @Override
    public boolean isReadOnly() {
        return SqliteCalls.isReadOnly(handle) != 0;
    }

    @Override
    public int columnCount() {
        return SqliteCalls.columnCount(handle);
    }

    @Override
    public String columnName(int column) {
        return CText.read(SqliteCalls.columnName(handle, column));
    }

    @Override
    public String declaredType(int column) {
        return CText.read(SqliteCalls.declaredType(handle, column));
    }

    @Override
    public int columnType(int column) {
        return SqliteCalls.columnType(handle, column);
    }

    @Override
    public long columnLong(int column) {
        return SqliteCalls.columnLong(handle, column);
    }

    @Override
    public double columnDouble(int column) {
        return SqliteCalls.columnDouble(handle, column);
    }

    /** Numbers are turned into text. */
    @Override
    public Bytes columnBytes(int column, Bytes view) {
        long address = SqliteCalls.columnType(handle, column) == BLOB
                ? SqliteCalls.columnBlob(handle, column)
                : SqliteCalls.columnText(handle, column);
        return address == 0 ? view.wrap(0, 0) : view.wrap(address, SqliteCalls.columnBytes(handle, column));
    }
}
