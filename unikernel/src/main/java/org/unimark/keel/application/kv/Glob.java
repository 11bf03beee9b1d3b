// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Patterns as in a shell: {@code * ? [a-z] [^a] \}. Time is bounded by the product of the two lengths. */
@Rare
final class Glob {
    private Glob() {}

    static boolean matches(Bytes pattern, int patternAt, int patternLength, Bytes text, int textAt, int textLength) {
        int p = patternAt;
        int patternEnd = patternAt + patternLength;
        int t = textAt;
        int textEnd = textAt + textLength;
        // Behind the last star, and the text that it does not cover yet: only the last one is ever tried again.
        int starBehind = -1;
        int starText = 0;
        while (true) {
            if (p < patternEnd && pattern.u8(p) == '*') {
                starBehind = ++p;
                starText = t;
                continue;
            }
            if (t == textEnd) {
                return p == patternEnd;
            }
            int next = p < patternEnd ? step(pattern, p, patternEnd, text.u8(t)) : -1;
            if (next >= 0) {
                p = next;
                t++;
            } else if (starBehind >= 0) {
                p = starBehind;
                t = ++starText;
            } else {
                return false;
            }
        }
    }

    /** Position behind the element of the pattern if it matches the character, or -1. */
    private static int step(Bytes pattern, int at, int end, int value) {
        int element = pattern.u8(at);
        if (element == '?') {
            return at + 1;
        }
        if (element == '[') {
            return set(pattern, at + 1, end, value);
        }
        int position = at;
        if (element == '\\' && at + 1 < end) {
            element = pattern.u8(++position);
        }
        return element == value ? position + 1 : -1;
    }

    /** A set without its bracket ends with the pattern. */
    private static int set(Bytes pattern, int at, int end, int value) {
        int position = at;
        boolean negated = position < end && pattern.u8(position) == '^';
        if (negated) {
            position++;
        }
        boolean matched = false;
        while (position < end && pattern.u8(position) != ']') {
            int low = pattern.u8(position);
            if (low == '\\' && position + 1 < end) {
                low = pattern.u8(++position);
                matched |= low == value;
                position++;
            } else if (position + 2 < end && pattern.u8(position + 1) == '-') {
                int high = pattern.u8(position + 2);
                matched |= value >= Math.min(low, high) && value <= Math.max(low, high);
                position += 3;
            } else {
                matched |= low == value;
                position++;
            }
        }
        return matched != negated ? Math.min(end, position + 1) : -1;
    }
}
