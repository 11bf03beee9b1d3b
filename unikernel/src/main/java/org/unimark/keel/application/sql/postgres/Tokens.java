// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;

/** The words of one statement, by PostgreSQL's lexical rules (manual, 4.1): comments nest, strings come in four kinds. */
final class Tokens {
    /** One statement has at most so many; more are a refusal. */
    static final int CAPACITY = 16 * 1024;

    static final int END = 0;
    static final int WORD = 1;
    /** A name in double quotes. */
    static final int QUOTED = 2;
    /** A string in single quotes. */
    static final int STRING = 3;
    /** E'with\nescapes'. */
    static final int ESCAPES = 4;
    /** $tag$text$tag$. */
    static final int DOLLARS = 5;
    /** Strings with a prefix that is none of E, X and N: bits and Unicode escapes. */
    static final int OTHER_STRING = 6;
    /** X'00ff'. */
    static final int HEX_STRING = 7;

    static final int NUMBER = 8;
    /** $1. */
    static final int PARAMETER = 9;
    /** One of ( ) [ ] , ; . : ? */
    static final int SYMBOL = 10;
    /** Two colons. */
    static final int CAST = 11;

    static final int OPERATOR = 12;

    static final int NO_PROBLEM = 0;
    static final int UNTERMINATED = 1;
    static final int TOO_MANY = 2;

    private static final String OPERATORS = "+-*/<>=~!@#%^&|`";
    /** An operator that contains one of these may end in plus or minus. */
    private static final String FREE_OPERATORS = "~!@#%^&|`";

    final int[] kinds = new int[CAPACITY + 1];
    final int[] starts = new int[CAPACITY + 1];
    final int[] ends = new int[CAPACITY + 1];
    int count;
    int problem;
    int problemAt;
    /** $1 to the highest that occurs. */
    int parameters;

    private Bytes source;
    private int at;
    private int end;

    /** Reads the statement at {@code from} and returns the position behind it and its semicolon. */
    int scan(Bytes text, int from, int to) {
        source = text;
        at = from;
        end = to;
        count = 0;
        parameters = 0;
        problem = NO_PROBLEM;
        while (problem == NO_PROBLEM && skipSpace()) {
            if (source.u8(at) == ';' && endsStatement()) {
                at++;
                break;
            }
            next();
        }
        kinds[count] = END;
        starts[count] = at;
        ends[count] = at;
        return at;
    }

    /** Inside a trigger, statements end in semicolons: only the one behind its last END is ours. */
    private boolean endsStatement() {
        boolean isTrigger =
                is(0, "create") && (is(1, "trigger") || ((is(1, "temp") || is(1, "temporary")) && is(2, "trigger")));
        return !isTrigger || (count > 2 && is(count - 1, "end") && isSymbol(count - 2, ';'));
    }

    /** Moves on to the next token; false at the end. */
    private boolean skipSpace() {
        while (at < end) {
            int character = source.u8(at);
            if (Ascii.isSpace(character)) {
                at++;
            } else if (character == '-' && follows(1, '-')) {
                while (at < end && source.u8(at) != '\n') {
                    at++;
                }
            } else if (character == '/' && follows(1, '*')) {
                skipComment();
            } else {
                return true;
            }
        }
        return false;
    }

    private void skipComment() {
        int from = at;
        int depth = 0;
        while (at < end) {
            if (source.u8(at) == '/' && follows(1, '*')) {
                depth++;
                at += 2;
            } else if (source.u8(at) == '*' && follows(1, '/')) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return;
                }
            } else {
                at++;
            }
        }
        unterminated(from);
    }

    private boolean follows(int distance, int character) {
        return at + distance < end && source.u8(at + distance) == character;
    }

    private void next() {
        int from = at;
        int character = source.u8(at);
        int kind;
        if (character == '\'') {
            kind = string(STRING);
        } else if (character == '"') {
            kind = quoted();
        } else if (Ascii.isLetter(character)) {
            kind = word();
        } else if (Ascii.isDigit(character) || (character == '.' && isDigitAt(at + 1))) {
            kind = number();
        } else if (character == '$') {
            kind = dollar();
        } else if (character == ':' && follows(1, ':')) {
            at += 2;
            kind = CAST;
        } else if (OPERATORS.indexOf(character) >= 0) {
            kind = operator();
        } else {
            at++;
            kind = SYMBOL;
        }
        if (count == CAPACITY) {
            problem = TOO_MANY;
            problemAt = from;
            return;
        }
        kinds[count] = kind;
        starts[count] = from;
        ends[count++] = at;
    }

    private boolean isDigitAt(int position) {
        return position < end && Ascii.isDigit(source.u8(position));
    }

    private int word() {
        int character = Ascii.lower(source.u8(at));
        if (follows(1, '\'')) {
            int kind = switch (character) {
                case 'e' -> ESCAPES;
                case 'x' -> HEX_STRING;
                case 'b' -> OTHER_STRING;
                case 'n' -> STRING;
                default -> 0;
            };
            if (kind != 0) {
                at++;
                return string(kind);
            }
        }
        if (character == 'u' && follows(1, '&') && (follows(2, '\'') || follows(2, '"'))) {
            at += 2;
            return source.u8(at) == '"' ? unicodeName() : string(OTHER_STRING);
        }
        while (at < end && Ascii.isPartOfWord(source.u8(at))) {
            at++;
        }
        return WORD;
    }

    private int unicodeName() {
        quoted();
        return OTHER_STRING;
    }

    private int string(int kind) {
        int from = at++;
        while (at < end) {
            int character = source.u8(at++);
            if (character == '\\' && kind == ESCAPES) {
                at++;
            } else if (character == '\'') {
                if (at < end && source.u8(at) == '\'') {
                    at++;
                } else {
                    return kind;
                }
            }
        }
        unterminated(from);
        return kind;
    }

    private int quoted() {
        int from = at++;
        while (at < end) {
            if (source.u8(at++) == '"') {
                if (at < end && source.u8(at) == '"') {
                    at++;
                } else {
                    return QUOTED;
                }
            }
        }
        unterminated(from);
        return QUOTED;
    }

    private int number() {
        boolean isHexadecimal = source.u8(at) == '0' && at + 1 < end && Ascii.lower(source.u8(at + 1)) == 'x';
        while (at < end) {
            int character = Ascii.lower(source.u8(at));
            boolean isExponent = character == 'e' && !isHexadecimal;
            if (!Ascii.isPartOfWord(character) && character != '.') {
                break;
            }
            at++;
            if (isExponent && at < end && (source.u8(at) == '+' || source.u8(at) == '-')) {
                at++;
            }
        }
        return NUMBER;
    }

    private int dollar() {
        int from = at++;
        if (isDigitAt(at)) {
            int number = 0;
            while (isDigitAt(at)) {
                number = Math.min(number * 10 + source.u8(at++) - '0', 1 << 20);
            }
            parameters = Math.max(parameters, number);
            return PARAMETER;
        }
        while (at < end && source.u8(at) != '$' && Ascii.isPartOfWord(source.u8(at))) {
            at++;
        }
        if (at == end || source.u8(at) != '$') {
            at = from + 1;
            return SYMBOL;
        }
        int tagLength = ++at - from;
        while (at + tagLength <= end) {
            if (source.u8(at) == '$' && source.matches(at, source, from, tagLength)) {
                at += tagLength;
                return DOLLARS;
            }
            at++;
        }
        unterminated(from);
        return DOLLARS;
    }

    private int operator() {
        int from = at;
        boolean isFree = false;
        while (at < end && OPERATORS.indexOf(source.u8(at)) >= 0) {
            boolean isComment = (source.u8(at) == '-' && follows(1, '-')) || (source.u8(at) == '/' && follows(1, '*'));
            if (isComment) {
                break;
            }
            isFree |= FREE_OPERATORS.indexOf(source.u8(at)) >= 0;
            at++;
        }
        while (!isFree && at > from + 1 && (source.u8(at - 1) == '-' || source.u8(at - 1) == '+')) {
            at--;
        }
        return OPERATOR;
    }

    private void unterminated(int from) {
        at = end;
        problem = UNTERMINATED;
        problemAt = from;
    }

    /** Whether token {@code index} is that keyword or unquoted name. */
    boolean is(int index, String lowerCase) {
        return index < count
                && kinds[index] == WORD
                && ends[index] - starts[index] == lowerCase.length()
                && Ascii.matchesAnyCase(source, starts[index], lowerCase);
    }

    boolean isSymbol(int index, int character) {
        return index < count && kinds[index] == SYMBOL && source.u8(starts[index]) == character;
    }

    boolean isOperator(int index, String text) {
        return index < count
                && kinds[index] == OPERATOR
                && ends[index] - starts[index] == text.length()
                && Ascii.matches(source, starts[index], text);
    }

    boolean isName(int index) {
        return index < count && (kinds[index] == WORD || kinds[index] == QUOTED);
    }

    /** The token behind the parenthesis that closes the one at {@code open}, or {@link #count}. */
    int behindParenthesis(int open) {
        int depth = 0;
        for (int i = open; i < count; i++) {
            if (isSymbol(i, '(')) {
                depth++;
            } else if (isSymbol(i, ')') && --depth == 0) {
                return i + 1;
            }
        }
        return count;
    }

    /** A name as SQLite knows it: unquoted ones in lower case, quoted ones without their quotes. */
    String name(int index) {
        if (kinds[index] == QUOTED) {
            String inner = Ascii.string(source, starts[index] + 1, ends[index] - starts[index] - 2);
            return inner.indexOf('"') < 0 ? inner : inner.replace("\"\"", "\"");
        }
        return Ascii.lowerCase(text(index));
    }

    String text(int index) {
        return Ascii.string(source, starts[index], ends[index] - starts[index]);
    }

    /** A string's content, or any other token as it is. */
    String value(int index) {
        if (kinds[index] != STRING) {
            return kinds[index] == QUOTED ? name(index) : text(index);
        }
        int from = source.u8(starts[index]) == '\'' ? starts[index] : starts[index] + 1;
        return Ascii.string(source, from + 1, ends[index] - from - 2).replace("''", "'");
    }

    Bytes source() {
        return source;
    }
}
