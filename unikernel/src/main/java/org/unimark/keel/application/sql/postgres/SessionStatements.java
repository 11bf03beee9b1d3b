// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** Transactions and what concerns the session alone: read here, done by {@link Session}. */
@Rare
final class SessionStatements {
    private final Tokens tokens;
    private final TextBuffer out;
    private final Translation result;

    SessionStatements(Tokens tokens, TextBuffer out, Translation result) {
        this.tokens = tokens;
        this.out = out;
        this.result = result;
    }

    void statement() {
        switch (tokens.name(0)) {
            case "begin" -> begin(1, "BEGIN");
            case "start" -> begin(1, "START TRANSACTION");
            case "commit", "end" -> end(Translation.COMMIT, "COMMIT");
            case "abort" -> end(Translation.ROLLBACK, "ROLLBACK");
            case "rollback" -> rollback();
            case "savepoint" -> savepoint(Translation.SAVEPOINT, "SAVEPOINT", 1);
            case "release" -> savepoint(Translation.RELEASE, "RELEASE", tokens.is(1, "savepoint") ? 2 : 1);
            case "set" -> set();
            case "show" -> show();
            case "reset" -> reset();
            case "deallocate" -> deallocate();
            case "discard" -> discard();
            case "unlisten" -> nothing("UNLISTEN");
            case "close" -> close();
            default -> unknown();
        }
    }

    private void unknown() {
        String word = tokens.text(0);
        switch (Ascii.lowerCase(word)) {
            case "listen",
                    "notify",
                    "lock",
                    "prepare",
                    "execute",
                    "declare",
                    "fetch",
                    "move",
                    "grant",
                    "revoke",
                    "comment",
                    "cluster",
                    "do",
                    "call",
                    "checkpoint",
                    "refresh",
                    "security",
                    "reassign",
                    "import",
                    "load",
                    "merge",
                    "attach",
                    "detach" ->
                result.refuse(SqlState.FEATURE_NOT_SUPPORTED, Ascii.upperCase(word) + " is not supported", 0);
            default -> result.refuse(SqlState.SYNTAX_ERROR, "syntax error at or near \"" + word + "\"", 0);
        }
    }

    private void nothing(String tag) {
        result.kind = Translation.NOTHING;
        result.tag = tag;
    }

    private void begin(int from, String tag) {
        result.kind = Translation.BEGIN;
        result.tag = tag;
        int i = from;
        if (tokens.is(i, "work") || tokens.is(i, "transaction")) {
            i++;
        }
        // SQLite is serializable whatever is asked for; writes are refused in a transaction that is to be read only.
        modes(i);
    }

    private void modes(int from) {
        for (int i = from; i < tokens.count; i++) {
            if (tokens.is(i, "read") && tokens.is(i + 1, "only")) {
                result.isReadOnly = true;
            } else if (!tokens.isSymbol(i, ',')
                    && !(tokens.is(i, "isolation")
                            || tokens.is(i, "level")
                            || tokens.is(i, "read")
                            || tokens.is(i, "write")
                            || tokens.is(i, "only")
                            || tokens.is(i, "committed")
                            || tokens.is(i, "uncommitted")
                            || tokens.is(i, "repeatable")
                            || tokens.is(i, "serializable")
                            || tokens.is(i, "not")
                            || tokens.is(i, "deferrable"))) {
                result.refuse(SqlState.SYNTAX_ERROR, "syntax error at or near \"" + tokens.text(i) + "\"", i);
            }
        }
    }

    private void end(int kind, String tag) {
        result.kind = kind;
        result.tag = tag;
        int i = tokens.is(1, "work") || tokens.is(1, "transaction") ? 2 : 1;
        if (tokens.is(1, "prepared") || (tokens.is(i, "and") && !tokens.is(i + 1, "no"))) {
            result.refuse(SqlState.FEATURE_NOT_SUPPORTED, "two-phase and chained transactions are not supported", i);
        }
    }

    private void rollback() {
        int i = tokens.is(1, "work") || tokens.is(1, "transaction") ? 2 : 1;
        if (tokens.is(i, "to")) {
            savepoint(Translation.ROLLBACK_TO, "ROLLBACK", tokens.is(i + 1, "savepoint") ? i + 2 : i + 1);
        } else {
            end(Translation.ROLLBACK, "ROLLBACK");
        }
    }

    private void savepoint(int kind, String tag, int name) {
        result.kind = kind;
        result.tag = tag;
        if (!tokens.isName(name)) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error at end of input", tokens.count);
            return;
        }
        String verb = kind == Translation.SAVEPOINT
                ? "SAVEPOINT \""
                : kind == Translation.RELEASE ? "RELEASE \"" : "ROLLBACK TO \"";
        out.text(verb).text(tokens.name(name).replace("\"", "\"\"")).put8('"');
    }

    private void set() {
        result.kind = Translation.SET;
        result.tag = "SET";
        int i = tokens.is(1, "session") || tokens.is(1, "local") ? 2 : 1;
        result.isLocal = tokens.is(1, "local");
        if (tokens.is(i, "transaction") || tokens.is(i, "characteristics")) {
            result.name = "transaction";
            result.value = "";
            modes(tokens.is(i, "transaction") ? i + 1 : i + 3);
            result.isReadOnly &= tokens.is(i, "transaction");
            return;
        }
        if (tokens.is(i, "time") && tokens.is(i + 1, "zone")) {
            result.name = "timezone";
            value(i + 2);
        } else if (tokens.is(i, "names")) {
            result.name = "client_encoding";
            value(i + 1);
        } else {
            i = qualifiedName(i);
            if (tokens.is(i, "to") || tokens.isOperator(i, "=")) {
                value(i + 1);
            } else {
                result.refuse(SqlState.SYNTAX_ERROR, "syntax error in SET", i);
            }
        }
    }

    private int qualifiedName(int from) {
        if (!tokens.isName(from)) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error: a parameter's name is missing", from);
            return from;
        }
        String name = tokens.name(from);
        int i = from + 1;
        while (tokens.isSymbol(i, '.') && tokens.isName(i + 1)) {
            name = name + "." + tokens.name(i + 1);
            i += 2;
        }
        result.name = Ascii.lowerCase(name);
        return i;
    }

    private void value(int from) {
        if (from >= tokens.count) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error at end of input", tokens.count);
            return;
        }
        if (tokens.is(from, "default")) {
            result.kind = Translation.RESET;
            return;
        }
        StringBuilder value = new StringBuilder();
        for (int i = from; i < tokens.count; i++) {
            if (tokens.isSymbol(i, ',')) {
                value.append(", ");
            } else {
                value.append(tokens.value(i));
            }
        }
        result.value = value.toString();
    }

    private void show() {
        result.kind = Translation.SHOW;
        result.tag = "SHOW";
        if (tokens.is(1, "time") && tokens.is(2, "zone")) {
            result.name = "timezone";
        } else if (tokens.is(1, "transaction") && tokens.is(2, "isolation")) {
            result.name = "transaction_isolation";
        } else {
            qualifiedName(1);
        }
    }

    private void reset() {
        result.kind = Translation.RESET;
        result.tag = "RESET";
        qualifiedName(1);
    }

    private void deallocate() {
        result.kind = Translation.DEALLOCATE;
        int i = tokens.is(1, "prepare") ? 2 : 1;
        result.tag = tokens.is(i, "all") ? "DEALLOCATE ALL" : "DEALLOCATE";
        if (!tokens.isName(i)) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error at end of input", tokens.count);
        } else {
            result.name = tokens.is(i, "all") ? null : tokens.name(i);
        }
    }

    private void discard() {
        result.kind = Translation.DISCARD;
        result.tag = "DISCARD ALL";
        if (tokens.is(1, "plans") || tokens.is(1, "sequences")) {
            nothing(tokens.is(1, "plans") ? "DISCARD PLANS" : "DISCARD SEQUENCES");
        } else if (!tokens.is(1, "all")) {
            result.refuse(SqlState.FEATURE_NOT_SUPPORTED, "DISCARD of temporary tables alone is not supported", 1);
        }
    }

    private void close() {
        if (tokens.is(1, "all")) {
            nothing("CLOSE CURSOR ALL");
        } else {
            result.refuse(SqlState.FEATURE_NOT_SUPPORTED, "cursors in SQL are not supported", 0);
        }
    }
}
