// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql;

import org.unimark.keel.buffer.Bytes;

/** A prepared statement. Parameters count from 1, columns from 0. */
public interface SqlStatement {
    int INTEGER = 1;
    int REAL = 2;
    int TEXT = 3;
    int BLOB = 4;
    int NULL = 5;

    int parameterCount();

    /** Each returns a result code; bytes are copied. */
    int bindNull(int parameter);

    int bindLong(int parameter, long value);

    int bindDouble(int parameter, double value);

    int bindText(int parameter, Bytes utf8, int offset, int length);

    int bindBlob(int parameter, Bytes data, int offset, int length);

    /** ROW, DONE, BUSY (try again), or an error. */
    int step();

    /** Back to the start; parameters stay. */
    int reset();

    /** The end of the statement; it must not be used any more. */
    void finish();

    boolean isReadOnly();

    int columnCount();

    String columnName(int column);

    /** The declared type of a column that comes from a table, else null. */
    String declaredType(int column);

    /** Of the current row: INTEGER to NULL. */
    int columnType(int column);

    long columnLong(int column);

    double columnDouble(int column);

    /** Points {@code view} at the bytes of a text (UTF-8) or blob of the current row, valid until the next step. */
    Bytes columnBytes(int column, Bytes view);
}
