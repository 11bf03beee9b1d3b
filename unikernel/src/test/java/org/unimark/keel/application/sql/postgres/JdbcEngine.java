// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.sqlite.core.SteppedDatabase;
import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlEngine;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

/** SQLite on a JVM, by the native library of the JDBC driver: the engine of the tests. */
final class JdbcEngine implements SqlEngine, AutoCloseable {
    private static final int VALUE_BYTES = 4 << 20;

    private final Arena arena = new Arena();
    private final String file;
    private final String pragma;
    private Runnable watcher;
    private final Bytes value = arena.allocate(VALUE_BYTES);

    JdbcEngine(String file) {
        this(file, "");
    }

    /** @param pragma at every connection, or nothing */
    JdbcEngine(String file, String pragma) {
        this.file = file;
        this.pragma = pragma;
    }

    @Override
    public SqlConnection connect() {
        SteppedDatabase database = new SteppedDatabase(file);
        database.watch(() -> {
            if (watcher != null) {
                watcher.run();
            }
        });
        return new Open(database);
    }

    @Override
    public void watchSteps(Runnable newWatcher) {
        watcher = newWatcher;
    }

    @Override
    public String version() {
        return "SQLite in a JDBC driver";
    }

    @Override
    public void close() {
        arena.close();
    }

    private final class Open implements SqlConnection {
        private final SteppedDatabase database;
        private boolean inTransaction;
        private int consumed;
        private int emptyCode = -1;

        Open(SteppedDatabase database) {
            this.database = database;
        }

        @Override
        public int open() {
            if (pragma.isEmpty()) {
                return DONE;
            }
            long statement = database.prepare(pragma);
            if (statement == 0) {
                return database.code();
            }
            int code = database.step(statement);
            database.finish(statement);
            return code;
        }

        @Override
        public SqlStatement prepare(Bytes sql, int offset, int length) {
            String text = new String(Arena.toArray(sql, offset, length), StandardCharsets.UTF_8);
            Tokens tokens = new Tokens();
            consumed = tokens.scan(sql, offset, offset + length) - offset;
            emptyCode = -1;
            if (tokens.count == 0) {
                emptyCode = OK;
                return null;
            }
            String first = new String(Arena.toArray(sql, offset, consumed), StandardCharsets.UTF_8);
            long statement = database.prepare(consumed < length ? first : text);
            return statement == 0 ? null : new Prepared(this, statement, first.strip());
        }

        @Override
        public int consumed() {
            return consumed;
        }

        @Override
        public int errorCode() {
            return emptyCode >= 0 ? emptyCode : database.code();
        }

        @Override
        public String errorMessage() {
            return database.message();
        }

        @Override
        public int errorOffset() {
            return -1;
        }

        @Override
        public boolean isInTransaction() {
            return inTransaction;
        }

        @Override
        public long changes() {
            return database.changes();
        }

        /** The driver has none that could be set. */
        @Override
        public void limitStatements(long nanos) {}

        @Override
        public void interrupt() {
            database.interrupt();
        }

        @Override
        public void close() {
            database.close();
        }

        /** The driver does not tell of autocommit: what was done says it. */
        void done(String text) {
            String word = text.toUpperCase(Locale.ROOT);
            if (word.startsWith("BEGIN")) {
                inTransaction = true;
            } else if (word.startsWith("COMMIT") || (word.startsWith("ROLLBACK") && !word.contains(" TO "))) {
                inTransaction = false;
            }
        }
    }

    private final class Prepared implements SqlStatement {
        private final Open connection;
        private final long statement;
        private final String text;

        Prepared(Open connection, long statement, String text) {
            this.connection = connection;
            this.statement = statement;
            this.text = text;
        }

        @Override
        public int parameterCount() {
            return connection.database.parameterCount(statement);
        }

        private int note(int code) {
            return connection.database.note(code);
        }

        @Override
        public int bindNull(int parameter) {
            return note(connection.database.bindNull(statement, parameter));
        }

        @Override
        public int bindLong(int parameter, long number) {
            return note(connection.database.bindLong(statement, parameter, number));
        }

        @Override
        public int bindDouble(int parameter, double number) {
            return note(connection.database.bindDouble(statement, parameter, number));
        }

        @Override
        public int bindText(int parameter, Bytes utf8, int offset, int length) {
            return note(connection.database.bindText(statement, parameter, Arena.toArray(utf8, offset, length)));
        }

        @Override
        public int bindBlob(int parameter, Bytes data, int offset, int length) {
            return note(connection.database.bindBlob(statement, parameter, Arena.toArray(data, offset, length)));
        }

        @Override
        public int step() {
            int code = connection.database.step(statement);
            if (code == SqlConnection.DONE) {
                connection.done(text);
            }
            return code;
        }

        @Override
        public int reset() {
            return connection.database.reset(statement);
        }

        @Override
        public void finish() {
            connection.database.finish(statement);
        }

        @Override
        public boolean isReadOnly() {
            String word = text.toUpperCase(Locale.ROOT);
            return word.startsWith("SELECT")
                    || word.startsWith("VALUES")
                    || word.startsWith("WITH")
                    || word.startsWith("EXPLAIN")
                    || word.startsWith("BEGIN")
                    || word.startsWith("COMMIT");
        }

        @Override
        public int columnCount() {
            return connection.database.columnCount(statement);
        }

        @Override
        public String columnName(int column) {
            return connection.database.columnName(statement, column);
        }

        @Override
        public String declaredType(int column) {
            return connection.database.declaredType(statement, column);
        }

        @Override
        public int columnType(int column) {
            return connection.database.columnType(statement, column);
        }

        @Override
        public long columnLong(int column) {
            return connection.database.columnLong(statement, column);
        }

        @Override
        public double columnDouble(int column) {
            return connection.database.columnDouble(statement, column);
        }

        @Override
        public Bytes columnBytes(int column, Bytes view) {
            byte[] bytes = connection.database.columnBlob(statement, column);
            int length = bytes == null ? 0 : bytes.length;
            if (length > 0) {
                value.copyFrom(0, bytes, 0, length);
            }
            return view.wrap(value, 0, length);
        }
    }
}
