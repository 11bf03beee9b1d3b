// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** ILIKE, and the few regular expressions that clients send when they look into the catalogues. */
@Rare
final class Patterns {
    private final Tokens tokens;
    private final TextBuffer out;
    private final Translation result;
    private final Expressions expressions;

    Patterns(Tokens tokens, TextBuffer out, Translation result, Expressions expressions) {
        this.tokens = tokens;
        this.out = out;
        this.result = result;
        this.expressions = expressions;
    }

    /** Both sides in lower case; only for operands whose extent is plain. LIKE itself is switched to heed case. */
    int ilike(int i, int to) {
        boolean isNegated = i > 0 && tokens.is(i - 1, "not");
        int left = expressions.operandAt;
        boolean isPlain = left >= 0
                && i + 1 < to
                && (tokens.kinds[i + 1] == Tokens.STRING || tokens.kinds[i + 1] == Tokens.PARAMETER)
                && tokens.kinds[i + 2] != Tokens.OPERATOR
                && !tokens.is(i + 2, "escape")
                && !isNegated;
        if (!isPlain) {
            return expressions.refuse(i, "ILIKE is supported with a string or a parameter on its right side only");
        }
        out.insert(left, "lower(").text(") LIKE lower(");
        expressions.copy(i + 1, i + 2);
        out.put8(')');
        expressions.operandAt = -1;
        return i + 2;
    }

    /** OPERATOR(pg_catalog.~) as psql writes it. */
    int namedOperator(int i) {
        int close = tokens.behindParenthesis(i + 1) - 1;
        int name = close - 1;
        if (tokens.isOperator(name, "~") || tokens.isOperator(name, "!~")) {
            return regularExpression(i, tokens.isOperator(name, "!~"), close + 1);
        }
        if (tokens.kinds[name] == Tokens.OPERATOR) {
            expressions.operandAt = -1;
            expressions.emit(name);
            return close + 1;
        }
        return expressions.refuse(i, "this operator is not supported");
    }

    /** A regular expression that is a constant and no more than a GLOB. */
    int regularExpression(int i, boolean isNegated, int pattern) {
        if (tokens.kinds[pattern] != Tokens.STRING) {
            return expressions.refuse(i, "regular expressions are supported as simple constants only");
        }
        Bytes source = tokens.source();
        int at = tokens.starts[pattern] + 1;
        int end = tokens.ends[pattern] - 1;
        boolean startsAnywhere = at == end || source.u8(at) != '^';
        boolean endsAnywhere = at == end || source.u8(end - 1) != '$';
        at += startsAnywhere ? 0 : 1;
        end -= endsAnywhere ? 0 : 1;
        if (end - at >= 2 && source.u8(at) == '(' && source.u8(end - 1) == ')') {
            at++;
            end--;
        }
        out.text(isNegated ? "NOT GLOB '" : "GLOB '").text(startsAnywhere ? "*" : "");
        while (at < end && result.refusal == null) {
            at = element(i, source, at, end);
        }
        out.text(endsAnywhere ? "*'" : "'");
        expressions.operandAt = -1;
        return pattern + 1;
    }

    private int element(int token, Bytes source, int at, int end) {
        int character = source.u8(at);
        if (character == '.') {
            boolean isAny = at + 1 < end && source.u8(at + 1) == '*';
            out.put8(isAny ? '*' : '?');
            return isAny ? at + 2 : at + 1;
        }
        if (character == '\\' && at + 1 < end && !Ascii.isPartOfWord(source.u8(at + 1))) {
            return plain(source, at + 1);
        }
        if (character == '$' && at + 1 < end || "\\*+?|[]{}()^".indexOf(character) >= 0) {
            expressions.refuse(token, "regular expressions are supported in a few simple forms only");
        }
        return plain(source, at);
    }

    private int plain(Bytes source, int at) {
        int character = source.u8(at);
        if ("*?[".indexOf(character) >= 0) {
            out.put8('[').put8(character).put8(']');
        } else {
            out.put8(character);
        }
        return at + 1;
    }
}
