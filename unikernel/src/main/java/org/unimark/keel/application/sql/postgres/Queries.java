// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Simple and extended queries of one session: which message does what, and what goes on after a pause. */
@Rare
final class Queries {
    private static final int NOTHING = 0;
    private static final int SCRIPT = 1;
    private static final int EXECUTE = 2;
    private static final int SYNC = 3;
    private static final int COPY = 4;

    private static final int MAXIMUM_BOUND = Statement.MAXIMUM_PARAMETERS;

    final Session session;
    private final Backend backend;
    private final Bytes script;
    /** Where the text of the script is: its own memory or a large piece. */
    private Bytes scriptText;

    private int scriptAt;
    private int scriptEnd;
    private int scriptStatements;
    private int task;
    /** The task that COPY FROM STDIN belongs to. */
    private int copyTask;

    private boolean skipsToSync;
    /** Of what the connection has presented, behind the message that is being handled. */
    int presentedEnd;

    private Statement unnamed;
    private Portal unnamedPortal = new Portal();
    private Portal scriptPortal = new Portal();
    private Portal running;
    private Portal sparePortal;
    private final int[] formats = new int[MAXIMUM_BOUND];

    Queries(Session session, Bytes script) {
        this.session = session;
        this.backend = session.backend;
        this.script = script;
    }

    Bytes script() {
        return script;
    }

    boolean isBusy() {
        return task != NOTHING && (task != COPY || backend.copyIn.isWaiting());
    }

    /** Handles a message; false if it must come again when there is room for its answer. */
    boolean handle(int type, Bytes data, int at, int length) {
        if (task == COPY) {
            copyMessage(type, data, at, length);
            return true;
        }
        if (skipsToSync && type != 'S' && type != 'X') {
            return true;
        }
        switch (type) {
            case 'Q' -> query(data, at, length);
            case 'P' -> parse(data, at, at + length);
            case 'B' -> bind(data, at, at + length);
            case 'D' -> {
                return describe(data, at, at + length);
            }
            case 'E' -> execute(data, at, at + length);
            case 'C' -> close(data, at, at + length);
            case 'H' -> backend.out.flush();
            case 'S' -> {
                task = SYNC;
                resume();
            }
            case 'X' -> session.finish();
            case 'c', 'f' -> {
                // COPY has failed already; its sender did not know yet.
            }
            default -> session.fatal(SqlState.PROTOCOL_VIOLATION, "this kind of message is not expected here");
        }
        return true;
    }

    /** A message that was too long. */
    void refuse(int type, String state, String message) {
        if (skipsToSync) {
            return;
        }
        backend.fail(state, message, 0);
        if (type == 'Q') {
            backend.out.ready(backend.transaction.status());
        } else {
            skipsToSync = true;
        }
    }

    private void violation() {
        backend.fail(SqlState.PROTOCOL_VIOLATION, "invalid message format", 0);
        skipsToSync = true;
    }

    /** The position behind the zero that ends the text at {@code at}, or -1. */
    private static int behindText(Bytes data, int at, int end) {
        for (int i = at; i < end; i++) {
            if (data.u8(i) == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private void query(Bytes data, int at, int length) {
        int behind = behindText(data, at, at + length);
        if (behind != at + length) {
            session.fatal(SqlState.PROTOCOL_VIOLATION, "invalid string in message");
            return;
        }
        forgetUnnamed();
        Bytes memory = length <= script.length() ? script : session.server.takeLarge();
        if (memory == null) {
            refuse('Q', SqlState.OUT_OF_MEMORY, "out of memory for long queries");
            return;
        }
        memory.copyFrom(0, data, at, length);
        scriptText = memory;
        scriptAt = 0;
        scriptEnd = length - 1;
        scriptStatements = 0;
        running = null;
        task = SCRIPT;
        backend.isCancelled = false;
        resume();
    }

    private void forgetUnnamed() {
        if (unnamed != null) {
            backend.close(unnamedPortal);
            backend.forget(unnamed);
            unnamed = null;
        }
    }

    private void parse(Bytes data, int at, int end) {
        int text = behindText(data, at, end);
        int types = text < 0 ? -1 : behindText(data, text, end);
        if (types < 0 || end - types < 2 || end - types < 2 + 4 * data.u16(types)) {
            violation();
            return;
        }
        String name = Ascii.string(data, at, text - 1 - at);
        if (!name.isEmpty() && backend.statements.containsKey(name)) {
            fail(SqlState.DUPLICATE_STATEMENT, "prepared statement \"" + name + "\" already exists");
            return;
        }
        if (!name.isEmpty() && !backend.hasRoomForStatement()) {
            fail(SqlState.LIMIT_EXCEEDED, "too many prepared statements: 1000 at most");
            return;
        }
        if (name.isEmpty()) {
            forgetUnnamed();
        }
        Statement statement = backend.parse(data, text, text, types - 1);
        if (statement != null && moreFollows(data, session.server.scanned, types - 1)) {
            backend.forget(statement);
            fail(SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
            return;
        }
        if (statement == null) {
            skipsToSync = true;
            return;
        }
        int count = Math.min(data.u16(types), statement.parameterTypes.length);
        for (int i = 0; i < count; i++) {
            int type = data.i32(types + 2 + 4 * i);
            if (type != Types.UNKNOWN) {
                statement.parameterTypes[i] = type;
            }
        }
        if (name.isEmpty()) {
            unnamed = statement;
        } else {
            backend.statements.put(name, statement);
        }
        backend.out.simple('1');
    }

    private static boolean moreFollows(Bytes data, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!Ascii.isSpace(data.u8(i)) && data.u8(i) != ';') {
                return true;
            }
        }
        return false;
    }

    private void fail(String state, String message) {
        backend.fail(state, message, 0);
        skipsToSync = true;
    }

    private Statement statement(Bytes data, int at, int behind) {
        if (behind - at == 1) {
            return unnamed;
        }
        return backend.statements.get(Ascii.string(data, at, behind - 1 - at));
    }

    private Portal portal(Bytes data, int at, int behind) {
        if (behind - at == 1) {
            return unnamedPortal.statement == null ? null : unnamedPortal;
        }
        return backend.portals.get(Ascii.string(data, at, behind - 1 - at));
    }

    private void bind(Bytes data, int at, int end) {
        int name = behindText(data, at, end);
        int codes = name < 0 ? -1 : behindText(data, name, end);
        if (codes < 0 || end - codes < 2) {
            violation();
            return;
        }
        Statement statement = statement(data, name, codes);
        if (statement == null) {
            String text = Ascii.string(data, name, codes - 1 - name);
            fail(SqlState.INVALID_STATEMENT_NAME, "prepared statement \"" + text + "\" does not exist");
            return;
        }
        Portal portal = portalToBind(data, at, name);
        if (portal == null) {
            return;
        }
        backend.isCancelled = false;
        if (backend.transaction.hasFailed() && !statement.isAllowedInFailedTransaction()) {
            fail(
                    SqlState.FAILED_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
            drop(portal, data, at, name);
            return;
        }
        if (!backend.open(portal, statement)) {
            skipsToSync = true;
            drop(portal, data, at, name);
            return;
        }
        int formatsAt = readFormats(data, codes, end);
        int next = formatsAt < 0 ? -1 : values(portal, data, formatsAt, end);
        if (next < 0) {
            if (next == -1) {
                violation();
            } else {
                skipsToSync = true;
            }
            drop(portal, data, at, name);
            return;
        }
        if (!resultFormats(portal, data, next, end)) {
            violation();
            drop(portal, data, at, name);
            return;
        }
        backend.out.simple('2');
    }

    /** A portal that was not bound after all. */
    private void drop(Portal portal, Bytes data, int at, int behind) {
        backend.close(portal);
        portal.statement = null;
        if (portal != unnamedPortal) {
            backend.portals.remove(Ascii.string(data, at, behind - 1 - at));
        }
    }

    private Portal portalToBind(Bytes data, int at, int behind) {
        if (behind - at == 1) {
            backend.close(unnamedPortal);
            return unnamedPortal;
        }
        String name = Ascii.string(data, at, behind - 1 - at);
        if (backend.portals.containsKey(name)) {
            fail(SqlState.DUPLICATE_PORTAL, "cursor \"" + name + "\" already exists");
            return null;
        }
        if (!backend.hasRoomForPortal()) {
            fail(SqlState.LIMIT_EXCEEDED, "too many open portals: 100 at most");
            return null;
        }
        Portal portal = sparePortal == null ? new Portal() : sparePortal;
        sparePortal = null;
        backend.portals.put(name, portal);
        return portal;
    }

    /** Reads the formats of the parameters; returns the position behind them, or -1. */
    private int readFormats(Bytes data, int at, int end) {
        int count = data.u16(at);
        if (count > MAXIMUM_BOUND || end - at - 2 < 2 * count) {
            return -1;
        }
        for (int i = 0; i < count; i++) {
            formats[i] = data.u16(at + 2 + 2 * i);
        }
        formatCount = count;
        return at + 2 + 2 * count;
    }

    private int formatCount;

    private int values(Portal portal, Bytes data, int from, int end) {
        if (end - from < 2) {
            return -1;
        }
        int count = data.u16(from);
        Statement statement = portal.statement;
        if (count != statement.parameterTypes.length) {
            backend.fail(
                    SqlState.PROTOCOL_VIOLATION,
                    "bind message supplies " + count + " parameters, but prepared statement requires "
                            + statement.parameterTypes.length,
                    0);
            return -2;
        }
        int at = from + 2;
        SqlStatement cursor = portal.cursor;
        int known = cursor == null ? 0 : cursor.parameterCount();
        for (int i = 0; i < count; i++) {
            if (end - at < 4) {
                return -1;
            }
            int length = data.i32(at);
            at += 4;
            if (length > end - at || length < -1) {
                return -1;
            }
            if (i < known) {
                int format = formatCount == 0 ? 0 : formats[formatCount == 1 ? 0 : Math.min(i, formatCount - 1)];
                int result = session.server.parameters.bind(
                        cursor, i + 1, statement.parameterTypes[i], format, data, at, length);
                if (result != 0) {
                    return badValue(result, i + 1);
                }
            }
            at += Math.max(length, 0);
        }
        return at;
    }

    private int badValue(int result, int number) {
        if (result > 0) {
            backend.failBySqlite(result, 0);
        } else {
            backend.fail(
                    result == Parameters.BAD_TEXT ? SqlState.INVALID_TEXT : SqlState.INVALID_BINARY,
                    "invalid input for parameter $" + number,
                    0);
        }
        return -2;
    }

    private static boolean resultFormats(Portal portal, Bytes data, int at, int end) {
        if (end - at < 2) {
            return false;
        }
        int count = data.u16(at);
        if (end - at - 2 < 2 * count || (count > 1 && count != portal.statement.columns) || count > MAXIMUM_BOUND) {
            return false;
        }
        portal.isAllBinary = count == 1 && data.u16(at + 2) == 1;
        portal.hasFormats = count > 1;
        for (int i = 0; i < count && portal.hasFormats; i++) {
            portal.formats[i] = data.u16(at + 2 + 2 * i) == 1;
        }
        return true;
    }

    private boolean describe(Bytes data, int at, int end) {
        int behind = end - at < 2 ? -1 : behindText(data, at + 1, end);
        if (behind < 0) {
            violation();
            return true;
        }
        if (!backend.out.reserve(Outbox.CAPACITY - 1)) {
            return false;
        }
        if (data.u8(at) == 'S') {
            describe(statement(data, at + 1, behind));
            return true;
        }
        Portal portal = portal(data, at + 1, behind);
        if (portal == null) {
            fail(SqlState.INVALID_PORTAL_NAME, "portal does not exist");
        } else if (portal.statement.columns == 0 || portal.statement.kind == Translation.COPY_OUT) {
            backend.out.simple('n');
        } else if (preview(portal)) {
            portal.statement.putDescription(backend.out, portal);
        }
        return true;
    }

    private void describe(Statement statement) {
        if (statement == null) {
            fail(SqlState.INVALID_STATEMENT_NAME, "prepared statement does not exist");
            return;
        }
        Outbox out = backend.out;
        out.open('t');
        out.put16(statement.parameterTypes.length);
        for (int i = 0; i < statement.parameterTypes.length; i++) {
            int type = statement.parameterTypes[i];
            out.put32(type == Types.UNKNOWN ? Types.TEXT : type);
        }
        out.close();
        if (statement.columns == 0 || statement.kind == Translation.COPY_OUT) {
            out.simple('n');
        } else {
            statement.settleTypes(null);
            statement.putDescription(out, null);
        }
    }

    /** Types of expressions are known from the first row: a query that changes nothing may look for it before Execute. */
    private boolean preview(Portal portal) {
        Statement statement = portal.statement;
        if (!statement.hasUnknownTypes || portal.cursor == null || portal.isStarted || !portal.cursor.isReadOnly()) {
            statement.settleTypes(portal.hasRow ? portal.cursor : null);
            return true;
        }
        int code = portal.cursor.step();
        if (code == SqlConnection.ROW) {
            portal.hasRow = true;
        } else if (code == SqlConnection.DONE) {
            portal.isDone = true;
        } else {
            portal.cursor.reset();
            if ((code & 0xff) != SqlConnection.BUSY) {
                backend.failBySqlite(code, 0);
                skipsToSync = true;
                return false;
            }
            // Text for once, because waiting is for Execute.
            statement.settleTypes(null);
            return true;
        }
        portal.isStarted = true;
        statement.settleTypes(portal.hasRow ? portal.cursor : null);
        return true;
    }

    private void execute(Bytes data, int at, int end) {
        int behind = behindText(data, at, end);
        if (behind < 0 || end - behind < 4) {
            violation();
            return;
        }
        Portal portal = portal(data, at, behind);
        if (portal == null || portal.statement == null) {
            fail(
                    SqlState.INVALID_PORTAL_NAME,
                    "portal \"" + Ascii.string(data, at, behind - 1 - at) + "\" does not exist");
            return;
        }
        portal.limit = Math.max(data.i32(behind), 0);
        portal.rows = 0;
        running = portal;
        boolean isLast = isSync(data, end);
        Statement statement = portal.statement;
        if (!isLast && !statement.controlsTransaction() && !statement.needsNoTransaction) {
            backend.transaction.imply();
        }
        task = EXECUTE;
        resume();
    }

    /** Whether Sync follows at once: then the statement is a transaction of its own, and SQLite need not be told. */
    private boolean isSync(Bytes data, int at) {
        return at < presentedEnd && data.u8(at) == 'S';
    }

    private void close(Bytes data, int at, int end) {
        int behind = end - at < 2 ? -1 : behindText(data, at + 1, end);
        if (behind < 0) {
            violation();
            return;
        }
        String name = Ascii.string(data, at + 1, behind - 2 - at);
        if (data.u8(at) == 'S') {
            if (name.isEmpty()) {
                forgetUnnamed();
            } else if (backend.statements.get(name) != null) {
                backend.forget(backend.statements.remove(name));
            }
        } else if (name.isEmpty()) {
            backend.close(unnamedPortal);
            unnamedPortal.statement = null;
        } else if (backend.portals.get(name) != null) {
            Portal portal = backend.portals.remove(name);
            backend.close(portal);
            sparePortal = portal;
        }
        backend.out.simple('3');
    }

    /** Does as much of the task as is possible now. */
    void resume() {
        if (task == COPY) {
            copyResult(backend.copyIn.retry());
            return;
        }
        int result = switch (task) {
            case SCRIPT -> runScript();
            case EXECUTE -> backend.run(running, false);
            case SYNC -> backend.transaction.commitImplied();
            default -> Backend.DONE;
        };
        if (result == Backend.WAITING) {
            session.server.wait(session);
        } else if (result == Backend.YIELDED) {
            session.server.yield(session);
        } else if (result == Backend.COPYING) {
            copyTask = task;
            task = COPY;
        } else if (result != Backend.BLOCKED) {
            finished(result);
        }
    }

    private void finished(int result) {
        int ended = task;
        task = NOTHING;
        if (ended == EXECUTE) {
            skipsToSync = result == Backend.FAILED;
            if (result == Backend.FAILED) {
                backend.close(running);
            }
        } else if (ended == SYNC) {
            skipsToSync = false;
            if (!backend.transaction.isBegun()) {
                backend.closePortals();
                backend.close(unnamedPortal);
                unnamedPortal.statement = null;
            }
            backend.out.ready(backend.transaction.status());
        } else if (ended == SCRIPT) {
            closeScriptPortal();
            if (scriptText != script) {
                session.server.giveLarge(scriptText);
            }
            scriptText = null;
            backend.out.ready(backend.transaction.status());
        }
    }

    /** Statements of a simple query, one behind the other; together they are one transaction. */
    private int runScript() {
        while (true) {
            if (running == null) {
                if (!backend.out.reserve(Outbox.CAPACITY - 1)) {
                    return Backend.BLOCKED;
                }
                int result = nextOfScript();
                if (result != Backend.SUSPENDED) {
                    return result;
                }
            }
            int result = backend.run(running, true);
            if (result != Backend.DONE) {
                return result;
            }
            closeScriptPortal();
        }
    }

    /** SUSPENDED: {@link #running} is the next statement; else how the script ends. */
    private int nextOfScript() {
        while (moreFollows(scriptText, scriptAt, scriptEnd)) {
            Statement statement = backend.parse(scriptText, 0, scriptAt, scriptEnd);
            scriptAt = session.server.scanned;
            if (statement == null) {
                return Backend.FAILED;
            }
            if (statement.kind == Translation.EMPTY) {
                continue;
            }
            if (statement.parameterTypes.length > 0) {
                backend.forget(statement);
                return backend.fail(SqlState.UNDEFINED_PARAMETER, "there is no parameter $1", 0);
            }
            boolean isAlone = scriptStatements == 0 && !moreFollows(scriptText, scriptAt, scriptEnd);
            if (!isAlone && !statement.controlsTransaction() && !statement.needsNoTransaction) {
                backend.transaction.imply();
            }
            scriptStatements++;
            running = scriptPortal;
            return backend.open(scriptPortal, statement) ? Backend.SUSPENDED : Backend.FAILED;
        }
        if (scriptStatements == 0) {
            backend.out.simple('I');
        }
        return backend.transaction.commitImplied();
    }

    private void closeScriptPortal() {
        if (running != null && running == scriptPortal) {
            backend.close(scriptPortal);
            backend.forget(scriptPortal.statement);
        }
        running = null;
    }

    /** Returns how many bytes of COPY's data were taken; what nobody waits for is dropped. */
    int copyData(Bytes data, int at, int length) {
        if (task != COPY) {
            return length;
        }
        int taken = backend.copyIn.take(data, at, length);
        copyResult(backend.copyIn.result());
        return taken;
    }

    private void copyMessage(int type, Bytes data, int at, int length) {
        switch (type) {
            case 'c' -> copyResult(backend.copyIn.finish());
            case 'f' -> {
                int behind = behindText(data, at, at + length);
                String reason = behind < 0 ? "" : Ascii.string(data, at, Math.min(behind - 1 - at, 500));
                copyResult(backend.copyIn.fail(SqlState.QUERY_CANCELED, "COPY from stdin failed: " + reason));
            }
            case 'H', 'S' -> {
                // Allowed during COPY, and without effect (manual, 55.2.6).
            }
            case 'X' -> session.finish();
            default -> copyResult(backend.copyIn.fail(SqlState.PROTOCOL_VIOLATION, "unexpected message during COPY"));
        }
    }

    /** Goes on with the task that COPY was part of, when COPY has ended. */
    private void copyResult(int result) {
        if (result == Backend.COPYING) {
            return;
        }
        if (result == Backend.WAITING) {
            session.server.wait(session);
            return;
        }
        task = copyTask;
        if (result == Backend.DONE && task == SCRIPT) {
            closeScriptPortal();
            resume();
        } else {
            finished(result);
        }
    }

    /** The connection ends. */
    void end() {
        task = NOTHING;
        backend.copyIn.end();
        closeScriptPortal();
        if (scriptText != null && scriptText != script) {
            session.server.giveLarge(scriptText);
        }
        scriptText = null;
        forgetUnnamed();
        backend.close(unnamedPortal);
        backend.end();
    }
}
