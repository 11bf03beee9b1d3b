// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Reads commands, in RESP or as a line of words, where they lie; copies nothing but words with quotes. */
final class RequestParser {
    static final int INCOMPLETE = 0;
    static final int BROKEN = -1;

    /** Longest line of words, and longest line that announces a length. */
    static final int MAXIMUM_LINE = 64 * 1024;

    private static final int LINE_END = 0x0a0d;
    /** How nearly every command begins: {@code *c CR LF $l CR LF}, with one digit each; the zeros of the mask are theirs. */
    private static final long USUAL_START = 0x0a0d_0024_0a0d_002aL;

    private static final long USUAL_START_MASK = 0xffff_00ff_ffff_00ffL;
    private static final int USUAL_START_BYTES = 8;
    private static final int MAXIMUM_BULK = 512 << 20;
    /** Before AUTH. */
    private static final int STRANGERS_WORDS = 10;

    private static final int STRANGERS_BULK = 16 * 1024;

    private final InlineWords inline;
    private String error = "";
    private int errorCharacter;
    /** What {@link #line} read, and where it goes on. */
    private long lineNumber;

    private int behindLine;
    /** How many bytes from the start are needed at least, when something is incomplete. */
    private int needed;

    /** @param scratch {@link #MAXIMUM_LINE} bytes */
    RequestParser(Bytes scratch) {
        inline = new InlineWords(scratch);
    }

    /** What is wrong, without the words "Protocol error". */
    String error() {
        return error;
    }

    /** The character that was met instead of a dollar sign, or 0. */
    int errorCharacter() {
        return errorCharacter;
    }

    /** After {@link #INCOMPLETE}: the command has at least so many bytes. */
    int needed() {
        return needed;
    }

    /**
     * Reads one command in [at, end), which is not empty. Without words, there is nothing to do.
     *
     * @return its length, or {@link #INCOMPLETE} or {@link #BROKEN}
     */
    int parse(Arguments arguments, Bytes data, int at, int end, boolean isStranger) {
        long start = end - at > USUAL_START_BYTES ? data.i64Little(at) : 0;
        int count = (int) (start >>> 8 & 0xff) - '0';
        int length = (int) (start >>> 40 & 0xff) - '0';
        int position = at + USUAL_START_BYTES + length + 2;
        if ((start & USUAL_START_MASK) == USUAL_START
                && (count - 1 | 9 - count | length | 9 - length | end - position) >= 0) {
            arguments.begin(data, at, at + USUAL_START_BYTES, length);
            count--;
        } else if (data.u8(at) != '*') {
            return inline(arguments, data, at, end);
        } else {
            arguments.begin(data);
            position = count(data, at, end, isStranger);
            if (position <= 0) {
                return position;
            }
            count = (int) Math.max(0, lineNumber);
        }
        position = words(arguments, data, at, position, end, count, isStranger);
        return position <= 0 ? position : position - at;
    }

    /** Reads {@code *number CR LF}; returns the position behind it, or as {@link #parse}. */
    @Rare
    private int count(Bytes data, int at, int end, boolean isStranger) {
        int result = line(data, at + 1, end, at, "invalid multibulk length", "too big mbulk count string");
        if (result <= 0) {
            return result;
        }
        if (lineNumber > Integer.MAX_VALUE) {
            return broken("invalid multibulk length");
        }
        if (isStranger && lineNumber > STRANGERS_WORDS) {
            return broken("unauthenticated multibulk length");
        }
        return behindLine;
    }

    /** Reads {@code count} bulk strings; returns the position behind the last, or as {@link #parse}. */
    private int words(Arguments arguments, Bytes data, int start, int from, int end, int count, boolean isStranger) {
        int position = from;
        for (int i = 0; i < count; i++) {
            int begin = position;
            int length = -1;
            if (end - position >= 8) {
                // Most lengths have one digit or two.
                long word = data.i64Little(position);
                if ((word & 0xff) == '$') {
                    int first = digit((int) word >> 8);
                    if (((int) word >>> 16) == LINE_END) {
                        length = first;
                        position += 4;
                    } else if ((word >> 24 & 0xffff) == LINE_END) {
                        int second = digit((int) word >> 16);
                        if ((first - 1 | second) >= 0) {
                            length = first * 10 + second;
                            position += 5;
                        }
                    }
                }
            }
            if (length < 0) {
                int result = bulkLength(data, start, begin, end, isStranger);
                if (result <= 0) {
                    return result;
                }
                length = (int) lineNumber;
                position = behindLine;
            }
            if (end - position < length + 2) {
                needed = position - start + length + 2;
                return INCOMPLETE;
            }
            if (!arguments.add(position, length)) {
                return broken("too many words for the memory that is left");
            }
            position += length + 2;
        }
        return position;
    }

    /** Reads {@code $number CR LF}; positive if all is well. */
    int bulkLength(Bytes data, int start, int position, int end, boolean isStranger) {
        if (position == end) {
            needed = position + 1 - start;
            return INCOMPLETE;
        }
        int character = data.u8(position);
        if (character != '$') {
            errorCharacter = character;
            error = "expected '$', got '";
            return BROKEN;
        }
        int result = line(data, position + 1, end, start, "invalid bulk length", "too big bulk count string");
        if (result > 0 && (lineNumber < 0 || lineNumber > MAXIMUM_BULK)) {
            return broken("invalid bulk length");
        }
        if (result > 0 && isStranger && lineNumber > STRANGERS_BULK) {
            return broken("unauthenticated bulk length");
        }
        return result;
    }

    /** Of the line that was read last. */
    long lineNumber() {
        return lineNumber;
    }

    int behindLine() {
        return behindLine;
    }

    /** Reads a number up to the end of its line; positive if all is well. */
    int line(Bytes data, int from, int end, int start, String invalid, String tooLong) {
        int position = from;
        while (position < end && data.u8(position) != '\r') {
            position++;
        }
        if (position + 1 >= end) {
            if (position - from > MAXIMUM_LINE) {
                return broken(tooLong);
            }
            needed = position + 2 - start;
            return INCOMPLETE;
        }
        if (!number(data, from, position)) {
            return broken(invalid);
        }
        behindLine = position + 2;
        return 1;
    }

    private boolean number(Bytes data, int from, int end) {
        int position = from;
        boolean negative = position < end && data.u8(position) == '-';
        if (negative) {
            position++;
        }
        if (position == end || end - position > 18) {
            return false;
        }
        long number = 0;
        for (; position < end; position++) {
            int digit = data.u8(position) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            number = number * 10 + digit;
        }
        lineNumber = negative ? -number : number;
        return true;
    }

    private static int digit(int character) {
        int digit = (character & 0xff) - '0';
        return digit > 9 ? -1 : digit;
    }

    private int broken(String what) {
        error = what;
        errorCharacter = 0;
        return BROKEN;
    }

    @Rare
    private int inline(Arguments arguments, Bytes data, int at, int end) {
        int position = at;
        while (position < end && data.u8(position) != '\n') {
            position++;
        }
        if (position - at > MAXIMUM_LINE) {
            return broken("too big inline request");
        }
        if (position == end) {
            needed = end + 1 - at;
            return INCOMPLETE;
        }
        int lineEnd = position > at && data.u8(position - 1) == '\r' ? position - 1 : position;
        if (!inline.split(arguments, data, at, lineEnd)) {
            return broken("unbalanced quotes in request");
        }
        return position + 1 - at;
    }
}
