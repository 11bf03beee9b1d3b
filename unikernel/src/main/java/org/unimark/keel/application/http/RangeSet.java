// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** The byte ranges that a request asks for (RFC 9110 section 14.1.2), cut to the length of the representation. */
final class RangeSet {
    /** The field is none of ours, malformed, or asks for too much: the whole representation is sent. */
    static final int IGNORED = 0;

    static final int UNSATISFIABLE = 1;
    static final int SATISFIABLE = 2;

    /** What a number is cut to; larger than any representation. */
    private static final long HUGE = Integer.MAX_VALUE;

    /** For pools. */
    RangeSet next;

    private final int[] begins;
    private final int[] ends;
    private int count;

    /** Position in the field while parsing. */
    private int at;

    RangeSet(int maximum) {
        begins = new int[maximum];
        ends = new int[maximum];
    }

    int count() {
        return count;
    }

    /** First byte of range {@code i}. */
    int begin(int i) {
        return begins[i];
    }

    /** Position behind the last byte of range {@code i}. */
    int end(int i) {
        return ends[i];
    }

    /** Reads a Range value for a representation of {@code size} bytes. */
    int parse(Bytes data, int from, int length, int size) {
        count = 0;
        int end = from + length;
        if (length < 6 || !Scan.equalIgnoringCase(data, from, 6, "bytes=")) {
            return IGNORED;
        }
        at = from + 6;
        int seen = 0;
        long total = 0;
        while (skipToRange(data, end)) {
            if (seen++ == begins.length) {
                return IGNORED;
            }
            int before = count;
            if (!range(data, end, size)) {
                return IGNORED;
            }
            total += count > before ? ends[before] - begins[before] : 0;
        }
        if (seen == 0) {
            return IGNORED;
        }
        if (count == 0) {
            return UNSATISFIABLE;
        }
        // Overlapping ranges that add up to more than the whole only serve to waste its sending (RFC 9110 section
        // 17.15).
        return count > 1 && total > size ? IGNORED : SATISFIABLE;
    }

    /** Skips blanks and empty list elements; false at the end. */
    private boolean skipToRange(Bytes data, int end) {
        while (at < end && (Scan.isBlank(data.u8(at)) || data.u8(at) == ',')) {
            at++;
        }
        return at < end;
    }

    /** Reads {@code first-last}, {@code first-} or {@code -suffix} up to the comma; false if it is malformed. */
    private boolean range(Bytes data, int end, int size) {
        long first = number(data, end);
        if (at == end || data.u8(at) != '-') {
            return false;
        }
        at++;
        long last = number(data, end);
        at = Scan.skipBlanks(data, at, end);
        if ((at < end && data.u8(at) != ',') || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first)) {
            return false;
        }
        if (first < 0) {
            // A suffix of nothing can be satisfied by nothing.
            add(Math.max(0, size - last), size);
        } else {
            add(first, last < 0 ? size : Math.min(last + 1, size));
        }
        return true;
    }

    private void add(long begin, long end) {
        if (begin < end) {
            begins[count] = (int) begin;
            ends[count] = (int) end;
            count++;
        }
    }

    /** Reads digits; -1 if there are none. */
    private long number(Bytes data, int end) {
        long value = -1;
        while (at < end && data.u8(at) >= '0' && data.u8(at) <= '9') {
            value = Math.min(Math.max(value, 0) * 10 + data.u8(at) - '0', HUGE);
            at++;
        }
        return value;
    }
}
