// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** Turns a request target that is not already a plain path into one: decoded, without empty or dot segments. */
final class Targets {
    /** The target leads outside the site, or is none. */
    static final int BAD = -1;

    private final Bytes path;
    private int length;

    /** @param scratch holds the longest path a request may have */
    Targets(Bytes scratch) {
        this.path = scratch;
    }

    /** The result of the last successful {@link #resolve}. */
    Bytes path() {
        return path;
    }

    /**
     * Resolves the target of a request that begins at {@code start}.
     *
     * @return the length of {@link #path}, or {@link #BAD}
     */
    int resolve(Request request, Bytes data, int start) {
        int end = start + request.pathEnd;
        int from = pathBegin(data, start + request.targetAt, end);
        if (from == BAD || !decode(data, from, end)) {
            return BAD;
        }
        return normalise();
    }

    /** The hash of {@code path[0, length)}, as {@link Site#find} wants it. */
    int hash(int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = SiteFormat.hash(hash, path.u8(i));
        }
        return hash;
    }

    /** Skips scheme and authority of an absolute-form target (RFC 9112 section 3.2.2). */
    private static int pathBegin(Bytes data, int from, int end) {
        if (data.u8(from) == '/') {
            return from;
        }
        int authority = from;
        while (authority < end && data.u8(authority) != ':') {
            authority++;
        }
        boolean known = Scan.equalIgnoringCase(data, from, authority - from, "http")
                || Scan.equalIgnoringCase(data, from, authority - from, "https");
        if (!known || authority + 3 > end || data.u8(authority + 1) != '/' || data.u8(authority + 2) != '/') {
            return BAD;
        }
        authority += 3;
        int at = authority;
        while (at < end && data.u8(at) != '/') {
            if (!Scan.isHost(data.u8(at))) {
                return BAD;
            }
            at++;
        }
        return at == authority ? BAD : at;
    }

    /** Percent-decodes; refuses broken escapes and NUL, which no path contains. */
    private boolean decode(Bytes data, int from, int end) {
        int out = 0;
        for (int at = from; at < end; at++) {
            int value = data.u8(at);
            if (value == '%') {
                if (at + 2 >= end) {
                    return false;
                }
                int high = hexadecimal(data.u8(at + 1));
                int low = hexadecimal(data.u8(at + 2));
                value = high << 4 | low;
                if (high < 0 || low < 0 || value == 0) {
                    return false;
                }
                at += 2;
            }
            path.put8(out++, value);
        }
        length = out;
        return true;
    }

    /** Removes empty and dot segments in place (RFC 3986 section 5.2.4), but refuses to climb above the root. */
    private int normalise() {
        int out = 0;
        int at = 0;
        boolean directory = true;
        while (at < length) {
            int next = at;
            while (next < length && path.u8(next) != '/') {
                next++;
            }
            int size = next - at;
            directory = next < length || size == 0;
            if (isDots(at, size, 2)) {
                directory = true;
                out = parent(out);
                if (out == BAD) {
                    return BAD;
                }
            } else if (isDots(at, size, 1)) {
                directory = true;
            } else if (size > 0) {
                out = put(out, at, size);
            }
            at = next + 1;
        }
        if (directory || out == 0) {
            path.put8(out++, '/');
        }
        return out;
    }

    private boolean isDots(int at, int size, int dots) {
        return size == dots && path.u8(at) == '.' && path.u8(at + size - 1) == '.';
    }

    /** Where the last segment before {@code out} begins. */
    private int parent(int out) {
        int at = out;
        do {
            at--;
        } while (at > 0 && path.u8(at) != '/');
        return at;
    }

    /** Moves a segment down behind a slash; it never moves up, because the path began with one. */
    private int put(int out, int from, int size) {
        path.put8(out, '/');
        for (int i = 0; i < size; i++) {
            path.put8(out + 1 + i, path.u8(from + i));
        }
        return out + 1 + size;
    }

    private static int hexadecimal(int digit) {
        if (digit >= '0' && digit <= '9') {
            return digit - '0';
        }
        int small = digit | 0x20;
        return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
    }
}
