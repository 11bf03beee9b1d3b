// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** COPY FROM STDIN: cuts what comes into rows, however the messages cut it, and inserts them one by one. */
@Rare
final class CopyIn {
    private final Backend backend;
    private CopyOptions options;
    private SqlStatement insert;
    private int[] types = new int[0];
    private Bytes row;
    private int rowBytes;
    private boolean isInQuotes;
    private boolean isEscaped;
    private boolean isEnded;
    private boolean skipsHeader;
    private boolean isWaiting;
    private boolean finishes;
    private long rows;
    private int result;

    /** Where the parts of a row are that {@link #field} has found. */
    private int fieldEnd;

    /** What {@link #numberOf} has read. */
    private int number;

    CopyIn(Backend backend) {
        this.backend = backend;
    }

    boolean isWaiting() {
        return isWaiting;
    }

    int result() {
        return result;
    }

    int begin(Statement statement) {
        options = statement.copy;
        TextBuffer text = backend.server.text;
        int open = options.target.indexOf('(');
        text.clear().text("SELECT ");
        text.text(open < 0 ? "*" : options.target.substring(open + 1, options.target.length() - 1));
        text.text(" FROM ").text(open < 0 ? options.target : options.target.substring(0, open));
        SqlStatement columns = backend.sql.prepare(text.bytes, 0, text.length);
        if (columns == null) {
            return backend.failOrWait(backend.sql.errorCode(), 0);
        }
        types = new int[columns.columnCount()];
        for (int i = 0; i < types.length; i++) {
            String declared = columns.declaredType(i);
            types[i] = declared == null ? Types.TEXT : Types.ofDeclaration(declared);
        }
        columns.finish();
        text.clear().text("INSERT INTO ").text(options.target).text(" VALUES (");
        for (int i = 0; i < types.length; i++) {
            text.text(i == 0 ? "?" : ",?");
        }
        text.put8(')');
        insert = backend.sql.prepare(text.bytes, 0, text.length);
        if (insert == null) {
            return backend.failOrWait(backend.sql.errorCode(), 0);
        }
        row = backend.server.takeLarge();
        if (row == null) {
            end();
            return backend.fail(SqlState.OUT_OF_MEMORY, "out of memory for COPY", 0);
        }
        reset();
        answer();
        return Backend.COPYING;
    }

    private void reset() {
        rowBytes = 0;
        isInQuotes = false;
        isEscaped = false;
        isEnded = false;
        isWaiting = false;
        backend.transaction.isWaiting = false;
        finishes = false;
        rows = 0;
        skipsHeader = options.hasHeader;
        result = Backend.COPYING;
    }

    private void answer() {
        Outbox out = backend.out;
        out.open('G');
        out.put8(0);
        out.put16(types.length);
        for (int i = 0; i < types.length; i++) {
            out.put16(0);
        }
        out.close();
    }

    /** Takes bytes up to the first row that has to wait; returns how many. */
    int take(Bytes data, int at, int length) {
        int i = 0;
        while (i < length && result == Backend.COPYING && !isWaiting) {
            int character = data.u8(at + i++);
            if (rowBytes == row.length()) {
                fail(SqlState.PROGRAM_LIMIT, "a row of COPY is too long");
                break;
            }
            if (character == '\n' && !isInQuotes && !isEscaped) {
                endOfRow();
                continue;
            }
            row.put8(rowBytes++, character);
            if (options.isCsv) {
                quoted(character);
            } else {
                isEscaped = character == '\\' && !isEscaped;
            }
        }
        return i;
    }

    /** Whether the next line end is one of CSV's depends on this character. */
    private void quoted(int character) {
        boolean escapes = isInQuotes && character == options.escape && options.escape != options.quote;
        isInQuotes ^= character == options.quote && !isEscaped;
        isEscaped = escapes && !isEscaped;
    }

    private void endOfRow() {
        if (rowBytes > 0 && row.u8(rowBytes - 1) == '\r') {
            rowBytes--;
        }
        if (rowBytes == 2 && row.u8(0) == '\\' && row.u8(1) == '.') {
            isEnded = true;
        }
        if (isEnded || skipsHeader) {
            skipsHeader = false;
            rowBytes = 0;
        } else if (bindRow()) {
            insertRow();
        }
    }

    private boolean bindRow() {
        int at = 0;
        for (int i = 0; i < types.length; i++) {
            if (at > rowBytes) {
                fail(SqlState.BAD_COPY_FORMAT, "missing data for a column in line " + (rows + 1));
                return false;
            }
            at = field(at, i);
            if (at < 0) {
                return false;
            }
        }
        if (at <= rowBytes) {
            fail(SqlState.BAD_COPY_FORMAT, "extra data after last expected column in line " + (rows + 1));
            return false;
        }
        return true;
    }

    /** Reads one field into the shared memory and binds it; returns where the next begins, or -1. */
    private int field(int from, int column) {
        Bytes scratch = backend.server.copyScratch;
        int length = options.isCsv ? csvField(from, scratch) : textField(from, scratch);
        if (length < 0) {
            return -1;
        }
        boolean isQuoted = options.isCsv && from < rowBytes && row.u8(from) == options.quote;
        int rawLength = fieldEnd - from;
        boolean isNull =
                !isQuoted && rawLength == options.nullText.length() && Ascii.matches(row, from, options.nullText);
        int code =
                backend.server.parameters.bind(insert, column + 1, types[column], 0, scratch, 0, isNull ? -1 : length);
        if (code != 0) {
            if (code > 0) {
                result = backend.failBySqlite(code, 0);
                end();
            } else {
                fail(SqlState.INVALID_TEXT, "invalid input for column " + (column + 1) + " in line " + (rows + 1));
            }
            return -1;
        }
        return fieldEnd + 1;
    }

    /** Returns its length, or -1 after an error. */
    private int textField(int from, Bytes out) {
        int length = 0;
        int at = from;
        while (at < rowBytes && row.u8(at) != options.delimiter) {
            int character = row.u8(at++);
            if (character == '\\' && at < rowBytes) {
                int digits = numberOf(at);
                if (digits > 0) {
                    at += digits;
                    if (number == 0) {
                        fail(SqlState.NOT_IN_ENCODING, "invalid byte sequence for encoding \"UTF8\": 0x00");
                        return -1;
                    }
                    out.put8(length++, number);
                    continue;
                }
                character = row.u8(at++);
                character = switch (character) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'v' -> 11;
                    default -> character;
                };
            }
            out.put8(length++, character);
        }
        fieldEnd = at;
        return length;
    }

    /** How much of the row at {@code at}, behind a backslash, is the {@link #number} of a byte: 101 or x41, or 0. */
    private int numberOf(int at) {
        boolean isHex = row.u8(at) == 'x';
        int base = isHex ? 16 : 8;
        int i = isHex ? at + 1 : at;
        int begin = i;
        number = 0;
        while (i < rowBytes && i < begin + (isHex ? 2 : 3)) {
            int digit = Parameters.digit(row.u8(i));
            if (digit < 0 || digit >= base) {
                break;
            }
            number = (number * base + digit) & 0xff;
            i++;
        }
        return i == begin ? 0 : i - at;
    }

    private int csvField(int from, Bytes out) {
        int length = 0;
        int at = from;
        boolean inside = false;
        while (at < rowBytes && (inside || row.u8(at) != options.delimiter)) {
            int character = row.u8(at++);
            if (inside
                    && character == options.escape
                    && at < rowBytes
                    && (row.u8(at) == options.quote || row.u8(at) == options.escape)) {
                out.put8(length++, row.u8(at++));
            } else if (character == options.quote) {
                inside = !inside;
            } else {
                out.put8(length++, character);
            }
        }
        fieldEnd = at;
        return length;
    }

    private void insertRow() {
        int code = insert.step();
        if ((code & 0xff) == SqlConnection.BUSY) {
            result = backend.transaction.busy(code, insert);
            isWaiting = result == Backend.WAITING;
            if (!isWaiting) {
                end();
            }
            return;
        }
        if (code != SqlConnection.DONE) {
            result = backend.failBySqlite(code, 0);
            end();
            return;
        }
        insert.reset();
        rowBytes = 0;
        rows++;
        isWaiting = false;
        backend.transaction.statementDone();
        result = Backend.COPYING;
    }

    /** Once more, when the lock may be free. */
    int retry() {
        insertRow();
        return result == Backend.COPYING && finishes ? finish() : result;
    }

    int finish() {
        if (isInQuotes && !isEnded) {
            return fail(SqlState.BAD_COPY_FORMAT, "unterminated CSV quoted field");
        }
        if (rowBytes > 0 && !isEnded && !finishes) {
            finishes = true;
            endOfRow();
            if (result != Backend.COPYING) {
                return result;
            }
        }
        backend.out.complete("COPY", rows);
        end();
        result = Backend.DONE;
        return result;
    }

    int fail(String state, String message) {
        end();
        result = backend.fail(state, message, 0);
        return result;
    }

    void end() {
        if (insert != null) {
            insert.finish();
            insert = null;
        }
        if (row != null) {
            backend.server.giveLarge(row);
            row = null;
        }
        isWaiting = false;
    }
}
