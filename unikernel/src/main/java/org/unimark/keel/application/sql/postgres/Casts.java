// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** {@code value::type}, {@code CAST(value AS type)} and {@code type 'value'}. */
@Rare
final class Casts {
    private final Tokens tokens;
    private final TextBuffer out;
    private final Translation result;
    private final Expressions expressions;

    /** Of the type that was read last. */
    private int type;

    private String typeName;
    private int length;
    private int scale;
    private int next;

    Casts(Tokens tokens, TextBuffer out, Translation result, Expressions expressions) {
        this.tokens = tokens;
        this.out = out;
        this.result = result;
        this.expressions = expressions;
    }

    /** Reads the name of a type at token {@code i}; false if it is none of ours. */
    private boolean readType(int i) {
        int at = tokens.is(i, "pg_catalog") && tokens.isSymbol(i + 1, '.') ? i + 2 : i;
        if (!tokens.isName(at)) {
            result.refuse(SqlState.SYNTAX_ERROR, "a type is missing", at);
            return false;
        }
        typeName = tokens.kinds[at] == Tokens.QUOTED && tokens.name(at).equals("char") ? "text" : tokens.name(at);
        at++;
        if (tokens.is(at, "precision") || tokens.is(at, "varying")) {
            typeName = typeName + (tokens.is(at, "precision") ? " precision" : " varying");
            at++;
        }
        length = -1;
        scale = 0;
        if (tokens.isSymbol(at, '(') && tokens.kinds[at + 1] == Tokens.NUMBER) {
            length = number(at + 1);
            scale = tokens.isSymbol(at + 2, ',') ? number(at + 3) : 0;
            at = tokens.behindParenthesis(at);
        }
        if ((tokens.is(at, "with") || tokens.is(at, "without")) && tokens.is(at + 1, "time")) {
            typeName = typeName + (tokens.is(at, "with") && typeName.equals("timestamp") ? "tz" : "");
            at += 3;
        }
        next = at;
        type = tokens.isSymbol(at, '[') ? Types.UNKNOWN : Types.ofName(typeName);
        if (Types.castName(type) == null) {
            boolean isKnown = type == Types.INTERVAL || tokens.isSymbol(at, '[');
            result.refuse(
                    isKnown ? SqlState.FEATURE_NOT_SUPPORTED : SqlState.UNDEFINED_OBJECT,
                    isKnown ? "intervals and arrays are not supported" : "type \"" + typeName + "\" does not exist",
                    i);
            return false;
        }
        return true;
    }

    private int number(int token) {
        int value = 0;
        for (int at = tokens.starts[token]; at < tokens.ends[token]; at++) {
            value = Math.min(value * 10 + tokens.source().u8(at) - '0', 1 << 20);
        }
        return value;
    }

    /** Behind the operand that has just been put out. */
    int postfix(int i) {
        if (expressions.operandAt < 0) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error at or near \"::\"", i);
            return i + 1;
        }
        if (readType(i + 1)) {
            wrap(expressions.operandAt, expressions.operandToken);
        }
        return next;
    }

    private void wrap(int at, int operand) {
        boolean isSimple = operand >= 0;
        int kind = isSimple ? tokens.kinds[operand] : Tokens.END;
        if (kind == Tokens.PARAMETER) {
            giveType(operand);
        }
        if (typeName.startsWith("reg")) {
            registered(at, kind);
        } else if (type == Types.BOOL) {
            bool(at);
        } else if (type == Types.BYTEA && kind == Tokens.STRING) {
            bytes(at, operand);
        } else if (type == Types.DATE) {
            out.insert(at, "date(").put8(')');
        } else if (type == Types.NUMERIC && length >= 0) {
            out.insert(at, "round(CAST(").text(" AS NUMERIC), ").number(scale).put8(')');
        } else if ((type == Types.VARCHAR || type == Types.BPCHAR) && length >= 0) {
            out.insert(at, "substr(CAST(").text(" AS TEXT), 1, ").number(length).put8(')');
        } else {
            // The second pair of parentheses is what a DEFAULT of a column needs around an expression.
            out.insert(at, "(CAST(").text(" AS ").text(Types.castName(type)).text("))");
        }
        expressions.operandToken = -1;
    }

    /** A parameter that is cast has that type, as far as the client is concerned. */
    private void giveType(int token) {
        int number = 0;
        for (int at = tokens.starts[token] + 1; at < tokens.ends[token]; at++) {
            number = Math.min(number * 10 + tokens.source().u8(at) - '0', 1 << 20);
        }
        if (number > 0 && number <= Statement.MAXIMUM_PARAMETERS && !typeName.startsWith("reg")) {
            result.parameterTypes[number - 1] = type;
        }
    }

    /** Numbers of tables and their names. */
    private void registered(int at, int kind) {
        if (typeName.equals("regclass")) {
            result.usesCatalogue = true;
            boolean isName = kind == Tokens.STRING || kind == Tokens.PARAMETER;
            out.insert(
                            at,
                            isName
                                    ? "(SELECT oid FROM pg_class WHERE relname = "
                                    : "(SELECT relname FROM pg_class WHERE oid = ")
                    .put8(')');
        } else {
            out.insert(at, "(CAST(").text(" AS TEXT))");
        }
    }

    private void bool(int at) {
        if (out.is(at, "'t'") || out.is(at, "'true'") || out.is(at, "'on'") || out.is(at, "'yes'")) {
            out.length = at;
            out.text("TRUE");
        } else if (out.is(at, "'f'") || out.is(at, "'false'") || out.is(at, "'off'") || out.is(at, "'no'")) {
            out.length = at;
            out.text("FALSE");
        } else {
            out.insert(at, "((").text(") NOT IN (0, '0', 'f', 'false', 'n', 'no', 'off'))");
        }
    }

    /** {@code '\x00ff'::bytea}. */
    private void bytes(int at, int operand) {
        int from = tokens.starts[operand] + 1;
        int digits = tokens.ends[operand] - 1 - from - 2;
        if (digits < 0 || !Ascii.matches(tokens.source(), from, "\\x")) {
            out.insert(at, "(CAST(").text(" AS BLOB))");
            return;
        }
        out.length = at;
        out.text("X'").copy(tokens.source(), from + 2, digits).put8('\'');
    }

    /** AS in a CAST: the type's name is replaced by one that SQLite does the same with. */
    int infix(int i) {
        if (!readType(i + 1)) {
            return i + 1;
        }
        if (type == Types.BOOL || typeName.startsWith("reg") || length >= 0) {
            return expressions.refuse(i, "this cast is supported in the form value::type only");
        }
        out.text("AS ").text(Types.castName(type));
        return next;
    }

    /** DATE '2026-11-26': the text itself, as SQLite stores dates. */
    int typedLiteral(int i) {
        if (!tokens.is(i, "date") && !tokens.is(i, "time") && !tokens.is(i, "timestamp") && !tokens.is(i, "interval")) {
            return i;
        }
        int at = i + 1;
        if ((tokens.is(at, "with") || tokens.is(at, "without")) && tokens.is(at + 1, "time")) {
            at += 3;
        }
        if (tokens.kinds[at] != Tokens.STRING) {
            return i;
        }
        return tokens.is(i, "interval") ? expressions.refuse(i, "intervals are not supported") : at;
    }
}
