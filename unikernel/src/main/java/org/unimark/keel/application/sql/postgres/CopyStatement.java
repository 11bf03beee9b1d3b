// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** Reads COPY and makes of it the SELECT whose rows go out, or the INSERT that takes what comes in. */
@Rare
final class CopyStatement {
    private static final int LONGEST_NULL_TEXT = 256;

    private final Tokens tokens;
    private final TextBuffer out;
    private final Translation result;
    private final Expressions expressions;
    private CopyOptions options;

    CopyStatement(Tokens tokens, TextBuffer out, Translation result, Expressions expressions) {
        this.tokens = tokens;
        this.out = out;
        this.result = result;
        this.expressions = expressions;
    }

    void statement() {
        options = new CopyOptions();
        result.copy = options;
        result.tag = "COPY";
        int i = 1;
        boolean isQuery = tokens.isSymbol(i, '(');
        if (isQuery) {
            int behind = tokens.behindParenthesis(i);
            expressions.copy(i + 1, behind - 1);
            i = behind;
        } else {
            i = target(i);
        }
        boolean isIn = tokens.is(i, "from");
        if (!isIn && !tokens.is(i, "to")) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error in COPY: FROM or TO expected", i);
            return;
        }
        result.kind = isIn ? Translation.COPY_IN : Translation.COPY_OUT;
        i++;
        if ((isIn && isQuery) || !tokens.is(i, isIn ? "stdin" : "stdout")) {
            result.refuse(SqlState.FEATURE_NOT_SUPPORTED, "COPY is supported from STDIN and to STDOUT only", i);
            return;
        }
        options(i + 1);
        options.settle();
        if (!isQuery && result.refusal == null && !isIn) {
            selectOf();
        }
    }

    /** Table and columns; both stay in the output for now. */
    private int target(int from) {
        if (!tokens.isName(from)) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error in COPY: a table's name is missing", from);
            return from;
        }
        int i = tokens.isSymbol(from + 1, '.') ? from + 3 : from + 1;
        expressions.copy(from, i);
        if (tokens.isSymbol(i, '(')) {
            int behind = tokens.behindParenthesis(i);
            for (int column = i + 1; column < behind; column++) {
                options.columns += tokens.isSymbol(column, ',') || tokens.isSymbol(column, ')') ? 1 : 0;
            }
            expressions.copy(i, behind);
            i = behind;
        }
        options.target = Ascii.string(out.bytes, 0, out.length);
        return i;
    }

    private void selectOf() {
        int open = options.target.indexOf('(');
        out.clear().text("SELECT ");
        if (open < 0) {
            out.text("* FROM ").text(options.target);
        } else {
            out.text(options.target.substring(open + 1, options.target.length() - 1))
                    .text(" FROM ")
                    .text(options.target.substring(0, open));
        }
    }

    /** {@code WITH (FORMAT csv, HEADER)} and the older form without parentheses. */
    private void options(int from) {
        int i = tokens.is(from, "with") ? from + 1 : from;
        boolean isList = tokens.isSymbol(i, '(');
        i += isList ? 1 : 0;
        while (i < tokens.count && !tokens.isSymbol(i, ')') && result.refusal == null) {
            i = tokens.isSymbol(i, ',') ? i + 1 : option(i);
        }
    }

    private int option(int i) {
        if (!tokens.isName(i)) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error in the options of COPY", i);
            return i + 1;
        }
        int value = tokens.is(i + 1, "as") ? i + 2 : i + 1;
        switch (tokens.name(i)) {
            case "format" -> {
                format(value);
                return value + 1;
            }
            case "csv" -> {
                csv();
                return i + 1;
            }
            case "header" -> {
                options.hasHeader = !isFalse(value);
                return isBoolean(value) ? value + 1 : i + 1;
            }
            case "freeze" -> {
                // A promise that makes loading cheaper; it changes nothing that anybody sees.
                return isBoolean(value) ? value + 1 : i + 1;
            }
            case "null" -> {
                options.nullText = tokens.value(value);
                if (options.nullText.length() > LONGEST_NULL_TEXT) {
                    result.refuse(SqlState.SYNTAX_ERROR, "COPY's text for null is too long", value);
                }
                return value + 1;
            }
            case "delimiter", "delimiters", "quote", "escape" -> {
                character(tokens.name(i), value);
                return value + 1;
            }
            case "encoding" -> {
                encoding(value);
                return value + 1;
            }
            default -> {
                result.refuse(
                        SqlState.FEATURE_NOT_SUPPORTED, "COPY option \"" + tokens.name(i) + "\" is not supported", i);
                return i + 1;
            }
        }
    }

    private boolean isBoolean(int token) {
        return isFalse(token)
                || tokens.is(token, "on")
                || tokens.is(token, "true")
                || tokens.kinds[token] == Tokens.NUMBER;
    }

    private boolean isFalse(int token) {
        return tokens.is(token, "off")
                || tokens.is(token, "false")
                || (tokens.kinds[token] == Tokens.NUMBER && tokens.text(token).equals("0"));
    }

    private void csv() {
        options.isCsv = true;
        options.delimiter = options.delimiter == '\t' ? ',' : options.delimiter;
    }

    private void format(int token) {
        String name = token < tokens.count ? Ascii.lowerCase(tokens.value(token)) : "";
        if (name.equals("csv")) {
            csv();
        } else if (!name.equals("text")) {
            result.refuse(SqlState.FEATURE_NOT_SUPPORTED, "COPY formats are text and csv", token);
        }
    }

    private void encoding(int token) {
        if (!Settings.isUtf8(tokens.value(token))) {
            result.refuse(SqlState.FEATURE_NOT_SUPPORTED, "the only encoding is UTF8", token);
        }
    }

    private void character(String name, int token) {
        int character = single(token);
        if (character < 0) {
            result.refuse(
                    SqlState.FEATURE_NOT_SUPPORTED, "COPY " + name + " must be a single one-byte character", token);
        } else if (name.equals("quote")) {
            options.quote = character;
        } else if (name.equals("escape")) {
            options.escape = character;
        } else {
            options.delimiter = character;
        }
    }

    private int single(int token) {
        if (token >= tokens.count) {
            return -1;
        }
        String text = tokens.value(token);
        if (tokens.kinds[token] == Tokens.ESCAPES) {
            return text.equals("E'\\t'") ? '\t' : -1;
        }
        return text.length() == 1 && text.charAt(0) < 0x80 && text.charAt(0) != '\n' && text.charAt(0) != '\\'
                ? text.charAt(0)
                : -1;
    }
}
