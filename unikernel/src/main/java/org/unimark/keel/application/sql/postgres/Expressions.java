// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * Copies the tokens of a statement to what SQLite gets, and says the few things differently that both know but write
 * differently. What has no counterpart is refused; nothing is dropped but what docs/sql.md names.
 */
@Rare
final class Expressions {
    private static final int MAXIMUM_DEPTH = 200;
    /** Words in front of a parenthesis that are no functions. */
    private static final String NO_FUNCTIONS =
            " in values and or not then else when select from where on as between like "
                    + "exists using set case union all except intersect over by having distinct returning limit offset is ";

    private final Tokens tokens;
    private final TextBuffer out;
    private final Translation result;
    private final Casts casts;
    private final Functions functions;
    private final Patterns patterns;
    /** Where in the output the operand begins that is inside each open parenthesis or CASE. */
    private final int[] openStarts = new int[MAXIMUM_DEPTH];

    private final boolean[] openIsCast = new boolean[MAXIMUM_DEPTH];
    private final boolean[] openIsCase = new boolean[MAXIMUM_DEPTH];
    private int depth;
    /** Where in the output each token's translation begins. */
    final int[] outStarts = new int[Tokens.CAPACITY + 1];

    /** Where in the output the operand began that has just ended, or -1 behind an operator. */
    int operandAt;
    /** Its first token. */
    int operandToken;

    Expressions(Tokens tokens, TextBuffer out, Translation result) {
        this.tokens = tokens;
        this.out = out;
        this.result = result;
        this.casts = new Casts(tokens, out, result, this);
        this.functions = new Functions(tokens, out, result, this);
        this.patterns = new Patterns(tokens, out, result, this);
    }

    void begin() {
        depth = 0;
        operandAt = -1;
    }

    /** Translates tokens {@code from} to {@code to} - 1. */
    void copy(int from, int to) {
        int i = from;
        while (i < to && result.refusal == null) {
            space(i);
            outStarts[i] = out.length;
            i = one(i, to);
        }
    }

    /** A blank where the statement had one, or a comment. */
    void space(int token) {
        if (token > 0 && tokens.starts[token] > tokens.ends[token - 1] && out.length > 0) {
            out.put8(' ');
        }
    }

    /** As it is. */
    void emit(int token) {
        out.copy(tokens.source(), tokens.starts[token], tokens.ends[token] - tokens.starts[token]);
    }

    private int one(int i, int to) {
        return switch (tokens.kinds[i]) {
            case Tokens.WORD, Tokens.QUOTED -> word(i, to);
            case Tokens.STRING, Tokens.NUMBER, Tokens.HEX_STRING -> literal(i);
            case Tokens.ESCAPES -> escapes(i);
            case Tokens.DOLLARS -> dollars(i);
            case Tokens.PARAMETER -> parameter(i);
            case Tokens.SYMBOL -> symbol(i);
            case Tokens.CAST -> casts.postfix(i);
            case Tokens.OPERATOR -> operator(i);
            default -> refuse(i, "bit strings and Unicode escapes are not supported");
        };
    }

    int refuse(int token, String message) {
        result.refuse(SqlState.FEATURE_NOT_SUPPORTED, message, token);
        return token + 1;
    }

    private void operandBegins(int token) {
        operandAt = out.length;
        operandToken = token;
    }

    private int literal(int i) {
        operandBegins(i);
        if (tokens.kinds[i] == Tokens.STRING && tokens.source().u8(tokens.starts[i]) != '\'') {
            // N'...' is '...'.
            out.copy(tokens.source(), tokens.starts[i] + 1, tokens.ends[i] - tokens.starts[i] - 1);
        } else {
            emit(i);
        }
        return i + 1;
    }

    private int parameter(int i) {
        operandBegins(i);
        out.put8('?').copy(tokens.source(), tokens.starts[i] + 1, tokens.ends[i] - tokens.starts[i] - 1);
        return i + 1;
    }

    private int escapes(int i) {
        operandBegins(i);
        out.put8('\'');
        Bytes source = tokens.source();
        int end = tokens.ends[i] - 1;
        int at = tokens.starts[i] + 2;
        while (at < end && result.refusal == null) {
            int character = source.u8(at++);
            if (character != '\\') {
                out.put8(character);
            } else {
                at = escape(i, source, at);
            }
        }
        out.put8('\'');
        return i + 1;
    }

    private int escape(int token, Bytes source, int at) {
        int character = source.u8(at);
        switch (character) {
            case 'n' -> out.put8('\n');
            case 't' -> out.put8('\t');
            case 'r' -> out.put8('\r');
            case 'b' -> out.put8('\b');
            case 'f' -> out.put8('\f');
            case '\'' -> out.text("''");
            case 'u', 'U', 'x', '0', '1', '2', '3', '4', '5', '6', '7' ->
                refuse(token, "numeric escapes in strings are not supported");
            default -> out.put8(character);
        }
        return at + 1;
    }

    private int dollars(int i) {
        operandBegins(i);
        Bytes source = tokens.source();
        int tag = 1;
        while (source.u8(tokens.starts[i] + tag) != '$') {
            tag++;
        }
        out.put8('\'');
        for (int at = tokens.starts[i] + tag + 1; at < tokens.ends[i] - tag - 1; at++) {
            if (source.u8(at) == '\'') {
                out.put8('\'');
            }
            out.put8(source.u8(at));
        }
        out.put8('\'');
        return i + 1;
    }

    private int symbol(int i) {
        int character = tokens.source().u8(tokens.starts[i]);
        switch (character) {
            case '(' -> {
                boolean isCall = i > 0 && tokens.isName(i - 1) && !isNoFunction(i - 1);
                open(isCall && operandAt >= 0 ? operandAt : out.length, i > 0 && tokens.is(i - 1, "cast"), false, i);
                operandAt = -1;
            }
            case ')' -> close(false);
            case '[' -> refuse(i, "arrays are not supported");
            case '?', ':' -> result.refuse(SqlState.SYNTAX_ERROR, "syntax error", i);
            case '.' -> {}
            default -> operandAt = -1;
        }
        emit(i);
        return i + 1;
    }

    private void open(int start, boolean isCast, boolean isCase, int token) {
        if (depth == MAXIMUM_DEPTH) {
            result.refuse("54001", "statement is nested too deeply", token);
            return;
        }
        openStarts[depth] = start;
        openIsCast[depth] = isCast;
        openIsCase[depth++] = isCase;
    }

    private void close(boolean isCase) {
        if (depth > 0 && openIsCase[depth - 1] == isCase) {
            operandAt = openStarts[--depth];
            operandToken = -1;
        }
    }

    boolean isNoFunction(int token) {
        if (tokens.kinds[token] != Tokens.WORD) {
            return false;
        }
        int length = tokens.ends[token] - tokens.starts[token];
        int from = 0;
        while (from >= 0 && from < NO_FUNCTIONS.length()) {
            int end = NO_FUNCTIONS.indexOf(' ', from + 1);
            if (end - from - 1 == length && tokens.is(token, NO_FUNCTIONS.substring(from + 1, end))) {
                return true;
            }
            from = end < 0 || end == NO_FUNCTIONS.length() - 1 ? -1 : end;
        }
        return false;
    }

    private int operator(int i) {
        if (tokens.isOperator(i, "~") || tokens.isOperator(i, "!~")) {
            return patterns.regularExpression(i, tokens.isOperator(i, "!~"), i + 1);
        }
        if (tokens.isOperator(i, "~*") || tokens.isOperator(i, "!~*")) {
            return refuse(i, "regular expressions are supported in a few simple forms only");
        }
        operandAt = -1;
        emit(i);
        return i + 1;
    }

    private int word(int i, int to) {
        if (i > 0 && tokens.isSymbol(i - 1, '.')) {
            emit(i);
            return i + 1;
        }
        if (tokens.isSymbol(i + 1, '.') && tokens.isName(i + 2)) {
            int next = qualified(i, to);
            if (next > i) {
                return next;
            }
        }
        if (tokens.kinds[i] == Tokens.WORD) {
            int next = keyword(i, to);
            if (next > i) {
                return next;
            }
        }
        operandBegins(i);
        emit(i);
        return i + 1;
    }

    /** A name with a schema in front: SQLite calls PostgreSQL's public main, and has the catalogues as temporary views. */
    private int qualified(int i, int to) {
        if (tokens.is(i, "public")) {
            operandBegins(i);
            out.text("main");
            return i + 1;
        }
        if (tokens.is(i, "pg_catalog")) {
            result.usesCatalogue |= !tokens.isSymbol(i + 3, '(');
            return word(i + 2, to, i);
        }
        if (tokens.is(i, "information_schema")) {
            result.usesCatalogue = true;
            operandBegins(i);
            out.text("information_schema_");
            emit(i + 2);
            return i + 3;
        }
        return i;
    }

    private int word(int i, int to, int from) {
        int next = functions.call(i, to);
        if (next == i) {
            operandBegins(from);
            emit(i);
            next = i + 1;
        }
        return next;
    }

    /** Words that mean something else in SQLite, or nothing; returns {@code i} if this is none. */
    private int keyword(int i, int to) {
        if (tokens.is(i, "case")) {
            open(out.length, false, true, i);
            operandAt = -1;
            emit(i);
            return i + 1;
        }
        if (tokens.is(i, "end") && depth > 0 && openIsCase[depth - 1]) {
            close(true);
            emit(i);
            return i + 1;
        }
        if (tokens.is(i, "as") && depth > 0 && openIsCast[depth - 1]) {
            return casts.infix(i);
        }
        if (tokens.is(i, "ilike")) {
            return patterns.ilike(i, to);
        }
        if (tokens.is(i, "operator") && tokens.isSymbol(i + 1, '(')) {
            return patterns.namedOperator(i);
        }
        if (tokens.is(i, "collate") && tokens.is(i + 1, "pg_catalog") && tokens.is(i + 3, "default")) {
            return i + 4;
        }
        if (tokens.is(i, "array") && (tokens.isSymbol(i + 1, '[') || tokens.isSymbol(i + 1, '('))) {
            return refuse(i, "arrays are not supported");
        }
        if (tokens.is(i, "lateral")) {
            return refuse(i, "LATERAL is not supported");
        }
        int next = rowLocks(i);
        if (next > i) {
            return next;
        }
        next = casts.typedLiteral(i);
        return next > i ? next : functions.call(i, to);
    }

    /** FOR UPDATE and its kin: transactions that write exclude each other as a whole, so there is no row to lock. */
    private int rowLocks(int i) {
        if (!tokens.is(i, "for") || depth > 0) {
            return i;
        }
        int next = i + 1;
        if (tokens.is(next, "no") && tokens.is(next + 1, "key")) {
            next += 2;
        } else if (tokens.is(next, "key")) {
            next++;
        }
        if (!tokens.is(next, "update") && !tokens.is(next, "share")) {
            return i;
        }
        next++;
        return tokens.kinds[next] == Tokens.END ? next : refuse(next, "options of row locks are not supported");
    }
}
