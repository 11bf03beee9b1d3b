// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** What became of one statement: its kind, its text for SQLite, or the reason why there is none. */
@Rare
final class Translation {
    static final int EMPTY = 0;
    /** Rows, counted in its tag. */
    static final int QUERY = 1;

    static final int INSERT = 2;
    static final int UPDATE = 3;
    static final int DELETE = 4;
    /** Anything else that SQLite does: its tag is fixed. */
    static final int OTHER = 5;

    static final int BEGIN = 6;
    static final int COMMIT = 7;
    static final int ROLLBACK = 8;
    static final int SAVEPOINT = 9;
    static final int RELEASE = 10;
    static final int ROLLBACK_TO = 11;
    static final int SET = 12;
    static final int SHOW = 13;
    static final int RESET = 14;
    static final int COPY_IN = 15;
    static final int COPY_OUT = 16;
    static final int DEALLOCATE = 17;
    static final int DISCARD = 18;
    /** Nothing to do but to say so. */
    static final int NOTHING = 19;

    int kind;
    String tag;
    /** For people, with SQLSTATE 00000, or null. */
    String notice;
    /** Several statements in the text, done one behind the other. */
    boolean isSequence;
    /** A table that is not there is no error. */
    boolean ifExists;
    /** Not inside a transaction that was begun. */
    boolean needsNoTransaction;

    boolean isReadOnly;
    boolean usesCatalogue;
    /** Of SET, SHOW, RESET, DEALLOCATE and savepoints. */
    String name;

    String value;
    boolean isLocal;
    /** Of COPY. */
    CopyOptions copy;

    final SelectList selectList = new SelectList();

    /** Types that casts give to parameters, from index 0 for $1. */
    final int[] parameterTypes = new int[Statement.MAXIMUM_PARAMETERS];

    int parameters;

    String refusal;
    String refusalState;
    /** Token at which it is. */
    int refusedToken;

    void clear(int parameterCount) {
        kind = OTHER;
        tag = "";
        notice = null;
        isSequence = false;
        ifExists = false;
        needsNoTransaction = false;
        isReadOnly = false;
        usesCatalogue = false;
        name = null;
        value = null;
        isLocal = false;
        copy = null;
        refusal = null;
        selectList.count = 0;
        parameters = parameterCount;
        for (int i = 0; i < Math.min(parameterCount, parameterTypes.length); i++) {
            parameterTypes[i] = Types.UNKNOWN;
        }
    }

    void refuse(String state, String message, int token) {
        if (refusal == null) {
            refusal = message;
            refusalState = state;
            refusedToken = token;
        }
    }

    /** Whether it is one of those that end a transaction that has failed. */
    boolean isAllowedInFailedTransaction() {
        return kind == COMMIT || kind == ROLLBACK || kind == ROLLBACK_TO || kind == EMPTY;
    }
}
