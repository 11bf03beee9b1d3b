// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlStatement;

/** A statement with its parameters, somewhere between its first row and its last. */
final class Portal {
    /** Of the table of names it is in. */
    Portal next;

    byte[] name;

    Statement statement;
    /** What SQLite steps through, or null. */
    SqlStatement cursor;
    /** The cursor is the statement's own, and goes back to it. */
    boolean isBorrowed;

    /** Formats of the columns: all in text, all in binary, or as {@link #formats} says. */
    boolean isAllBinary;

    boolean hasFormats;
    final boolean[] formats = new boolean[Statement.MAXIMUM_PARAMETERS];

    /** The cursor stands on a row that was not sent yet. */
    boolean hasRow;

    boolean isStarted;
    boolean isDone;
    /** Since the last Execute. */
    long rows;

    long limit;
    /** In the text of a sequence. */
    int sequenceAt;

    void begin(Statement of) {
        statement = of;
        cursor = null;
        isBorrowed = false;
        isAllBinary = false;
        hasFormats = false;
        hasRow = false;
        isStarted = false;
        isDone = false;
        rows = 0;
        limit = 0;
        sequenceAt = 0;
    }

    boolean isBinary(int column) {
        return hasFormats ? formats[column] : isAllBinary;
    }
}
