// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlStatement;

/** The transaction of one session as PostgreSQL has it: begun by the client or implied by a group of statements. */
final class Transaction {
    private static final int BUSY_SNAPSHOT = 517;

    private final Backend backend;
    private boolean isExplicit;
    private boolean isImplicit;
    private boolean failed;
    private boolean isReadOnly;
    /** A statement of it has run: it may hold a lock that others wait for. */
    private boolean hasRun;

    long waitsUntilNanos;
    boolean isWaiting;
    boolean waitsForCommit;

    Transaction(Backend backend) {
        this.backend = backend;
    }

    int status() {
        return !isExplicit ? 'I' : failed ? 'E' : 'T';
    }

    boolean isBegun() {
        return isExplicit || isImplicit;
    }

    boolean hasFailed() {
        return failed;
    }

    void setReadOnly() {
        isReadOnly = true;
    }

    boolean refuses(SqlStatement statement) {
        return isReadOnly && isExplicit && !statement.isReadOnly();
    }

    /** Several statements of one message, or of several up to a Sync, succeed or fail together. */
    void imply() {
        if (!isBegun() && backend.runOnce("BEGIN") == SqlConnection.DONE) {
            isImplicit = true;
        }
    }

    void begin(boolean readOnly) {
        if (!isImplicit) {
            backend.runOnce("BEGIN");
        }
        isImplicit = false;
        isExplicit = true;
        isReadOnly = readOnly;
    }

    boolean isExplicit() {
        return isExplicit;
    }

    void statementDone() {
        hasRun = isBegun();
        isWaiting = false;
        statementEnded();
    }

    /** Locks are held to the end of the transaction, not of the statement. */
    void statementEnded() {
        if (!isBegun()) {
            backend.server.lockMayBeFree();
        }
    }

    /** An error: what was implied is undone at once, what the client began waits for its end. */
    void failed() {
        isWaiting = false;
        waitsForCommit = false;
        if (isImplicit) {
            backend.closePortals();
            rollback();
        } else {
            failed = isExplicit;
        }
    }

    /** Ends it well; the result is one of Backend's. */
    int commit() {
        if (!backend.sql.isInTransaction()) {
            clear();
            return Backend.DONE;
        }
        backend.closePortals();
        int code = backend.runOnce("COMMIT");
        if ((code & 0xff) == SqlConnection.BUSY) {
            waitsForCommit = true;
            int result = busy(code, null);
            if (result == Backend.FAILED) {
                rollback();
            }
            return result;
        }
        if (code != SqlConnection.DONE) {
            backend.failBySqlite(code, 0);
            rollback();
            return Backend.FAILED;
        }
        clear();
        backend.server.lockMayBeFree();
        return Backend.DONE;
    }

    /** At the end of a group of statements. */
    int commitImplied() {
        return isImplicit ? commit() : Backend.DONE;
    }

    void rollback() {
        backend.closePortals();
        if (backend.sql != null && backend.sql.isInTransaction()) {
            backend.runOnce("ROLLBACK");
        }
        clear();
        backend.server.lockMayBeFree();
    }

    void rolledBackToSavepoint() {
        failed = false;
    }

    private void clear() {
        isExplicit = false;
        isImplicit = false;
        failed = false;
        isReadOnly = false;
        hasRun = false;
        isWaiting = false;
        waitsForCommit = false;
    }

    void end() {
        clear();
    }

    /** Somebody else has the lock: waits, or fails if that could never end or has taken too long. */
    int busy(int code, SqlStatement statement) {
        boolean upgrades = hasRun && statement != null && !statement.isReadOnly();
        if (code == BUSY_SNAPSHOT || (upgrades && backend.server.someoneCommits())) {
            return backend.fail(
                    SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update", 0);
        }
        if (backend.isCancelled) {
            return backend.failCancelled();
        }
        return mayWait()
                ? Backend.WAITING
                : backend.fail(SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout", 0);
    }

    /** Whether what met a lock may try again: the time that it may take begins with the first time. */
    boolean mayWait() {
        long nowNanos = backend.server.platform.clock().nanos();
        if (!isWaiting) {
            isWaiting = true;
            long timeout = backend.settings.lockTimeoutMillis;
            waitsUntilNanos = timeout == 0 ? Long.MAX_VALUE : nowNanos + timeout * 1_000_000L;
            return true;
        }
        return nowNanos < waitsUntilNanos;
    }
}
