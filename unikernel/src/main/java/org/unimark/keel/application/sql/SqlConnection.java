// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql;

import org.unimark.keel.buffer.Bytes;

/** One connection to the engine: a transaction of its own. Result codes are SQLite's (sqlite.org/rescode.html), extended. */
public interface SqlConnection {
    int OK = 0;
    int BUSY = 5;
    int INTERRUPTED = 9;
    int ROW = 100;
    int DONE = 101;

    /** The part of an extended result code that these are. */
    int PRIMARY_CODE = 0xff;

    /** Opens the database, before anything else: DONE, BUSY (try again), or an error. */
    int open();

    /**
     * Prepares the first statement of {@code sql[offset, offset + length)} (UTF-8) and returns it, or null: then
     * {@link #errorCode} tells why, and {@code OK} means that there is nothing but blanks and comments.
     */
    SqlStatement prepare(Bytes sql, int offset, int length);

    /** Bytes that the last {@link #prepare} consumed: where the next statement starts. */
    int consumed();

    /** Of the last call of this connection or of one of its statements. */
    int errorCode();

    /** English, for people; of the same call. */
    String errorMessage();

    /** Byte offset of the error in the statement, or -1. */
    int errorOffset();

    /** Whether a transaction was begun and not yet ended. */
    boolean isInTransaction();

    /** Rows that the last completed INSERT, UPDATE or DELETE changed. */
    long changes();

    /** From now on a statement that runs for longer ends with {@code INTERRUPTED}; 0 for no other limit than the engine's. */
    void limitStatements(long nanos);

    /** Makes a running statement end with {@code INTERRUPTED}, as soon as the engine looks. */
    void interrupt();

    /** Ends statements and transaction. */
    void close();
}
