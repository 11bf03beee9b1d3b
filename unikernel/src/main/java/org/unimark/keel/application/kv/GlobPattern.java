// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/** Patterns with {@code * ? [a-z] [^a] \}, as Redis matches them. */
final class GlobPattern {
    private GlobPattern() {}

    static boolean matches(Bytes pattern, int from, int length, Bytes text, int textFrom, int textLength) {
        int at = from;
        int end = from + length;
        int textAt = textFrom;
        int textEnd = textFrom + textLength;
        // Where to go on with the last star if what follows it does not match here.
        int starAt = -1;
        int starText = 0;
        while (true) {
            if (at < end && pattern.u8(at) == '*') {
                starAt = ++at;
                starText = textAt;
                continue;
            }
            if (textAt == textEnd && at >= end) {
                return true;
            }
            if (textAt < textEnd && at < end && matchesOne(pattern, at, end, text.u8(textAt))) {
                at = behind(pattern, at, end);
                textAt++;
                continue;
            }
            if (starAt < 0 || starText >= textEnd) {
                return false;
            }
            at = starAt;
            textAt = ++starText;
        }
    }

    private static int behind(Bytes pattern, int at, int end) {
        int first = pattern.u8(at);
        if (first == '\\' && at + 1 < end) {
            return at + 2;
        }
        if (first != '[') {
            return at + 1;
        }
        int position = at + 1;
        if (position < end && pattern.u8(position) == '^') {
            position++;
        }
        while (position < end && pattern.u8(position) != ']') {
            if (pattern.u8(position) == '\\' && position + 1 < end) {
                position++;
            }
            position++;
        }
        return Math.min(position + 1, end);
    }

    private static boolean matchesOne(Bytes pattern, int at, int end, int character) {
        int first = pattern.u8(at);
        if (first == '?') {
            return true;
        }
        if (first == '[') {
            return matchesClass(pattern, at + 1, end, character);
        }
        return (first == '\\' && at + 1 < end ? pattern.u8(at + 1) : first) == character;
    }

    private static boolean matchesClass(Bytes pattern, int from, int end, int character) {
        int at = from;
        boolean negated = at < end && pattern.u8(at) == '^';
        if (negated) {
            at++;
        }
        boolean found = false;
        while (at < end && pattern.u8(at) != ']') {
            int low = pattern.u8(at);
            if (low == '\\' && at + 1 < end) {
                at++;
                found |= pattern.u8(at) == character;
            } else if (at + 2 < end && pattern.u8(at + 1) == '-') {
                int high = pattern.u8(at + 2);
                found |= character >= Math.min(low, high) && character <= Math.max(low, high);
                at += 2;
            } else {
                found |= low == character;
            }
            at++;
        }
        return found != negated;
    }
}
