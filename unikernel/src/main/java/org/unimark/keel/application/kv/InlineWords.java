// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Splits a line into words as a shell would: quotes of both kinds, and escapes within double ones. */
@Rare
final class InlineWords {
    private final Bytes scratch;
    private int used;
    /** Where reading goes on. */
    private int position;

    /** @param scratch as long as the longest line: words become no longer when quotes are taken away */
    InlineWords(Bytes scratch) {
        this.scratch = scratch;
    }

    /** False if a quote is not closed, or not followed by a blank. */
    boolean split(Arguments arguments, Bytes data, int at, int end) {
        arguments.begin(scratch);
        used = 0;
        position = at;
        while (true) {
            while (position < end && isBlank(data.u8(position))) {
                position++;
            }
            if (position == end) {
                return true;
            }
            int wordAt = used;
            if (!word(data, end) || !arguments.add(wordAt, used - wordAt)) {
                return false;
            }
        }
    }

    private boolean word(Bytes data, int end) {
        while (position < end) {
            int value = data.u8(position);
            if (isBlank(value)) {
                return true;
            }
            if (value == '"' || value == '\'') {
                position++;
                return value == '"' ? doubleQuoted(data, end) : singleQuoted(data, end);
            }
            put(value);
            position++;
        }
        return true;
    }

    private boolean singleQuoted(Bytes data, int end) {
        while (position < end) {
            int value = data.u8(position++);
            if (value == '\\' && position < end && data.u8(position) == '\'') {
                put('\'');
                position++;
            } else if (value == '\'') {
                return atBlank(data, end);
            } else {
                put(value);
            }
        }
        return false;
    }

    private boolean doubleQuoted(Bytes data, int end) {
        while (position < end) {
            int value = data.u8(position++);
            if (value == '"') {
                return atBlank(data, end);
            }
            if (value == '\\' && position < end) {
                escaped(data, end);
            } else {
                put(value);
            }
        }
        return false;
    }

    private void escaped(Bytes data, int end) {
        int value = data.u8(position++);
        if (value == 'x' && position + 2 <= end && hex(data.u8(position)) >= 0 && hex(data.u8(position + 1)) >= 0) {
            put(hex(data.u8(position)) << 4 | hex(data.u8(position + 1)));
            position += 2;
            return;
        }
        put(
                switch (value) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> 7;
                    default -> value;
                });
    }

    private boolean atBlank(Bytes data, int end) {
        return position == end || isBlank(data.u8(position));
    }

    private void put(int value) {
        scratch.put8(used++, value);
    }

    private static boolean isBlank(int value) {
        return value == ' ' || (value >= '\t' && value <= '\r') || value == 0;
    }

    private static int hex(int value) {
        if (value >= '0' && value <= '9') {
            return value - '0';
        }
        int small = value | 0x20;
        return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
    }
}
