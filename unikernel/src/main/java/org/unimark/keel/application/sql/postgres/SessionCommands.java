// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.kernel.Rare;

/** Statements that concern the session alone. */
@Rare
final class SessionCommands {
    private SessionCommands() {}

    static int run(Backend backend, Statement statement, boolean describes) {
        Transaction transaction = backend.transaction;
        Outbox out = backend.out;
        switch (statement.kind) {
            case Translation.EMPTY -> {
                out.simple('I');
                return Backend.DONE;
            }
            case Translation.BEGIN -> {
                if (transaction.isExplicit()) {
                    out.notice("WARNING", SqlState.ACTIVE_TRANSACTION, "there is already a transaction in progress");
                } else {
                    transaction.begin(statement.isReadOnlyBegin);
                }
            }
            case Translation.COMMIT, Translation.ROLLBACK -> {
                return end(backend, statement);
            }
            case Translation.SAVEPOINT, Translation.RELEASE, Translation.ROLLBACK_TO -> {
                return savepoint(backend, statement);
            }
            case Translation.SET -> {
                return set(backend, statement);
            }
            case Translation.RESET -> {
                if (!backend.settings.reset(statement.argument)) {
                    return unknown(backend, statement);
                }
                backend.limitStatements();
                backend.settings.reportChange(statement.argument, out);
            }
            case Translation.SHOW -> {
                return show(backend, statement, describes);
            }
            case Translation.DEALLOCATE -> {
                if (statement.argument == null) {
                    backend.closeStatements();
                } else {
                    Statement named = backend.statements.remove(statement.argument);
                    if (named == null) {
                        return backend.fail(
                                SqlState.INVALID_STATEMENT_NAME,
                                "prepared statement \"" + statement.argument + "\" does not exist",
                                0);
                    }
                    backend.forget(named);
                }
            }
            case Translation.DISCARD -> {
                if (transaction.isExplicit()) {
                    return backend.fail(
                            SqlState.ACTIVE_TRANSACTION, "DISCARD ALL cannot run inside a transaction block", 0);
                }
                backend.settings.reset("all");
                backend.limitStatements();
                backend.closeStatements();
            }
            default -> {}
        }
        if (statement.notice != null) {
            out.notice("NOTICE", SqlState.SUCCESS, statement.notice);
        }
        out.complete(statement.tag);
        return Backend.DONE;
    }

    private static int end(Backend backend, Statement statement) {
        Transaction transaction = backend.transaction;
        if (!transaction.isExplicit()) {
            backend.out.notice("WARNING", SqlState.NO_ACTIVE_TRANSACTION, "there is no transaction in progress");
        }
        if (statement.kind == Translation.ROLLBACK || transaction.hasFailed()) {
            transaction.rollback();
            backend.out.complete("ROLLBACK");
            return Backend.DONE;
        }
        int result = transaction.commit();
        if (result == Backend.DONE) {
            backend.out.complete("COMMIT");
        }
        return result;
    }

    private static int savepoint(Backend backend, Statement statement) {
        if (!backend.transaction.isExplicit()) {
            return backend.fail(
                    SqlState.NO_ACTIVE_TRANSACTION, statement.tag + " can only be used in transaction blocks", 0);
        }
        TextBuffer text = backend.server.text.clear();
        text.bytes.copyFrom(0, statement.text, 0, statement.text.length);
        int code = backend.runOnce(text.bytes, statement.text.length);
        if (code != SqlConnection.DONE) {
            return backend.failBySqlite(code, 0);
        }
        if (statement.kind == Translation.ROLLBACK_TO) {
            backend.transaction.rolledBackToSavepoint();
        }
        backend.out.complete(statement.tag);
        return Backend.DONE;
    }

    private static int set(Backend backend, Statement statement) {
        if (statement.argument.equals("transaction")) {
            if (statement.isReadOnlyBegin) {
                backend.transaction.setReadOnly();
            }
        } else {
            int result = backend.settings.set(statement.argument, statement.value);
            if (result == Settings.UNKNOWN) {
                return unknown(backend, statement);
            } else if (result == Settings.READ_ONLY) {
                return backend.fail("55P02", "parameter \"" + statement.argument + "\" cannot be changed", 0);
            } else if (result == Settings.INVALID) {
                return backend.fail(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "invalid value for parameter \"" + statement.argument + "\": \"" + statement.value + "\"",
                        0);
            }
            backend.limitStatements();
            backend.settings.reportChange(statement.argument, backend.out);
        }
        backend.out.complete("SET");
        return Backend.DONE;
    }

    private static int unknown(Backend backend, Statement statement) {
        return backend.fail(
                SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + statement.argument + "\"", 0);
    }

    private static int show(Backend backend, Statement statement, boolean describes) {
        String value = backend.settings.get(statement.argument);
        if (value == null) {
            return unknown(backend, statement);
        }
        Outbox out = backend.out;
        if (describes) {
            statement.putDescription(out, null);
        }
        out.open('D');
        out.put16(1);
        out.put32(value.length());
        out.ascii(value);
        out.close();
        out.complete("SHOW");
        return Backend.DONE;
    }
}
