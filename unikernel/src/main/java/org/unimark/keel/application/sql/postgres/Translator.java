// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;

/** Makes of one statement in PostgreSQL's dialect what SQLite does about it. */
final class Translator {
    final Translation result = new Translation();
    final TextBuffer out;

    private final Tokens tokens = new Tokens();
    private final Expressions expressions;
    private final Definitions definitions;
    private final SessionStatements sessionStatements;
    private final CopyStatement copyStatement;

    Translator(Bytes memory) {
        out = new TextBuffer(memory);
        expressions = new Expressions(tokens, out, result);
        definitions = new Definitions(tokens, out, result, expressions);
        sessionStatements = new SessionStatements(tokens, out, result);
        copyStatement = new CopyStatement(tokens, out, result, expressions);
    }

    /** Translates the statement at {@code from}; returns the position behind it. */
    int translate(Bytes source, int from, int to) {
        int end = tokens.scan(source, from, to);
        out.clear();
        result.clear(tokens.parameters);
        expressions.begin();
        if (tokens.problem == Tokens.UNTERMINATED) {
            result.refuse(SqlState.SYNTAX_ERROR, "unterminated quoted string or comment", tokens.count);
            tokens.starts[tokens.count] = tokens.problemAt;
        } else if (tokens.problem == Tokens.TOO_MANY) {
            result.refuse("54001", "statement has too many words: 16384 at most", tokens.count);
        } else if (tokens.parameters > Statement.MAXIMUM_PARAMETERS) {
            result.refuse(SqlState.PROGRAM_LIMIT, "statement has too many parameters: 1024 at most", 0);
        } else if (tokens.count == 0) {
            result.kind = Translation.EMPTY;
        } else {
            statement();
        }
        if (out.overflown) {
            result.refuse("54001", "statement is too long", 0);
        }
        return end;
    }

    /** Position in the source of the refusal, or of what SQLite found at {@code outAt} of the translation. */
    int refusedAt() {
        return tokens.starts[Math.min(result.refusedToken, tokens.count)];
    }

    int sourcePosition(int outAt) {
        int token = 0;
        while (token + 1 < tokens.count && expressions.outStarts[token + 1] <= outAt) {
            token++;
        }
        return tokens.starts[token];
    }

    private void statement() {
        if (!tokens.isName(0) && !tokens.isSymbol(0, '(')) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error at or near \"" + tokens.text(0) + "\"", 0);
            return;
        }
        switch (tokens.isSymbol(0, '(') ? "select" : tokens.name(0)) {
            case "select", "values", "table" -> query();
            case "with" -> with();
            case "explain" -> explain();
            case "insert", "replace" -> change(Translation.INSERT, "INSERT");
            case "update" -> change(Translation.UPDATE, "UPDATE");
            case "delete" -> change(Translation.DELETE, "DELETE");
            case "create", "drop", "alter", "truncate", "vacuum", "analyze", "reindex" -> definitions.statement();
            case "copy" -> copyStatement.statement();
            case "pragma" -> plain("PRAGMA");
            default -> sessionStatements.statement();
        }
    }

    private void plain(String tag) {
        result.kind = Translation.OTHER;
        result.tag = tag;
        expressions.copy(0, tokens.count);
    }

    private void change(int kind, String tag) {
        result.kind = kind;
        result.tag = tag;
        expressions.copy(0, tokens.count);
    }

    private void query() {
        result.kind = Translation.QUERY;
        result.tag = "SELECT";
        result.selectList.read(tokens);
        if (tokens.is(0, "table") && tokens.isName(1)) {
            out.text("SELECT * FROM ");
            expressions.copy(1, tokens.count);
        } else if (mentionsEmptyCatalogue()) {
            nothingOf(0);
        } else if (tokens.isSymbol(0, '(')) {
            // SQLite has no parentheses around a whole query.
            int behind = tokens.behindParenthesis(0);
            if (behind != tokens.count) {
                expressions.refuse(0, "parentheses around parts of a compound query are not supported");
            } else {
                expressions.copy(1, tokens.count - 1);
            }
        } else {
            expressions.copy(0, tokens.count);
        }
    }

    private void with() {
        int depth = 0;
        for (int i = 1; i < tokens.count; i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            if (depth == 0 && tokens.is(i, "insert")) {
                change(Translation.INSERT, "INSERT");
                return;
            } else if (depth == 0 && tokens.is(i, "update")) {
                change(Translation.UPDATE, "UPDATE");
                return;
            } else if (depth == 0 && tokens.is(i, "delete")) {
                change(Translation.DELETE, "DELETE");
                return;
            }
        }
        query();
    }

    /** SQLite's own plan, in its own columns. */
    private void explain() {
        result.kind = Translation.OTHER;
        result.tag = "EXPLAIN";
        if (tokens.is(1, "analyze") || tokens.isSymbol(1, '(') || tokens.is(1, "verbose")) {
            expressions.refuse(1, "options of EXPLAIN are not supported");
        } else if (tokens.is(1, "query")) {
            expressions.copy(0, tokens.count);
        } else {
            out.text("EXPLAIN QUERY PLAN ");
            expressions.copy(1, tokens.count);
        }
    }

    /** Catalogues of what SQLite cannot have: whatever is selected from them, there is nothing. */
    private boolean mentionsEmptyCatalogue() {
        for (int i = 2; i < tokens.count; i++) {
            if (tokens.kinds[i] == Tokens.WORD && tokens.isSymbol(i - 1, '.') && tokens.is(i - 2, "pg_catalog")) {
                switch (tokens.name(i)) {
                    case "pg_policy", "pg_statistic_ext", "pg_publication", "pg_inherits", "pg_proc", "pg_trigger" -> {
                        return true;
                    }
                    case "pg_foreign_table", "pg_partitioned_table", "pg_sequence", "pg_rewrite" -> {
                        return true;
                    }
                    default -> {}
                }
            }
        }
        return false;
    }

    /** A query with as many columns as this one, under the names that it gives them, and without a row. */
    private void nothingOf(int select) {
        if (tokens.is(tokens.count - 1, "lateral") || mentionsLateral()) {
            expressions.refuse(select, "LATERAL is not supported");
            return;
        }
        out.text("SELECT NULL AS \"");
        int depth = 0;
        for (int i = select + 1; i < tokens.count; i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            boolean isEnd = depth == 0 && tokens.is(i, "from");
            if (isEnd || (depth == 0 && tokens.isSymbol(i, ','))) {
                out.text(tokens.isName(i - 1) ? tokens.name(i - 1) : "?column?");
                out.text(isEnd ? "\" WHERE FALSE" : "\", NULL AS \"");
                if (isEnd) {
                    return;
                }
            }
        }
    }

    private boolean mentionsLateral() {
        for (int i = 0; i < tokens.count; i++) {
            if (tokens.is(i, "lateral")) {
                return true;
            }
        }
        return false;
    }
}
