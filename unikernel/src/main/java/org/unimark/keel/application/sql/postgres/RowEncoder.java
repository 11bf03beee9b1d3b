// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;

/**
 * Writes the current row of a cursor as a DataRow. A row that fits is written at once; one that does not fit even an empty
 * outbox goes out piece by piece, as the client reads.
 */
final class RowEncoder {
    static final int DONE = 0;
    /** The client must read first; call again. */
    static final int BLOCKED = 1;
    /** A value that the requested format cannot express. */
    static final int BAD_VALUE = 2;

    private static final int MAXIMUM_NUMBER = 32;
    private static final int NULL_LENGTH = -1;

    private final Values values;
    private final Bytes view = new Bytes();
    /** The value that {@link #value} has written outside of the outbox, or points to. */
    private final Bytes scratch;

    RowEncoder(Bytes scratch) {
        this.scratch = scratch;
        this.values = new Values(scratch);
    }

    /** Where a row is that goes out in pieces: part of the connection's state. */
    static final class Progress {
        boolean isActive;
        int column;
        long done;
        /** Of the column at hand, in CSV. */
        boolean isQuoted;
    }

    int put(Outbox out, Portal portal, Progress progress) {
        if (progress.isActive) {
            return resume(out, portal, progress);
        }
        int begin = out.length;
        int result = fast(out, portal);
        if (result != BLOCKED) {
            return result;
        }
        out.length = begin;
        if (!out.flush()) {
            return BLOCKED;
        }
        result = fast(out, portal);
        if (result != BLOCKED) {
            return result;
        }
        out.length = 0;
        return start(out, portal, progress);
    }

    private int fast(Outbox out, Portal portal) {
        SqlStatement cursor = portal.cursor;
        Statement statement = portal.statement;
        int begin = out.length;
        int limit = Outbox.rowLimit();
        if (begin + 7 + MAXIMUM_NUMBER > limit) {
            return BLOCKED;
        }
        Bytes bytes = out.bytes;
        int at = begin + 7;
        int columns = statement.columns;
        for (int column = 0; column < columns; column++) {
            if (at + 4 + MAXIMUM_NUMBER > limit) {
                return BLOCKED;
            }
            int kind = cursor.columnType(column);
            int type = statement.columnTypes[column];
            if (kind == SqlStatement.NULL) {
                bytes.put32(at, NULL_LENGTH);
                at += 4;
            } else if (kind == SqlStatement.INTEGER && !portal.isBinary(column) && type != Types.BOOL) {
                int end = Numbers.put(bytes, at + 4, cursor.columnLong(column));
                bytes.put32(at, end - at - 4);
                at = end;
            } else {
                int length = values.locate(cursor, column, kind, type, portal.isBinary(column), view);
                if (length < 0) {
                    out.length = begin;
                    return BAD_VALUE;
                }
                if (length > limit - at - 4) {
                    return BLOCKED;
                }
                bytes.put32(at, length);
                values.copy(0, length, bytes, at + 4);
                at += 4 + length;
            }
        }
        bytes.put8(begin, 'D');
        bytes.put32(begin + 1, at - begin - 1);
        bytes.put16(begin + 5, columns);
        out.length = at;
        return DONE;
    }

    /** The header of a row that is longer than the outbox. */
    private int start(Outbox out, Portal portal, Progress progress) {
        long total = 6;
        for (int column = 0; column < portal.statement.columns; column++) {
            int length = locate(portal, column);
            if (length == Values.BAD) {
                return BAD_VALUE;
            }
            total += 4 + Math.max(length, 0);
        }
        if (total > Integer.MAX_VALUE) {
            return BAD_VALUE;
        }
        out.put8('D');
        out.put32((int) total);
        out.put16(portal.statement.columns);
        progress.isActive = true;
        progress.column = 0;
        progress.done = -1;
        return resume(out, portal, progress);
    }

    private int locate(Portal portal, int column) {
        int kind = portal.cursor.columnType(column);
        return kind == SqlStatement.NULL
                ? NULL_LENGTH
                : values.locate(
                        portal.cursor,
                        column,
                        kind,
                        portal.statement.columnTypes[column],
                        portal.isBinary(column),
                        view);
    }

    private int resume(Outbox out, Portal portal, Progress progress) {
        while (progress.column < portal.statement.columns) {
            int length = locate(portal, progress.column);
            if (progress.done < 0) {
                if (Outbox.rowLimit() - out.length < 4 && !out.flush()) {
                    return BLOCKED;
                }
                out.put32(length);
                progress.done = 0;
            }
            while (progress.done < length) {
                int size = (int) Math.min(length - progress.done, Outbox.rowLimit() - out.length);
                if (size <= 0) {
                    if (!out.flush()) {
                        return BLOCKED;
                    }
                    continue;
                }
                values.copy((int) progress.done, size, out.bytes, out.length);
                out.length += size;
                progress.done += size;
            }
            progress.column++;
            progress.done = -1;
        }
        progress.isActive = false;
        return DONE;
    }
}
