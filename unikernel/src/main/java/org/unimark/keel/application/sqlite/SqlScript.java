// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import org.unimark.keel.application.Platform;
import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Rare;

/**
 * Statements of SQL, whose rows go to the console as the program {@code sqlite3} prints them ({@code |} between columns),
 * and lines that repeat one statement and report the time:
 *
 * <pre>
 *   .repeat 60000 unprepared insert INSERT INTO tab VALUES (null,'value');
 *   sql-phase insert mode=unprepared count=60000 nanos=123456789
 * </pre>
 *
 * Modes: {@code unprepared} (parsed every time, a transaction each), {@code prepared} (parsed once, a transaction each),
 * {@code transaction} (prepared, in one transaction). The n-th phase lies between marks 2n and 2n + 1.
 */
@Rare
final class SqlScript {
    /** An observer of phases. */
    interface Marks {
        void mark(int code);
    }

    private static final int MARKED_PHASES = 3;
    private static final int ROW_BYTES = 4096;
    private static final String DIRECTIVE = ".repeat ";

    private final Bytes script;
    private final SqlConnection connection;
    private final Clock clock;
    private final Log log;
    private final Marks marks;
    private final Bytes row;
    private final Bytes view = new Bytes();
    private int phases;

    SqlScript(Bytes script, SqlConnection connection, Platform platform, Marks marks) {
        this.script = script;
        this.connection = connection;
        this.clock = platform.clock();
        this.log = platform.log();
        this.marks = marks;
        row = platform.allocate(ROW_BYTES);
    }

    /** Ends at the first error, which it reports; false then. */
    boolean run() {
        int at = skipBlanks(0);
        while (at < script.length()) {
            at = script.u8(at) == '.' ? repeat(at) : statement(at);
            if (at < 0) {
                return false;
            }
            at = skipBlanks(at);
        }
        log.line("sql-script done");
        return true;
    }

    private int skipBlanks(int from) {
        int at = from;
        while (at < script.length() && script.u8(at) <= ' ') {
            at++;
        }
        return at;
    }

    private int lineEnd(int from) {
        int at = from;
        while (at < script.length() && script.u8(at) != '\n') {
            at++;
        }
        return at;
    }

    private int statement(int at) {
        SqlStatement statement = connection.prepare(script, at, script.length() - at);
        if (statement == null && connection.errorCode() != SqlConnection.OK) {
            return failed();
        }
        int next = at + connection.consumed();
        if (statement == null) {
            return next;
        }
        int result = statement.step();
        while (result == SqlConnection.ROW) {
            print(statement);
            result = statement.step();
        }
        if (result != SqlConnection.DONE) {
            failed();
            next = -1;
        }
        statement.finish();
        return next;
    }

    private int failed() {
        log.line("sql-error " + connection.errorCode() + " " + connection.errorMessage());
        return -1;
    }

    private void print(SqlStatement statement) {
        int length = 0;
        for (int column = 0; column < statement.columnCount(); column++) {
            if (column > 0) {
                row.put8(length++, '|');
            }
            Bytes value = statement.columnBytes(column, view);
            for (int i = 0; i < value.length(); i++) {
                if (length >= ROW_BYTES - 2) {
                    log.text(row, 0, length);
                    length = 0;
                }
                row.put8(length++, value.u8(i));
            }
        }
        row.put8(length++, '\n');
        log.text(row, 0, length);
    }

    private int repeat(int from) {
        int end = lineEnd(from);
        StringBuilder line = new StringBuilder();
        for (int i = from; i < end; i++) {
            line.append((char) script.u8(i));
        }
        String text = line.toString();
        int afterCount = text.indexOf(' ', DIRECTIVE.length());
        int afterMode = text.indexOf(' ', afterCount + 1);
        int afterName = text.indexOf(' ', afterMode + 1);
        if (!text.startsWith(DIRECTIVE) || afterCount < 0 || afterMode < 0 || afterName < 0) {
            log.line("sql-error script: " + text);
            return -1;
        }
        int count = Integer.parseInt(text.substring(DIRECTIVE.length(), afterCount));
        String mode = text.substring(afterCount + 1, afterMode);
        String name = text.substring(afterMode + 1, afterName);
        int sql = from + afterName + 1;
        int phase = ++phases;
        long start = clock.nanos();
        mark(phase, 0);
        boolean good = mode.equals("unprepared")
                ? repeatUnprepared(sql, end - sql, count)
                : mode.equals("transaction")
                        ? execute("BEGIN") && repeatPrepared(sql, end - sql, count) && execute("COMMIT")
                        : mode.equals("prepared") && repeatPrepared(sql, end - sql, count);
        mark(phase, 1);
        long nanos = clock.nanos() - start;
        if (!good) {
            return failed();
        }
        log.line("sql-phase " + name + " mode=" + mode + " count=" + count + " nanos=" + nanos);
        return end;
    }

    private void mark(int phase, int end) {
        if (phase <= MARKED_PHASES) {
            marks.mark(2 * phase + end);
        }
    }

    private boolean execute(String sql) {
        int length = row.putAscii(0, sql);
        return repeatUnprepared(row, 0, length, 1);
    }

    private boolean repeatUnprepared(int sql, int length, int count) {
        return repeatUnprepared(script, sql, length, count);
    }

    private boolean repeatUnprepared(Bytes text, int sql, int length, int count) {
        for (int i = 0; i < count; i++) {
            SqlStatement statement = connection.prepare(text, sql, length);
            if (statement == null) {
                return false;
            }
            int result = drain(statement);
            if (result != SqlConnection.DONE) {
                return false;
            }
            statement.finish();
        }
        return true;
    }

    private boolean repeatPrepared(int sql, int length, int count) {
        SqlStatement statement = connection.prepare(script, sql, length);
        if (statement == null) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (drain(statement) != SqlConnection.DONE) {
                return false;
            }
            statement.reset();
        }
        statement.finish();
        return true;
    }

    private static int drain(SqlStatement statement) {
        int result = statement.step();
        while (result == SqlConnection.ROW) {
            result = statement.step();
        }
        return result;
    }
}
