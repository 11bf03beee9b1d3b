// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** The statements of a simple query, one behind the other; together they are one transaction. */
@Rare
final class Script {
    private final Session session;
    private final Backend backend;
    private final Bytes memory;
    /** Where the text is: in its own memory or in a large piece; null without a query. */
    private Bytes text;

    private int at;
    private int end;
    private int statements;
    private final Portal portal = new Portal();
    private boolean isRunning;

    Script(Session session, Bytes memory) {
        this.session = session;
        this.backend = session.backend;
        this.memory = memory;
    }

    Bytes memory() {
        return memory;
    }

    /** Takes the text, which ends with a zero; false if there is no memory for it. */
    boolean begin(Bytes data, int from, int length) {
        text = length <= memory.length() ? memory : session.server.takeLarge();
        if (text == null) {
            return false;
        }
        text.copyFrom(0, data, from, length);
        at = 0;
        end = length - 1;
        statements = 0;
        isRunning = false;
        backend.isCancelled = false;
        return true;
    }

    /** Runs until one of {@link Backend}'s results. */
    int run() {
        while (true) {
            if (!isRunning) {
                if (!backend.out.reserve(Outbox.CAPACITY - 1)) {
                    return Backend.BLOCKED;
                }
                int result = next();
                if (result != Backend.SUSPENDED) {
                    return result;
                }
            }
            int result = backend.run(portal, true);
            if (result != Backend.DONE) {
                return result;
            }
            closePortal();
        }
    }

    /** SUSPENDED: the portal has the next statement; else how the script ends. */
    private int next() {
        while (Ascii.moreFollows(text, at, end)) {
            backend.prepareResult = Backend.DONE;
            Statement statement = backend.parse(text, 0, at, end);
            if (statement == null) {
                return backend.prepareResult == Backend.WAITING ? Backend.WAITING : Backend.FAILED;
            }
            at = session.server.scanned;
            if (statement.kind == Translation.EMPTY) {
                continue;
            }
            if (statement.parameterTypes.length > 0) {
                backend.forget(statement);
                return backend.fail(SqlState.UNDEFINED_PARAMETER, "there is no parameter $1", 0);
            }
            boolean isAlone = statements == 0 && !Ascii.moreFollows(text, at, end);
            if (!isAlone && !statement.controlsTransaction() && !statement.needsNoTransaction) {
                backend.transaction.imply();
            }
            statements++;
            isRunning = true;
            return backend.open(portal, statement) ? Backend.SUSPENDED : Backend.FAILED;
        }
        if (statements == 0) {
            backend.out.simple('I');
        }
        return backend.transaction.commitImplied();
    }

    /** The statement that runs is done with. */
    void closePortal() {
        if (isRunning) {
            backend.close(portal);
            backend.forget(portal.statement);
            isRunning = false;
        }
    }

    void end() {
        closePortal();
        if (text != null && text != memory) {
            session.server.giveLarge(text);
        }
        text = null;
    }
}
