// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** A range of scores or of members, as a command gave it. */
@Rare
final class Range {
    private static final int FINITE = 0;
    private static final int LOWEST = 1;
    private static final int HIGHEST = 2;

    private final FloatText floats;
    private boolean isByMember;
    private double minimum;
    private double maximum;
    private boolean excludesMinimum;
    private boolean excludesMaximum;
    private Bytes data;
    private int minimumKind;
    private int minimumAt;
    private int minimumLength;
    private int maximumKind;
    private int maximumAt;
    private int maximumLength;

    Range(FloatText floats) {
        this.floats = floats;
    }

    /** Reads a score or {@code (score} twice; false if one is none. */
    boolean readScores(Arguments arguments, int first, int second) {
        isByMember = false;
        if (!readScore(arguments, first)) {
            return false;
        }
        minimum = floats.value();
        excludesMinimum = excluded;
        if (!readScore(arguments, second)) {
            return false;
        }
        maximum = floats.value();
        excludesMaximum = excluded;
        return true;
    }

    private boolean excluded;

    private boolean readScore(Arguments arguments, int index) {
        int at = arguments.at(index);
        int length = arguments.length(index);
        excluded = length > 0 && arguments.data().u8(at) == '(';
        return excluded
                ? floats.parseBound(arguments.data(), at + 1, length - 1)
                : floats.parseBound(arguments.data(), at, length);
    }

    /** Reads {@code -}, {@code +}, {@code [member} or {@code (member} twice. */
    boolean readMembers(Arguments arguments, int first, int second) {
        isByMember = true;
        data = arguments.data();
        minimumKind = kind(arguments, first);
        minimumAt = arguments.at(first) + 1;
        minimumLength = arguments.length(first) - 1;
        excludesMinimum = excluded;
        maximumKind = kind(arguments, second);
        maximumAt = arguments.at(second) + 1;
        maximumLength = arguments.length(second) - 1;
        excludesMaximum = excluded;
        return minimumKind >= 0 && maximumKind >= 0;
    }

    private int kind(Arguments arguments, int index) {
        int length = arguments.length(index);
        int sign = length == 0 ? 0 : arguments.data().u8(arguments.at(index));
        excluded = sign == '(';
        if (sign == '(' || sign == '[') {
            return FINITE;
        }
        if (length == 1 && sign == '-') {
            return LOWEST;
        }
        return length == 1 && sign == '+' ? HIGHEST : -1;
    }

    /** Whether the range begins at the node or before it. */
    boolean beginsBefore(SkipList list, int node) {
        if (!isByMember) {
            double score = list.score(node);
            return excludesMinimum ? score > minimum : score >= minimum;
        }
        if (minimumKind != FINITE) {
            return minimumKind == LOWEST;
        }
        int order = list.compareMember(node, data, minimumAt, minimumLength);
        return excludesMinimum ? order > 0 : order >= 0;
    }

    /** Whether the range ends at the node or behind it. */
    boolean endsBehind(SkipList list, int node) {
        if (!isByMember) {
            double score = list.score(node);
            return excludesMaximum ? score < maximum : score <= maximum;
        }
        if (maximumKind != FINITE) {
            return maximumKind == HIGHEST;
        }
        int order = list.compareMember(node, data, maximumAt, maximumLength);
        return excludesMaximum ? order < 0 : order <= 0;
    }
}
