// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * Reads the head of a request (RFC 9112 sections 2 to 5) in one pass, as far as it has arrived, and goes on where it
 * stopped. It is strict where leniency lets two servers disagree about where a request ends: a line ends in CR LF, a name
 * ends in a colon, nothing is folded. What it decides depends on the bytes only, not on how they arrive.
 */
final class RequestParser {
    /** More bytes are needed. */
    static final int INCOMPLETE = 0;

    private static final int GET_SPACE = 0x2054_4547;
    private static final int LINE_END = 0x0d0a;
    private static final int LINE_END_LITTLE = 0x0a0d;
    /** Two line ends, little-endian. */
    private static final int HEAD_END = 0x0a0d_0a0d;

    private static final long HTTP_1_1 = 0x312e_312f_5054_5448L;
    private static final long HTTP_1_0 = 0x302e_312f_5054_5448L;
    /** "HTTP/" in the lower five bytes. */
    private static final long HTTP = 0x2f_5054_5448L;

    private static final long HTTP_MASK = 0xff_ffff_ffffL;
    private static final int LONGEST_METHOD = 32;

    /** Bytes from 0x21 to 0x3f that mean nothing special in a path: all but {@code # % . / ?}. */
    private static final long ORDINARY = 0x7fff_3fd6_0000_0000L;

    private final int maximumLineBytes;
    private final int maximumHeaderBytes;
    private final int maximumFields;
    private final Fields fields;
    private final KnownNames names;
    private final KnownFields[] known;
    /** Number of the section that was kept last. */
    private int latest;

    /** @param known for sections of fields that come again; a power of two of them */
    RequestParser(
            int maximumLineBytes,
            int maximumHeaderBytes,
            int maximumFields,
            Fields fields,
            KnownNames names,
            KnownFields[] known) {
        this.maximumLineBytes = maximumLineBytes;
        this.maximumHeaderBytes = maximumHeaderBytes;
        this.maximumFields = maximumFields;
        this.fields = fields;
        this.names = names;
        this.known = known;
    }

    /**
     * Reads on in a request that begins at {@code start}.
     *
     * @return the length of the complete head, {@link #INCOMPLETE}, or the negative status code of a refusal
     */
    int parse(Request request, Bytes data, int start, int end) {
        if (request.lines == 0) {
            int next = requestLine(request, data, start, end);
            if (next <= 0) {
                return next;
            }
            request.fieldsAt = next - start;
            int length = known[request.known].recall(request, data, next, end);
            return length > 0 ? next + length - start : firstFields(request, data, start, end);
        }
        return fields(request, data, start, end);
    }

    /** Begins to read the fields; if all have arrived, keeps them for the next time. */
    private int firstFields(Request request, Bytes data, int start, int end) {
        int fieldsAt = request.fieldsAt;
        request.lines = 1;
        request.line = fieldsAt;
        request.scanned = fieldsAt;
        request.colon = 0;
        int result = ordinaryLines(request, data, start, end);
        if (result == INCOMPLETE) {
            result = fields(request, data, start, end);
        }
        if (result > 0 && KnownFields.canKeep(request, result - fieldsAt)) {
            latest = (latest + 1) & (known.length - 1);
            known[latest].keep(request, data, start + fieldsAt, result - fieldsAt);
            request.known = latest;
        }
        return result;
    }

    /** For a new connection: the section to expect is the one that was seen last. */
    void expectLatest(Request request) {
        request.known = latest;
    }

    /** Returns the position of the next line, or as {@link #parse}. */
    private int requestLine(Request request, Bytes data, int start, int end) {
        // Nothing behind the longest permitted line is looked at, so that its limit comes before its other faults.
        int window = Math.min(end, start + maximumLineBytes + 2);
        int result = method(request, data, start, window);
        if (result > 0) {
            result = target(request, data, start, window);
        }
        if (result > 0) {
            result = version(request, data, result, window);
        }
        return result == INCOMPLETE && end - start >= maximumLineBytes + 2 ? -414 : result;
    }

    private static int method(Request request, Bytes data, int start, int end) {
        if (request.method != 0) {
            return request.targetAt;
        }
        if (start + 4 <= end && data.i32Little(start) == GET_SPACE) {
            return methodFound(request, Request.GET, 4);
        }
        long name = 0;
        for (int at = start; at < end; at++) {
            int value = data.u8(at);
            if (value == ' ' && at > start) {
                return methodFound(request, methodNumber(name, at - start), at + 1 - start);
            }
            if (!Scan.isToken(value) || at - start == LONGEST_METHOD) {
                return -400;
            }
            name = name << 8 | value;
        }
        return INCOMPLETE;
    }

    private static int methodFound(Request request, int method, int targetAt) {
        request.method = method;
        request.targetAt = targetAt;
        request.scanned = targetAt;
        return targetAt;
    }

    /** The last eight characters of a method, most significant first, to its number. */
    private static int methodNumber(long name, int length) {
        if (length > 7) {
            return Request.UNKNOWN;
        }
        if (name == 0x47_4554L) {
            return Request.GET;
        }
        if (name == 0x4845_4144L) {
            return Request.HEAD;
        }
        if (name == 0x4f_5054_494f_4e53L) {
            return Request.OPTIONS;
        }
        // POST, PUT, DELETE, PATCH, TRACE, CONNECT
        return name == 0x504f_5354L
                        || name == 0x50_5554L
                        || name == 0x4445_4c45_5445L
                        || name == 0x50_4154_4348L
                        || name == 0x54_5241_4345L
                        || name == 0x43_4f4e_4e45_4354L
                ? Request.OTHER
                : Request.UNKNOWN;
    }

    /** Returns the position behind the space that ends the target. */
    private static int target(Request request, Bytes data, int start, int end) {
        if (request.pathEnd == 0) {
            int result = path(request, data, start, end);
            if (result <= 0) {
                return result;
            }
        }
        int at = start + request.scanned;
        for (; at < end; at++) {
            int value = data.u8(at);
            if (value == ' ') {
                request.targetEnd = at - start;
                request.scanned = at - start;
                return at + 1;
            }
            if (value < ' ' || value == 0x7f || value == '#') {
                return -400;
            }
        }
        request.scanned = at - start;
        return INCOMPLETE;
    }

    /** Hashes the target up to the question mark or the space behind it. */
    private static int path(Request request, Bytes data, int start, int end) {
        int at = start + request.scanned;
        int hash = request.hash;
        int previous = request.previous;
        for (; at < end; at++) {
            int value = data.u8(at);
            if (value < 64) {
                if ((ORDINARY >>> value & 1) == 0) {
                    if (value == ' ' || value == '?') {
                        return pathFound(request, hash, at - start);
                    }
                    if (value < ' ' || value == '#') {
                        return -400;
                    }
                    if (value == '%' || previous == '/') {
                        request.flags |= Request.COMPLEX_TARGET;
                    }
                }
            } else if (value == 0x7f) {
                return -400;
            }
            hash = SiteFormat.hash(hash, value);
            previous = value;
        }
        request.hash = hash;
        request.previous = previous;
        request.scanned = at - start;
        return INCOMPLETE;
    }

    private static int pathFound(Request request, int hash, int pathEnd) {
        if (pathEnd == request.targetAt) {
            return -400;
        }
        request.hash = hash;
        request.pathEnd = pathEnd;
        request.scanned = pathEnd;
        return pathEnd;
    }

    /** Reads {@code HTTP/1.1 CR LF}. */
    private static int version(Request request, Bytes data, int at, int end) {
        if (at + 10 > end) {
            // The space is found again, and with it this place.
            return INCOMPLETE;
        }
        long version = data.i64Little(at);
        if (data.u16(at + 8) != LINE_END) {
            return -400;
        }
        if (version == HTTP_1_1) {
            request.minorVersion = 1;
            return at + 10;
        }
        if (version == HTTP_1_0) {
            request.minorVersion = 0;
            return at + 10;
        }
        int major = data.u8(at + 5) - '0';
        int minor = data.u8(at + 7) - '0';
        if ((version & HTTP_MASK) != HTTP || data.u8(at + 6) != '.' || (major | minor) < 0 || major > 9 || minor > 9) {
            return -400;
        }
        request.minorVersion = 1;
        // A later minor version of HTTP/1 is spoken to as the latest one known (RFC 9110 section 2.5).
        return major == 1 ? at + 10 : -505;
    }

    /**
     * Takes in lines as they mostly are, sixty-four bytes at a time: complete, and of a name that is soon known and text.
     * Returns like {@link #parse}; if it is not the end, {@link #fields} goes on with the first line that is not so.
     */
    private int ordinaryLines(Request request, Bytes data, int start, int end) {
        int window = Math.min(end, start + request.fieldsAt + maximumHeaderBytes);
        int line = start + request.line;
        int block = line;
        long controls = data.bitsBelow(block, ' ');
        while (true) {
            while (controls == 0 && block + 64 < window) {
                block += 64;
                controls = data.bitsBelow(block, ' ');
            }
            int at = controls == 0 ? window : block + Bytes.lowestBit(controls);
            if (at + 2 > window || data.u16Little(at) != LINE_END_LITTLE) {
                break;
            }
            if (at == line) {
                return at + 2 - start;
            }
            int name = names.find(data, line);
            if (name == KnownNames.UNKNOWN) {
                break;
            }
            int kind = KnownNames.kind(name);
            if (kind != Fields.OTHER) {
                int result = -fields.take(kind, request, data, start, line + KnownNames.length(name) + 1, at);
                if (result != 0) {
                    return result;
                }
            }
            if (request.lines > maximumFields) {
                return -431;
            }
            request.lines++;
            line = at + 2;
            controls &= controls - 1;
            if (controls == 0) {
                block += 64;
                controls = data.bitsBelow(block, ' ');
            }
            // The line feed.
            controls &= controls - 1;
        }
        request.line = line - start;
        request.scanned = line - start;
        return INCOMPLETE;
    }

    private int field(Request request, Bytes data, int start, int line, int colon, int end) {
        return fields.take(fields.kind(data, line, colon - line), request, data, start, colon + 1, end);
    }

    private int fields(Request request, Bytes data, int start, int end) {
        int limit = start + request.fieldsAt + maximumHeaderBytes;
        int window = Math.min(end, limit);
        int line = start + request.line;
        int at = start + request.scanned;
        int colon = start + request.colon;
        int result;
        while (true) {
            if (colon <= line) {
                at = Scan.tokenEnd(data, at, window);
                if (at == line || at == window || data.u8(at) != ':') {
                    result = withoutColon(data, start, line, at, window);
                    break;
                }
                colon = at++;
            }
            at = Scan.controlPosition(data, at, window);
            if (at + 2 > window) {
                result = at == window || data.u8(at) == '\r' ? INCOMPLETE : -400;
                break;
            }
            result = data.u16(at) == LINE_END ? -field(request, data, start, line, colon, at) : -400;
            if (result != 0 || request.lines > maximumFields) {
                return result != 0 ? result : -431;
            }
            if (at + 4 <= window && data.i32Little(at) == HEAD_END) {
                return at + 4 - start;
            }
            request.lines++;
            at += 2;
            line = at;
            colon = at;
        }
        if (result == INCOMPLETE) {
            request.line = line - start;
            request.scanned = at - start;
            request.colon = colon <= line ? 0 : colon - start;
            return end >= limit ? -431 : INCOMPLETE;
        }
        return result;
    }

    /** A line without a colon so far: the empty line, one that has not arrived, or none that is permitted. */
    private static int withoutColon(Bytes data, int start, int line, int at, int end) {
        if (at == end) {
            return INCOMPLETE;
        }
        if (at > line || data.u8(at) != '\r') {
            return -400;
        }
        if (at + 1 == end) {
            return INCOMPLETE;
        }
        return data.u8(at + 1) == '\n' ? at + 2 - start : -400;
    }
}
