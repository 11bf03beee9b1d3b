// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SqliteCalls;

/** A {@code sqlite3*}. */
final class SqliteConnection implements SqlConnection {
    private final SqliteEngine engine;
    private final long handle;
    private final long scratch;
    private final int openResult;
    private int consumed;
    /** Of a statement, or 0 for what is configured for all. */
    private long limitNanos;

    /** Statements that are not finished, and such as were and may be used again. */
    private SqliteStatement living;

    private SqliteStatement spare;

    /**
     * @param scratch room for two pointers
     * @param openResult of {@code sqlite3_open_v2}
     */
    SqliteConnection(SqliteEngine engine, long handle, long scratch, int openResult) {
        this.engine = engine;
        this.handle = handle;
        this.scratch = scratch;
        this.openResult = openResult;
    }

    @Override
    public int open() {
        int result = openResult == Results.OK ? engine.configure(this) : openResult;
        if (result != DONE && (result & SqlConnection.PRIMARY_CODE) != BUSY) {
            engine.cannotOpen(this);
        }
        return result;
    }

    SqliteEngine engine() {
        return engine;
    }

    @Override
    public SqlStatement prepare(Bytes sql, int offset, int length) {
        consumed = 0;
        Memory.putLong(scratch, 0);
        long text = sql.address(offset, length);
        int result = SqliteCalls.prepare(handle, text, length, 0, scratch, scratch + Long.BYTES);
        if (result != Results.OK) {
            return null;
        }
        consumed = (int) (Memory.getLong(scratch + Long.BYTES) - text);
        long statement = Memory.getLong(scratch);
        return statement == 0 ? null : living(statement);
    }

    private SqliteStatement living(long statement) {
        SqliteStatement result = spare;
        if (result == null) {
            result = new SqliteStatement(this);
        } else {
            spare = result.next;
        }
        result.previous = null;
        result.next = living;
        if (living != null) {
            living.previous = result;
        }
        living = result;
        result.begin(statement);
        return result;
    }

    void finished(SqliteStatement statement) {
        if (statement.previous == null) {
            living = statement.next;
        } else {
            statement.previous.next = statement.next;
        }
        if (statement.next != null) {
            statement.next.previous = statement.previous;
        }
        statement.next = spare;
        spare = statement;
    }

    /** Runs all statements of a text and forgets their rows; DONE, or the code of the first that failed. */
    int execute(Bytes sql) {
        int at = 0;
        while (at < sql.length()) {
            SqlStatement statement = prepare(sql, at, sql.length() - at);
            if (statement == null) {
                return errorCode() == OK ? DONE : errorCode();
            }
            at += consumed;
            int result = statement.step();
            while (result == ROW) {
                result = statement.step();
            }
            statement.finish();
            if (result != DONE) {
                return result;
            }
        }
        return DONE;
    }

    @Override
    public int consumed() {
        return consumed;
    }

    @Override
    public int errorCode() {
        int code = SqliteCalls.errorCode(handle);
        return code == ROW || code == DONE ? OK : code;
    }

    @Override
    public String errorMessage() {
        return CText.read(SqliteCalls.errorMessage(handle));
    }

    @Override
    public int errorOffset() {
        return SqliteCalls.errorOffset(handle);
    }

    @Override
    public boolean isInTransaction() {
        return SqliteCalls.isAutocommit(handle) == 0;
    }

    @Override
    public long changes() {
        return SqliteCalls.changes(handle);
    }

    @Override
    public void limitStatements(long nanos) {
        limitNanos = nanos;
    }

    /** When a statement that begins now has to end. */
    long deadline() {
        return engine.deadline(limitNanos);
    }

    @Override
    public void interrupt() {
        SqliteCalls.interrupt(handle);
    }

    @Override
    public void close() {
        while (living != null) {
            living.finish();
        }
        SqliteCalls.close(handle);
    }
}
