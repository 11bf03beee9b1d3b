// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Extended queries: statements are parsed, bound, described and executed one message at a time; an error skips all to Sync. */
@Rare
final class ExtendedQueries {
    private static final int MAXIMUM_BOUND = Statement.MAXIMUM_PARAMETERS;

    private final Session session;
    private final Backend backend;
    private boolean skipsToSync;
    private Statement unnamed;
    private final Portal unnamedPortal = new Portal();
    private Portal sparePortal;
    /** What Execute has begun. */
    private Portal running;
    /** To be described after a step. */
    private Portal previewed;

    private final int[] formats = new int[MAXIMUM_BOUND];
    private int formatCount;

    ExtendedQueries(Session session) {
        this.session = session;
        this.backend = session.backend;
    }

    boolean skipsToSync() {
        return skipsToSync;
    }

    void skipToSync() {
        skipsToSync = true;
    }

    private void violation() {
        backend.fail(SqlState.PROTOCOL_VIOLATION, "invalid message format", 0);
        skipsToSync = true;
    }

    void forgetUnnamed() {
        if (unnamed != null) {
            backend.close(unnamedPortal);
            backend.forget(unnamed);
            unnamed = null;
        }
    }

    void parse(Bytes data, int at, int end) {
        int text = Ascii.behindText(data, at, end);
        int types = text < 0 ? -1 : Ascii.behindText(data, text, end);
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
        backend.beginCommand();
        Statement statement = backend.parse(data, text, text, types - 1);
        if (statement != null && Ascii.moreFollows(data, session.server.scanned, types - 1)) {
            backend.forget(statement);
            fail(SqlState.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
            return;
        }
        if (statement == null) {
            skipsToSync = backend.prepareResult != Backend.WAITING;
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

    void bind(Bytes data, int at, int end) {
        int name = Ascii.behindText(data, at, end);
        int codes = name < 0 ? -1 : Ascii.behindText(data, name, end);
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
        backend.beginCommand();
        if (backend.transaction.hasFailed() && !statement.isAllowedInFailedTransaction()) {
            fail(
                    SqlState.FAILED_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
            drop(portal, data, at, name);
            return;
        }
        if (!backend.open(portal, statement)) {
            skipsToSync = backend.prepareResult != Backend.WAITING;
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

    /** False if it must come again when there is room for its answer. */
    boolean describe(Bytes data, int at, int end) {
        int behind = end - at < 2 ? -1 : Ascii.behindText(data, at + 1, end);
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
        } else if (needsPreview(portal)) {
            previewed = portal;
        } else {
            portal.statement.settleTypes(portal.hasRow ? portal.cursor : null);
            portal.statement.putDescription(backend.out, portal);
        }
        return true;
    }

    /** Whether {@link #describe} left the description to {@link #describeByPreview}. */
    boolean isPreviewDue() {
        return previewed != null;
    }

    /** Takes a step, so that it is done as execution is. */
    int describeByPreview() {
        Portal portal = previewed;
        previewed = null;
        if (preview(portal)) {
            portal.statement.putDescription(backend.out, portal);
        }
        return Backend.DONE;
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
    private static boolean needsPreview(Portal portal) {
        return portal.statement.hasUnknownTypes
                && portal.cursor != null
                && !portal.isStarted
                && portal.cursor.isReadOnly();
    }

    private boolean preview(Portal portal) {
        Statement statement = portal.statement;
        if (backend.isCancelled) {
            backend.failCancelled();
            skipsToSync = true;
            return false;
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

    /** Begins to execute a portal, which {@link #run} goes on with; false after an error. {@code isLast}: Sync follows at once. */
    boolean execute(Bytes data, int at, int end, boolean isLast) {
        int behind = Ascii.behindText(data, at, end);
        if (behind < 0 || end - behind < 4) {
            violation();
            return false;
        }
        Portal portal = portal(data, at, behind);
        if (portal == null || portal.statement == null) {
            fail(
                    SqlState.INVALID_PORTAL_NAME,
                    "portal \"" + Ascii.string(data, at, behind - 1 - at) + "\" does not exist");
            return false;
        }
        portal.limit = Math.max(data.i32(behind), 0);
        portal.rows = 0;
        running = portal;
        Statement statement = portal.statement;
        if (!isLast && !statement.controlsTransaction() && !statement.needsNoTransaction) {
            backend.transaction.imply();
        }
        return true;
    }

    int run() {
        return backend.run(running, false);
    }

    /** Execute has ended, well or not. */
    void executed(boolean isFailed) {
        skipsToSync = isFailed;
        if (isFailed) {
            backend.close(running);
        }
    }

    /** After Sync, outside of a transaction all portals are gone. */
    void synced() {
        skipsToSync = false;
        if (!backend.transaction.isBegun()) {
            backend.closePortals();
            closeUnnamedPortal();
        }
    }

    private void closeUnnamedPortal() {
        backend.close(unnamedPortal);
        unnamedPortal.statement = null;
    }

    void close(Bytes data, int at, int end) {
        int behind = end - at < 2 ? -1 : Ascii.behindText(data, at + 1, end);
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
            closeUnnamedPortal();
        } else if (backend.portals.get(name) != null) {
            Portal portal = backend.portals.remove(name);
            backend.close(portal);
            sparePortal = portal;
        }
        backend.out.simple('3');
    }

    void end() {
        previewed = null;
        forgetUnnamed();
        backend.close(unnamedPortal);
    }
}
