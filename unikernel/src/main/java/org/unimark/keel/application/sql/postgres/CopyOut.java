// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** COPY TO STDOUT: one message a row, however long, in text or CSV. */
@Rare
final class CopyOut {
    private static final int HEADER = 5;
    private static final int NULL = -1;
    /** Bytes of a long value that are looked at together. */
    private static final int PIECE = 4096;

    private static final int LEAST_ROOM = 64;

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
                if (i > 0) {
                    line.put8(statement.copy.delimiter);
                }
                line.text(statement.columnNames[i]);
            }
            send(out, line.put8('\n'));
        }
    }

    private static void send(Outbox out, TextBuffer text) {
        out.open('d');
        append(out, text);
        out.close();
    }

    private static void append(Outbox out, TextBuffer text) {
        out.bytes.copyFrom(out.length, text.bytes, 0, text.length);
        out.length += text.length;
    }

    /** Puts the current row of a portal, in pieces if it is longer than the outbox; one of {@link RowEncoder}'s results. */
    int put(Outbox out, Portal portal, RowEncoder.Progress progress) {
        if (progress.isActive) {
            return resume(out, portal, progress);
        }
        int result = compose(portal);
        if (result == RowEncoder.BLOCKED) {
            return start(out, portal, progress);
        }
        if (result == RowEncoder.DONE) {
            if (out.length + line.length + HEADER > Outbox.rowLimit() && !out.flush()) {
                return RowEncoder.BLOCKED;
            }
            send(out, line);
        }
        return result;
    }

    /** Makes the row a line; {@link RowEncoder#BLOCKED} if that does not fit even an empty outbox. */
    private int compose(Portal portal) {
        CopyOptions options = portal.statement.copy;
        line.clear();
        for (int column = 0; column < portal.statement.columns; column++) {
            if (column > 0) {
                line.put8(options.delimiter);
            }
            int length = locate(portal, column);
            if (length == NULL) {
                line.text(options.nullText);
                continue;
            }
            if (length == Values.BAD) {
                return RowEncoder.BAD_VALUE;
            }
            if (line.length + length > Outbox.rowLimit()) {
                return RowEncoder.BLOCKED;
            }
            load(0, length);
            boolean isQuoted = options.isCsv && (isNullText(options, length) || hasSpecial(options));
            quote(options, isQuoted);
            escape(options, isQuoted);
            quote(options, isQuoted);
        }
        line.put8('\n');
        return line.length + HEADER > Outbox.rowLimit() ? RowEncoder.BLOCKED : RowEncoder.DONE;
    }

    private int locate(Portal portal, int column) {
        int kind = portal.cursor.columnType(column);
        return kind == SqlStatement.NULL
                ? NULL
                : values.locate(portal.cursor, column, kind, portal.statement.columnTypes[column], false, view);
    }

    /** Takes a piece of the value that was located. */
    private void load(long from, int size) {
        values.copy((int) from, size, value.clear().bytes, 0);
        value.length = size;
    }

    private boolean isNullText(CopyOptions options, int length) {
        if (length != options.nullText.length()) {
            return false;
        }
        load(0, length);
        return value.is(0, options.nullText);
    }

    /** The header of a row that is longer than the outbox. */
    private int start(Outbox out, Portal portal, RowEncoder.Progress progress) {
        CopyOptions options = portal.statement.copy;
        long total = portal.statement.columns;
        for (int column = 0; column < portal.statement.columns; column++) {
            int length = locate(portal, column);
            if (length == Values.BAD) {
                return RowEncoder.BAD_VALUE;
            }
            total += length == NULL ? options.nullText.length() : escapedLength(options, length);
        }
        if (total > Integer.MAX_VALUE - HEADER) {
            return RowEncoder.BAD_VALUE;
        }
        if (!out.flush()) {
            return RowEncoder.BLOCKED;
        }
        out.put8('d');
        out.put32((int) total + 4);
        progress.isActive = true;
        progress.column = 0;
        progress.done = -1;
        return resume(out, portal, progress);
    }

    private long escapedLength(CopyOptions options, int length) {
        boolean isQuoted = isQuoted(options, length);
        long total = isQuoted ? 2 : 0;
        for (int done = 0; done < length; done += PIECE) {
            load(done, Math.min(PIECE, length - done));
            line.clear();
            escape(options, isQuoted);
            total += line.length;
        }
        return total;
    }

    private boolean isQuoted(CopyOptions options, int length) {
        boolean isQuoted = options.isCsv && isNullText(options, length);
        for (int done = 0; options.isCsv && !isQuoted && done < length; done += PIECE) {
            load(done, Math.min(PIECE, length - done));
            isQuoted = hasSpecial(options);
        }
        return isQuoted;
    }

    private int resume(Outbox out, Portal portal, RowEncoder.Progress progress) {
        CopyOptions options = portal.statement.copy;
        for (; progress.column < portal.statement.columns; progress.column++, progress.done = -1) {
            int length = locate(portal, progress.column);
            if (progress.done < 0) {
                if (!hasRoom(out, options.nullText.length() + 2)) {
                    return RowEncoder.BLOCKED;
                }
                if (progress.column > 0) {
                    out.put8(options.delimiter);
                }
                if (length == NULL) {
                    out.ascii(options.nullText);
                    continue;
                }
                progress.isQuoted = isQuoted(options, length);
                progress.done = 0;
                quote(options, progress.isQuoted, out);
            }
            while (progress.done < length) {
                if (!hasRoom(out, LEAST_ROOM)) {
                    return RowEncoder.BLOCKED;
                }
                // Escapes make a piece twice as long at most.
                int room = Math.min(PIECE, (Outbox.rowLimit() - out.length) / 2);
                int size = (int) Math.min(length - progress.done, room);
                load(progress.done, size);
                line.clear();
                escape(options, progress.isQuoted);
                append(out, line);
                progress.done += size;
            }
            if (!hasRoom(out, 1)) {
                return RowEncoder.BLOCKED;
            }
            quote(options, progress.isQuoted, out);
        }
        if (!hasRoom(out, 1)) {
            return RowEncoder.BLOCKED;
        }
        out.put8('\n');
        progress.isActive = false;
        return RowEncoder.DONE;
    }

    private static boolean hasRoom(Outbox out, int size) {
        return out.length + size <= Outbox.rowLimit() || out.flush();
    }

    private static void quote(CopyOptions options, boolean isQuoted, Outbox out) {
        if (isQuoted) {
            out.put8(options.quote);
        }
    }

    private void quote(CopyOptions options, boolean isQuoted) {
        if (isQuoted) {
            line.put8(options.quote);
        }
    }

    /** Appends the piece to the line as the format wants it. */
    private void escape(CopyOptions options, boolean isQuoted) {
        if (!options.isCsv) {
            text(options);
        } else if (isQuoted) {
            quoted(options);
        } else {
            line.copy(value.bytes, 0, value.length);
        }
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

    private boolean hasSpecial(CopyOptions options) {
        for (int i = 0; i < value.length; i++) {
            int character = value.bytes.u8(i);
            if (character == options.delimiter
                    || character == options.quote
                    || character == '\n'
                    || character == '\r') {
                return true;
            }
        }
        return false;
    }

    private void quoted(CopyOptions options) {
        for (int i = 0; i < value.length; i++) {
            int character = value.bytes.u8(i);
            if (character == options.quote || character == options.escape) {
                line.put8(options.escape);
            }
            line.put8(character);
        }
    }
}
