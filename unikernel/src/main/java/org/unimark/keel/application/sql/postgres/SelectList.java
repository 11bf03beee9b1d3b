// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/**
 * Names and types that PostgreSQL gives to what a query computes, read off the query's first words: SQLite names an
 * expression by its text, and knows no type of it before there is a row.
 */
@Rare
final class SelectList {
    static final int MAXIMUM_ITEMS = 256;

    final String[] names = new String[MAXIMUM_ITEMS];
    final int[] types = new int[MAXIMUM_ITEMS];
    /** 0 if nothing can be said: because of a star, or because it is no SELECT. */
    int count;

    void read(Tokens tokens) {
        count = 0;
        if (!tokens.is(0, "select")) {
            return;
        }
        int from = tokens.is(1, "distinct") || tokens.is(1, "all") ? 2 : 1;
        int depth = 0;
        for (int i = from; i <= tokens.count && count < MAXIMUM_ITEMS; i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            boolean isEnd = i == tokens.count || (depth == 0 && endsList(tokens, i));
            if (isEnd || (depth == 0 && tokens.isSymbol(i, ','))) {
                if (i == from || tokens.isOperator(i - 1, "*") && (i - from == 1 || tokens.isSymbol(i - 2, '.'))) {
                    count = 0;
                    return;
                }
                item(tokens, from, i);
                from = i + 1;
            }
            if (isEnd) {
                return;
            }
        }
    }

    private static boolean endsList(Tokens tokens, int i) {
        boolean isDistinctFrom = tokens.is(i, "from") && tokens.is(i - 1, "distinct");
        return !isDistinctFrom
                && (tokens.is(i, "from")
                        || tokens.is(i, "where")
                        || tokens.is(i, "union")
                        || tokens.is(i, "order")
                        || tokens.is(i, "group")
                        || tokens.is(i, "limit")
                        || tokens.is(i, "intersect")
                        || tokens.is(i, "except"));
    }

    private void item(Tokens tokens, int from, int to) {
        int end = to;
        boolean hasName = false;
        if (to - from >= 3 && tokens.is(to - 2, "as")) {
            hasName = true;
            end = to - 2;
        } else if (to - from >= 2 && tokens.isName(to - 1) && isOperandEnd(tokens, to - 2)) {
            hasName = true;
            end = to - 1;
        }
        names[count] = hasName ? null : name(tokens, from, end);
        types[count++] = type(tokens, from, end);
    }

    private static boolean isOperandEnd(Tokens tokens, int i) {
        int kind = tokens.kinds[i];
        return kind == Tokens.STRING
                || kind == Tokens.NUMBER
                || kind == Tokens.PARAMETER
                || tokens.isSymbol(i, ')')
                || (kind == Tokens.WORD && tokens.is(i, "end"));
    }

    private static boolean isColumn(Tokens tokens, int from, int end) {
        return tokens.isName(end - 1)
                && (end - from == 1 || (end - from == 3 && tokens.isSymbol(from + 1, '.')))
                && !isConstant(tokens, from);
    }

    private static boolean isConstant(Tokens tokens, int i) {
        return tokens.is(i, "null") || tokens.is(i, "true") || tokens.is(i, "false");
    }

    /** The function's name token if the whole item is one call, else -1. */
    private static int call(Tokens tokens, int from, int end) {
        int name = tokens.isSymbol(from + 1, '.') ? from + 2 : from;
        boolean isCall = tokens.isName(name) && tokens.isSymbol(name + 1, '(') && !tokens.is(name, "cast");
        return isCall && tokens.behindParenthesis(name + 1) == end ? name : -1;
    }

    private static String name(Tokens tokens, int from, int end) {
        if (isColumn(tokens, from, end)) {
            return null;
        }
        int cast = castAt(tokens, from, end);
        if (cast >= 0) {
            if (isColumn(tokens, from, cast)) {
                return tokens.name(cast - 1);
            }
            return typeName(tokens, cast + 1);
        }
        int call = call(tokens, from, end);
        if (call >= 0) {
            return tokens.is(call, "not") ? "?column?" : tokens.name(call);
        }
        if (tokens.is(from, "case") && tokens.is(end - 1, "end")) {
            return "case";
        }
        return end - from == 1 && (tokens.is(from, "true") || tokens.is(from, "false")) ? "bool" : "?column?";
    }

    private static String typeName(Tokens tokens, int at) {
        String name = tokens.isSymbol(at + 1, '.') ? tokens.name(at + 2) : tokens.name(at);
        return switch (name) {
            case "int", "integer" -> "int4";
            case "bigint" -> "int8";
            case "smallint" -> "int2";
            case "boolean" -> "bool";
            case "double" -> "float8";
            case "real" -> "float4";
            case "decimal" -> "numeric";
            case "char", "character" -> "bpchar";
            default -> name;
        };
    }

    /** The last {@code ::} if what follows it is only a type, else -1. */
    private static int castAt(Tokens tokens, int from, int end) {
        int depth = 0;
        int cast = -1;
        for (int i = from; i < end; i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            if (depth == 0 && tokens.kinds[i] == Tokens.CAST) {
                cast = i;
            } else if (depth == 0 && cast >= 0 && (tokens.kinds[i] == Tokens.OPERATOR || isTruth(tokens, i))) {
                cast = -1;
            }
            if (depth == 0 && i < end && (tokens.kinds[i] == Tokens.OPERATOR || isTruth(tokens, i))) {
                return -1;
            }
        }
        return cast;
    }

    /** Words and operators whose result is true or false. */
    private static boolean isTruth(Tokens tokens, int i) {
        return tokens.isOperator(i, "=")
                || tokens.isOperator(i, "<")
                || tokens.isOperator(i, ">")
                || tokens.isOperator(i, "<=")
                || tokens.isOperator(i, ">=")
                || tokens.isOperator(i, "<>")
                || tokens.isOperator(i, "!=")
                || tokens.isOperator(i, "~")
                || tokens.isOperator(i, "!~")
                || tokens.is(i, "is")
                || tokens.is(i, "in")
                || tokens.is(i, "like")
                || tokens.is(i, "ilike")
                || tokens.is(i, "between")
                || tokens.is(i, "and")
                || tokens.is(i, "or")
                || tokens.is(i, "not")
                || tokens.is(i, "exists");
    }

    private static int type(Tokens tokens, int from, int end) {
        int depth = 0;
        for (int i = from; i < end && !tokens.is(from, "case"); i++) {
            depth += tokens.isSymbol(i, '(') ? 1 : tokens.isSymbol(i, ')') ? -1 : 0;
            if (depth == 0 && isTruth(tokens, i)) {
                return Types.BOOL;
            }
        }
        int cast = castAt(tokens, from, end);
        if (cast >= 0) {
            int type = Types.ofName(typeName(tokens, cast + 1));
            return type == Types.OID || type == Types.INTERVAL ? Types.UNKNOWN : type;
        }
        int call = call(tokens, from, end);
        if (call >= 0) {
            return tokens.is(call, "count") ? Types.INT8 : Types.UNKNOWN;
        }
        boolean isSigned = end - from == 2 && tokens.isOperator(from, "-");
        if (end - from != (isSigned ? 2 : 1)) {
            return Types.UNKNOWN;
        }
        int kind = tokens.kinds[end - 1];
        boolean isInteger = kind == Tokens.NUMBER
                && tokens.ends[end - 1] - tokens.starts[end - 1] <= 9
                && Numbers.isLong(
                        tokens.source(), tokens.starts[end - 1], tokens.ends[end - 1] - tokens.starts[end - 1]);
        boolean isBool = tokens.is(from, "true") || tokens.is(from, "false");
        return isBool ? Types.BOOL : isInteger ? Types.INT4 : kind == Tokens.STRING ? Types.TEXT : Types.UNKNOWN;
    }
}
