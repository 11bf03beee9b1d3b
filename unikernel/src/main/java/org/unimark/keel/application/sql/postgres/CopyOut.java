// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** COPY TO STDOUT: one message a row, in text or CSV. */
@Rare
final class CopyOut {
    private final Values values;
    private final Bytes view = new Bytes();
    private final TextBuffer value;
    private final TextBuffer line;

    CopyOut(Bytes scratch, Bytes valueMemory, Bytes lineMemory) {
        values = new Values(scratch);
        value = new TextBuffer(valueMemory);
        line = new TextBuffer(lineMemory);
    }

    void begin(Outbox out, Statement statement) {
        out.open('H');
        out.put8(0);
        out.put16(statement.columns);
        for (int i = 0; i < statement.columns; i++) {
            out.put16(0);
        }
        out.close();
        if (statement.copy.isCsv && statement.copy.hasHeader) {
            line.clear();
            for (int i = 0; i < statement.columns; i++) {
                line.text(i == 0 ? "" : ",").text(statement.columnNames[i]);
            }
            send(out, line.put8('\n'));
        }
    }

    private static void send(Outbox out, TextBuffer text) {
        out.open('d');
        out.bytes.copyFrom(out.length, text.bytes, 0, text.length);
        out.length += text.length;
        out.close();
    }

    /** One of RowEncoder's results; a row longer than the outbox is more than this can send. */
    int put(Outbox out, Portal portal) {
        CopyOptions options = portal.statement.copy;
        line.clear();
        for (int column = 0; column < portal.statement.columns; column++) {
            if (column > 0) {
                line.put8(options.delimiter);
            }
            int kind = portal.cursor.columnType(column);
            if (kind == SqlStatement.NULL) {
                line.text(options.nullText);
                continue;
            }
            int length = values.locate(portal.cursor, column, kind, portal.statement.columnTypes[column], false, view);
            if (length < 0 || length > value.bytes.length()) {
                return RowEncoder.BAD_VALUE;
            }
            values.copy(0, length, value.clear().bytes, 0);
            value.length = length;
            if (options.isCsv) {
                csv(options);
            } else {
                text(options);
            }
        }
        line.put8('\n');
        if (line.overflown || line.length + 5 > Outbox.rowLimit()) {
            return RowEncoder.BAD_VALUE;
        }
        if (out.length + line.length + 5 > Outbox.rowLimit() && !out.flush()) {
            return RowEncoder.BLOCKED;
        }
        send(out, line);
        return RowEncoder.DONE;
    }

    private void text(CopyOptions options) {
        for (int i = 0; i < value.length; i++) {
            int character = value.bytes.u8(i);
            switch (character) {
                case '\n' -> line.text("\\n");
                case '\t' -> line.text("\\t");
                case '\r' -> line.text("\\r");
                case '\\' -> line.text("\\\\");
                default -> {
                    if (character == options.delimiter) {
                        line.put8('\\');
                    }
                    line.put8(character);
                }
            }
        }
    }

    private void csv(CopyOptions options) {
        boolean isQuoted = value.length == options.nullText.length() && value.is(0, options.nullText);
        for (int i = 0; i < value.length; i++) {
            int character = value.bytes.u8(i);
            isQuoted |= character == options.delimiter
                    || character == options.quote
                    || character == '\n'
                    || character == '\r';
        }
        if (!isQuoted) {
            line.copy(value.bytes, 0, value.length);
            return;
        }
        line.put8(options.quote);
        for (int i = 0; i < value.length; i++) {
            int character = value.bytes.u8(i);
            if (character == options.quote || character == options.escape) {
                line.put8(options.escape);
            }
            line.put8(character);
        }
        line.put8(options.quote);
    }
}
