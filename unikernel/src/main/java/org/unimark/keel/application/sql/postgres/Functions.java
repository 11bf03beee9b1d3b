// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** Calls of functions that SQLite has under another name, or not at all. */
@Rare
final class Functions {
    private final Tokens tokens;
    private final TextBuffer out;
    private final Translation result;
    private final Expressions expressions;

    Functions(Tokens tokens, TextBuffer out, Translation result, Expressions expressions) {
        this.tokens = tokens;
        this.out = out;
        this.result = result;
        this.expressions = expressions;
    }

    /** Translates the call at token {@code i} and returns the token behind it, or {@code i} if it can stay as it is. */
    int call(int i, int to) {
        if (tokens.kinds[i] != Tokens.WORD) {
            return i;
        }
        boolean isCall = tokens.isSymbol(i + 1, '(');
        String constant = constant(tokens.name(i), isCall);
        if (constant != null) {
            expressions.operandAt = out.length;
            expressions.operandToken = -1;
            out.text(constant);
            return isCall ? tokens.behindParenthesis(i + 1) : i + 1;
        }
        if (!isCall) {
            return i;
        }
        String name = tokens.name(i);
        if (name.equals("generate_series")) {
            return series(i);
        }
        String renamed = renamed(name);
        if (renamed != null) {
            expressions.operandAt = out.length;
            expressions.operandToken = i;
            out.text(renamed);
            return i + 1;
        }
        return template(name, i, to);
    }

    /** What does not depend on arguments, in SQLite's words; null if it is not such a word. */
    private static String constant(String name, boolean isCall) {
        return switch (name) {
            case "current_schema" -> "'public'";
            case "current_user", "session_user", "current_role" -> "'" + Settings.OWNER + "'";
            case "current_catalog" -> "'" + Settings.DATABASE + "'";
            case "localtimestamp" -> "CURRENT_TIMESTAMP";
            default -> isCall ? constantCall(name) : null;
        };
    }

    private static String constantCall(String name) {
        return switch (name) {
            case "version" -> "'" + Settings.VERSION_TEXT + "'";
            case "current_database" -> "'" + Settings.DATABASE + "'";
            case "now", "transaction_timestamp", "statement_timestamp", "clock_timestamp" -> "CURRENT_TIMESTAMP";
            case "random" -> "((random() & 9007199254740991) / 9007199254740992.0)";
            case "pg_get_userbyid" -> "'" + Settings.OWNER + "'";
            case "pg_table_is_visible", "pg_type_is_visible", "pg_function_is_visible" -> "TRUE";
            case "has_schema_privilege", "has_table_privilege", "has_database_privilege" -> "TRUE";
            case "pg_is_in_recovery", "pg_relation_is_publishable" -> "FALSE";
            case "pg_encoding_to_char" -> "'UTF8'";
            case "array_to_string", "obj_description", "col_description", "shobj_description" -> "NULL";
            case "pg_get_function_identity_arguments", "pg_get_partkeydef" -> "NULL";
            default -> null;
        };
    }

    private static String renamed(String name) {
        return switch (name) {
            case "string_agg" -> "group_concat";
            case "char_length", "character_length" -> "length";
            case "octet_length" -> "length";
            case "strpos" -> "instr";
            case "chr" -> "char";
            case "ascii" -> "unicode";
            case "btrim" -> "trim";
            default -> null;
        };
    }

    /** Calls whose arguments move. */
    private int template(String name, int i, int to) {
        switch (name) {
            case "pg_get_expr" -> {
                return firstArgument(i, "(", ")");
            }
            case "pg_get_indexdef" -> {
                result.usesCatalogue = true;
                return firstArgument(i, "(SELECT indexdef FROM pg_index_text WHERE indexrelid = ", ")");
            }
            case "pg_get_constraintdef" -> {
                result.usesCatalogue = true;
                return firstArgument(i, "(SELECT condef FROM pg_constraint WHERE oid = ", ")");
            }
            case "pg_get_viewdef" -> {
                result.usesCatalogue = true;
                return firstArgument(i, "(SELECT definition FROM pg_view_text WHERE oid = ", ")");
            }
            case "format_type" -> {
                return formatType(i);
            }
            case "extract",
                    "date_part",
                    "date_trunc",
                    "to_char",
                    "to_date",
                    "to_timestamp",
                    "age",
                    "position",
                    "overlay" -> {
                return expressions.refuse(i, "this function is not supported: see date(), time(), strftime(), instr()");
            }
            case "nextval", "currval", "setval", "lastval" -> {
                return expressions.refuse(i, "sequences are not supported");
            }
            case "unnest", "array_agg", "any" -> {
                return expressions.refuse(i, "arrays are not supported");
            }
            default -> {
                return i;
            }
        }
    }

    /** The token behind the argument that begins at {@code from}: a comma or the closing parenthesis. */
    private int argumentEnd(int from) {
        int depth = 0;
        for (int i = from; i < tokens.count; i++) {
            if (tokens.isSymbol(i, '(')) {
                depth++;
            } else if (tokens.isSymbol(i, ')') && depth-- == 0) {
                return i;
            } else if (tokens.isSymbol(i, ',') && depth == 0) {
                return i;
            }
        }
        return tokens.count;
    }

    private int firstArgument(int i, String before, String behind) {
        int start = out.length;
        out.text(before);
        expressions.copy(i + 2, argumentEnd(i + 2));
        out.text(behind);
        expressions.operandAt = start;
        expressions.operandToken = -1;
        return tokens.behindParenthesis(i + 1);
    }

    /** The declared name of a type, with its length: from its number and modifier. */
    private int formatType(int i) {
        result.usesCatalogue = true;
        int start = out.length;
        int first = argumentEnd(i + 2);
        out.text(
                        "(SELECT typtext || CASE WHEN modifier < 0 OR number NOT IN (1042, 1043, 1700) THEN '' WHEN number <> 1700 ")
                .text("THEN '(' || (modifier - 4) || ')' ELSE '(' || ((modifier - 4) >> 16) || ',' || ")
                .text("((modifier - 4) & 65535) || ')' END FROM pg_type, (SELECT ");
        expressions.copy(i + 2, first);
        out.text(" AS number, ");
        if (tokens.is(first + 1, "null")) {
            out.text("-1");
        } else {
            expressions.copy(first + 1, argumentEnd(first + 1));
        }
        out.text(" AS modifier) WHERE oid = number)");
        expressions.operandAt = start;
        expressions.operandToken = -1;
        return tokens.behindParenthesis(i + 1);
    }

    /** {@code generate_series(a, b, step) AS t(c)} in FROM: a table of its own, counted by SQLite. */
    private int series(int i) {
        int first = argumentEnd(i + 2);
        int second = first < tokens.count && tokens.isSymbol(first, ',') ? argumentEnd(first + 1) : tokens.count;
        int behind = tokens.behindParenthesis(i + 1);
        if (second == tokens.count || i == 0 || tokens.is(i - 1, "select")) {
            return expressions.refuse(i, "generate_series is supported in FROM only");
        }
        boolean hasStep = tokens.isSymbol(second, ',');
        int alias = tokens.is(behind, "as") ? behind + 1 : behind;
        boolean isNamed = tokens.isName(alias) && (alias > behind || !expressions.isNoFunction(alias));
        String column = isNamed ? tokens.name(alias) : "generate_series";
        int next = isNamed ? alias + 1 : behind;
        if (isNamed && tokens.isSymbol(next, '(')) {
            column = tokens.name(next + 1);
            next = tokens.behindParenthesis(next);
        }
        String name = isNamed ? tokens.name(alias) : "generate_series";
        out.text("(WITH RECURSIVE series_(value_, last_, step_) AS (SELECT * FROM (SELECT ");
        expressions.copy(i + 2, first);
        out.text(" AS first_, ");
        expressions.copy(first + 1, second);
        out.text(" AS last_, ");
        if (hasStep) {
            expressions.copy(second + 1, argumentEnd(second + 1));
        } else {
            out.put8('1');
        }
        out.text(" AS step_) WHERE first_ * sign_(step_) <= last_ * sign_(step_) ".replace("sign_(step_)", SIGN))
                .text(" UNION ALL SELECT value_ + step_, last_, step_ FROM series_ WHERE (value_ + step_) * ")
                .text(SIGN)
                .text(" <= last_ * ")
                .text(SIGN)
                .text(") SELECT value_ AS \"")
                .text(column)
                .text("\" FROM series_) AS \"")
                .text(name)
                .put8('"');
        expressions.operandAt = -1;
        return next;
    }

    private static final String SIGN = "(CASE WHEN step_ < 0 THEN -1 WHEN step_ > 0 THEN 1 END)";
}
