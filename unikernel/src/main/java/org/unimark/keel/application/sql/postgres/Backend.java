// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import java.util.HashMap;
import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** What the server keeps for one client that has begun: its connection to SQLite, statements, portals, transaction. */
@Rare
final class Backend {
    static final int DONE = 0;
    /** The portal's row limit is reached. */
    static final int SUSPENDED = 1;
    /** The client must read first. */
    static final int BLOCKED = 2;
    /** Another connection holds the lock. */
    static final int WAITING = 3;
    /** An error was sent. */
    static final int FAILED = 4;
    /** COPY FROM STDIN has begun. */
    static final int COPYING = 5;
    /** It has had its share of this turn. */
    static final int YIELDED = 6;

    private static final String CANCELLED = "canceling statement due to user request";

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int BYTES_A_TURN = 256 * 1024;
    private static final int MAXIMUM_STATEMENTS = 1000;
    private static final int MAXIMUM_PORTALS = 100;

    final PostgresServer server;
    final Outbox out;
    final Settings settings = new Settings();
    final HashMap<String, Statement> statements = new HashMap<>();
    final HashMap<String, Portal> portals = new HashMap<>();
    final RowEncoder.Progress progress = new RowEncoder.Progress();
    final Transaction transaction = new Transaction(this);
    final CopyIn copyIn = new CopyIn(this);
    SqlConnection sql;
    int secretKey;
    int processId;
    boolean isCancelled;
    /** {@link #WAITING} if what was prepared last met a lock, and shall be tried again. */
    int prepareResult;

    private boolean hasCatalogue;

    Backend(PostgresServer server) {
        this.server = server;
        this.out = new Outbox(server.platform.allocate(Outbox.CAPACITY));
    }

    /** Sends an error and counts what follows from it. */
    int fail(String state, String message, int position) {
        out.error("ERROR", state, message, position);
        transaction.failed();
        return FAILED;
    }

    int failCancelled() {
        return fail(SqlState.QUERY_CANCELED, CANCELLED, 0);
    }

    /** Tells the engine what the settings say of the time of a statement. */
    void limitStatements() {
        sql.limitStatements(settings.statementTimeoutMillis * NANOS_PER_MILLI);
    }

    int failBySqlite(int code, int position) {
        String message = (code & SqlConnection.PRIMARY_CODE) != SqlConnection.INTERRUPTED
                ? Utf8.bytesOf(sql.errorMessage())
                : isCancelled ? CANCELLED : "canceling statement due to statement timeout";
        return fail(SqlState.of(code, message), message, position);
    }

    /** Something that cannot be prepared: waits for the lock that it met, or fails. */
    int failOrWait(int code, int position) {
        prepareResult = (code & SqlConnection.PRIMARY_CODE) == SqlConnection.BUSY
                ? transaction.busy(code, null)
                : failBySqlite(code, position);
        return prepareResult;
    }

    private void prepared() {
        prepareResult = DONE;
        transaction.isWaiting = false;
    }

    /** A command begins, or is tried again: a cancel request of before is none of its own. */
    void beginCommand() {
        prepareResult = DONE;
        if (!transaction.isWaiting) {
            isCancelled = false;
        }
    }

    /** Translates and prepares the statement at {@code at}; null after an error. Positions count from {@code origin}. */
    Statement parse(Bytes source, int origin, int at, int to) {
        Translator translator = server.translator;
        server.scanned = translator.translate(source, at, to);
        Translation result = translator.result;
        if (result.refusal != null) {
            fail(result.refusalState, result.refusal, translator.refusedAt() - origin + 1);
            return null;
        }
        if (transaction.hasFailed() && !result.isAllowedInFailedTransaction()) {
            fail(
                    SqlState.FAILED_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block",
                    0);
            return null;
        }
        if (result.usesCatalogue && !makeCatalogue()) {
            return null;
        }
        return prepared(translator, origin);
    }

    private Statement prepared(Translator translator, int origin) {
        Translation result = translator.result;
        Statement statement = new Statement(result, translator.out.toArray());
        statement.parameterTypes = new int[result.parameters];
        System.arraycopy(result.parameterTypes, 0, statement.parameterTypes, 0, result.parameters);
        if (result.kind == Translation.SHOW) {
            statement.describeText(result.name);
        }
        if (!statement.isPreparable()) {
            return statement;
        }
        SqlStatement prepared = sql.prepare(translator.out.bytes, 0, translator.out.length);
        if (prepared == null) {
            int offset = sql.errorOffset();
            failOrWait(sql.errorCode(), offset < 0 ? 0 : translator.sourcePosition(offset) - origin + 1);
            return null;
        }
        prepared();
        statement.describe(prepared, result.selectList, result.usesCatalogue);
        if (statement.descriptionBytes > Outbox.LONGEST_DESCRIPTION) {
            prepared.finish();
            fail("54011", "too many columns", 0);
            return null;
        }
        return statement;
    }

    /** The views that stand for PostgreSQL's catalogues are made when somebody asks for them. */
    private boolean makeCatalogue() {
        if (!hasCatalogue) {
            TextBuffer text = server.text;
            for (int i = 0; i < Catalogue.VIEWS.length; i++) {
                text.clear().text("CREATE TEMP VIEW IF NOT EXISTS ").text(Catalogue.VIEWS[i]);
                int code = runOnce(text.bytes, text.length);
                if (code != SqlConnection.DONE) {
                    failOrWait(code, 0);
                    return false;
                }
            }
            hasCatalogue = true;
        }
        return true;
    }

    /** Prepares, steps once and finishes. */
    int runOnce(Bytes text, int length) {
        SqlStatement statement = sql.prepare(text, 0, length);
        if (statement == null) {
            return sql.errorCode();
        }
        int code = statement.step();
        while (code == SqlConnection.ROW) {
            code = statement.step();
        }
        statement.finish();
        return code;
    }

    int runOnce(String ascii) {
        TextBuffer text = server.text.clear().text(ascii);
        return runOnce(text.bytes, text.length);
    }

    /** Lends the statement's cursor, or makes another one. */
    boolean open(Portal portal, Statement statement) {
        portal.begin(statement);
        if (!statement.isPreparable()) {
            return true;
        }
        if (!statement.isLent && statement.prepared != null) {
            statement.isLent = true;
            portal.cursor = statement.prepared;
            portal.isBorrowed = true;
            return true;
        }
        TextBuffer text = server.text.clear();
        text.bytes.copyFrom(0, statement.text, 0, statement.text.length);
        portal.cursor = sql.prepare(text.bytes, 0, statement.text.length);
        if (portal.cursor == null) {
            failOrWait(sql.errorCode(), 0);
            return false;
        }
        prepared();
        return true;
    }

    void close(Portal portal) {
        SqlStatement cursor = portal.cursor;
        if (cursor != null) {
            cursor.reset();
            if (portal.isBorrowed) {
                portal.statement.isLent = false;
            }
            if (!portal.isBorrowed || portal.statement.isForgotten) {
                cursor.finish();
            }
            portal.cursor = null;
            transaction.statementEnded();
        }
        progress.isActive = false;
        portal.isDone = true;
    }

    void forget(Statement statement) {
        statement.isForgotten = true;
        if (!statement.isLent && statement.prepared != null) {
            statement.prepared.finish();
            statement.prepared = null;
        }
    }

    boolean hasRoomForStatement() {
        return statements.size() < MAXIMUM_STATEMENTS;
    }

    boolean hasRoomForPortal() {
        return portals.size() < MAXIMUM_PORTALS;
    }

    void closePortals() {
        for (Portal portal : portals.values()) {
            close(portal);
        }
        portals.clear();
    }

    void closeStatements() {
        for (Statement statement : statements.values()) {
            forget(statement);
        }
        statements.clear();
    }

    /** Runs a portal until one of the results above. {@code describes}: a description goes in front of the first row. */
    int run(Portal portal, boolean describes) {
        Statement statement = portal.statement;
        if (!portal.isStarted) {
            if (transaction.hasFailed() && !statement.isAllowedInFailedTransaction()) {
                return fail(
                        SqlState.FAILED_TRANSACTION,
                        "current transaction is aborted, commands ignored until end of transaction block",
                        0);
            }
            if (statement.needsNoTransaction && transaction.isBegun()) {
                return fail(SqlState.ACTIVE_TRANSACTION, "VACUUM cannot run inside a transaction block", 0);
            }
        }
        boolean beginsCopy =
                statement.kind == Translation.COPY_IN || (statement.kind == Translation.COPY_OUT && !portal.isStarted);
        // What COPY begins with is as long as the description of a result.
        if (beginsCopy && !out.reserve(Outbox.CAPACITY - 1)) {
            return BLOCKED;
        }
        if (statement.kind == Translation.COPY_IN) {
            transaction.imply();
            return copyIn.begin(statement);
        }
        if (statement.isSequence) {
            return sequence(portal);
        }
        if (portal.cursor == null) {
            return SessionCommands.run(this, statement, describes);
        }
        return rows(portal, describes);
    }

    private int rows(Portal portal, boolean describes) {
        SqlStatement cursor = portal.cursor;
        if (!portal.isStarted && transaction.refuses(cursor)) {
            return fail(SqlState.READ_ONLY_TRANSACTION, "cannot write in a read-only transaction", 0);
        }
        int sent = 0;
        while (true) {
            // Never within the message of a row.
            if (isCancelled && !progress.isActive) {
                return failCancelled();
            }
            if (!portal.hasRow && !portal.isDone) {
                int code = cursor.step();
                if (code != SqlConnection.ROW && code != SqlConnection.DONE) {
                    return (code & SqlConnection.PRIMARY_CODE) == SqlConnection.BUSY
                            ? transaction.busy(code, cursor)
                            : failBySqlite(code, 0);
                }
                portal.hasRow = code == SqlConnection.ROW;
                portal.isDone = !portal.hasRow;
                if (!portal.isStarted) {
                    portal.isStarted = true;
                    begun(portal, describes);
                }
            }
            if (portal.isDone) {
                return complete(portal);
            }
            int before = out.length;
            int result = portal.statement.kind == Translation.COPY_OUT
                    ? server.copyOut.put(out, portal, progress)
                    : server.encoder.put(out, portal, progress);
            if (result != RowEncoder.DONE) {
                return result == RowEncoder.BLOCKED
                        ? BLOCKED
                        : fail(SqlState.INVALID_BINARY, "a stored value does not fit the type of its column", 0);
            }
            portal.hasRow = false;
            portal.rows++;
            sent += Math.max(out.length - before, 64);
            if (portal.rows == portal.limit) {
                out.simple('s');
                portal.rows = 0;
                return SUSPENDED;
            }
            if (sent > BYTES_A_TURN) {
                return YIELDED;
            }
        }
    }

    private void begun(Portal portal, boolean describes) {
        Statement statement = portal.statement;
        statement.settleTypes(portal.hasRow ? portal.cursor : null);
        if (statement.kind == Translation.COPY_OUT) {
            server.copyOut.begin(out, statement);
        } else if (describes && statement.columns > 0) {
            statement.putDescription(out, null);
        }
    }

    private int complete(Portal portal) {
        Statement statement = portal.statement;
        if (portal.cursor != null) {
            portal.cursor.reset();
        }
        if (statement.kind == Translation.COPY_OUT) {
            out.simple('c');
        }
        if (statement.notice != null) {
            out.notice("NOTICE", SqlState.SUCCESS, statement.notice);
        }
        switch (statement.kind) {
            case Translation.QUERY, Translation.COPY_OUT -> out.complete(statement.tag, portal.rows);
            case Translation.INSERT -> out.complete("INSERT 0", sql.changes());
            case Translation.UPDATE, Translation.DELETE -> out.complete(statement.tag, sql.changes());
            default -> out.complete(statement.tag);
        }
        portal.rows = 0;
        transaction.statementDone();
        return DONE;
    }

    /** Statements of a list, one behind the other; what is missing is told in a notice where that is allowed. */
    private int sequence(Portal portal) {
        Statement statement = portal.statement;
        portal.isStarted = true;
        TextBuffer text = server.text.clear();
        text.bytes.copyFrom(0, statement.text, 0, statement.text.length);
        while (portal.sequenceAt < statement.text.length) {
            // A statement may have a notice for each of its names.
            if (!out.reserve(Outbox.ROOM_FOR_OTHERS)) {
                return BLOCKED;
            }
            int left = statement.text.length - portal.sequenceAt;
            SqlStatement step = sql.prepare(text.bytes, portal.sequenceAt, left);
            int consumed = sql.consumed();
            if (step == null && sql.errorCode() == SqlConnection.OK) {
                break;
            }
            if (step == null) {
                if (!statement.ifExists || !sql.errorMessage().startsWith("no such ")) {
                    return failOrWait(sql.errorCode(), 0);
                }
                String message = Utf8.bytesOf(sql.errorMessage());
                out.notice(
                        "NOTICE",
                        SqlState.SUCCESS,
                        message.substring(8).replace(": ", " \"") + "\" does not exist, skipping");
                consumed = nextStatement(statement.text, portal.sequenceAt);
            } else {
                int code = step.step();
                int outcome = code == SqlConnection.DONE || code == SqlConnection.ROW
                        ? DONE
                        : (code & SqlConnection.PRIMARY_CODE) == SqlConnection.BUSY
                                ? transaction.busy(code, step)
                                : failBySqlite(code, 0);
                step.finish();
                if (outcome != DONE) {
                    return outcome;
                }
            }
            portal.sequenceAt += consumed;
        }
        return complete(portal);
    }

    private static int nextStatement(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] != ';') {
            at++;
        }
        return at + 1 - from;
    }

    void end() {
        closePortals();
        closeStatements();
        transaction.end();
        if (sql != null) {
            sql.close();
            sql = null;
        }
        hasCatalogue = false;
        server.lockMayBeFree();
    }
}
