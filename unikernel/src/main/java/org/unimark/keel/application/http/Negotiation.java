// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** Whether the answer comes compressed: Accept-Encoding (RFC 9110 section 12.5.3). */
final class Negotiation {
    private static final int UNSET = -1;
    /** Weights count in thousandths. */
    private static final int WHOLE = 1000;

    private Negotiation() {}

    /** Whether the client takes gzip, and likes it at least as much as no coding. */
    static boolean prefersGzip(Bytes data, int at, int length) {
        int end = at + length;
        int gzip = UNSET;
        int identity = UNSET;
        int any = UNSET;
        int from = at;
        while (from < end) {
            int comma = from;
            while (comma < end && data.u8(comma) != ',') {
                comma++;
            }
            int name = Scan.skipBlanks(data, from, comma);
            int nameEnd = name;
            while (nameEnd < comma && Scan.isToken(data.u8(nameEnd))) {
                nameEnd++;
            }
            int size = nameEnd - name;
            if (Scan.equalIgnoringCase(data, name, size, "gzip")
                    || Scan.equalIgnoringCase(data, name, size, "x-gzip")) {
                gzip = weight(data, nameEnd, comma);
            } else if (Scan.equalIgnoringCase(data, name, size, "identity")) {
                identity = weight(data, nameEnd, comma);
            } else if (size == 1 && data.u8(name) == '*') {
                any = weight(data, nameEnd, comma);
            }
            from = comma + 1;
        }
        gzip = gzip == UNSET ? any : gzip;
        return gzip > 0 && gzip >= identity;
    }

    /** Reads {@code ;q=0.5}; a malformed weight is none at all, so that nothing surprising is sent. */
    private static int weight(Bytes data, int from, int end) {
        int at = Scan.skipBlanks(data, from, end);
        if (at == end) {
            return WHOLE;
        }
        if (data.u8(at) != ';') {
            return 0;
        }
        at = Scan.skipBlanks(data, at + 1, end);
        int last = Scan.trimBlanks(data, at, end);
        if (last - at < 3 || (data.u8(at) | 0x20) != 'q' || data.u8(at + 1) != '=') {
            return 0;
        }
        int value = data.u8(at + 2) - '0';
        if (value < 0 || value > 1 || last - at > 7 || (last - at > 3 && data.u8(at + 3) != '.')) {
            return 0;
        }
        int weight = value * WHOLE;
        int scale = WHOLE / 10;
        for (int i = at + 4; i < last; i++) {
            int digit = data.u8(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            weight += digit * scale;
            scale /= 10;
        }
        return Math.min(weight, WHOLE);
    }
}
