// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Bytes;

/** Options of IPv4 are skipped (RFC 1122, 3.2.1.8), except that source routes are refused and their structure is checked. */
final class Ipv4Options {
    enum Verdict {
        HARMLESS,
        SOURCE_ROUTED,
        MALFORMED
    }

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    private Ipv4Options() {}

    /** Judges the options in {@code bytes[at, end)}. */
    static Verdict check(Bytes bytes, int at, int end) {
        int position = at;
        while (position < end) {
            int kind = bytes.u8(position);
            if (kind == END) {
                break;
            }
            if (kind == NO_OPERATION) {
                position++;
                continue;
            }
            if (kind == LOOSE_SOURCE_ROUTE || kind == STRICT_SOURCE_ROUTE) {
                return Verdict.SOURCE_ROUTED;
            }
            int length = position + 1 < end ? bytes.u8(position + 1) : 0;
            if (length < 2 || position + length > end) {
                return Verdict.MALFORMED;
            }
            position += length;
        }
        return Verdict.HARMLESS;
    }
}
