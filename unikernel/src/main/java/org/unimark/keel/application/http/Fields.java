// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * Recognises the header fields that the server acts upon, by the length of the name and then by its letters, eight at a
 * time. The numbers below are the names in small letters, little-endian, taken from the position that the name says.
 */
final class Fields {
    private static final int INT_CASE = 0x2020_2020;
    private static final long LONG_CASE = 0x2020_2020_2020_2020L;

    private static final int HOST = 0x7473_6f68;
    private static final int RANG = 0x676e_6172;
    private static final int ANGE = 0x6567_6e61;
    private static final int EXPE = 0x6570_7865;
    private static final int PECT = 0x7463_6570;
    private static final int REFE = 0x6566_6572;
    private static final int ERER = 0x7265_7265;
    private static final long IF_MATCH = 0x6863_7461_6d2d_6669L;
    private static final long IF_RANGE = 0x6567_6e61_722d_6669L;
    private static final long CONNECTI = 0x6974_6365_6e6e_6f63L;
    private static final long NNECTION = 0x6e6f_6974_6365_6e6eL;
    private static final long USER_AGE = 0x6567_612d_7265_7375L;
    private static final long ER_AGENT = 0x746e_6567_612d_7265L;
    private static final long IF_NONE = 0x2d65_6e6f_6e2d_6669L;
    private static final long NE_MATCH = 0x6863_7461_6d2d_656eL;
    private static final long CONTENT = 0x2d74_6e65_746e_6f63L;
    private static final long T_LENGTH = 0x6874_676e_656c_2d74L;
    private static final long ACCEPT_E = 0x652d_7470_6563_6361L;
    private static final long ENCODING = 0x676e_6964_6f63_6e65L;
    private static final long TRANSFER = 0x7265_6673_6e61_7274L;
    private static final long IF_MODIF = 0x6669_646f_6d2d_6669L;
    private static final long IF_UNMOD = 0x646f_6d6e_752d_6669L;
    private static final long IFIED_SI = 0x6973_2d64_6569_6669L;
    private static final long ED_SINCE = 0x6563_6e69_732d_6465L;

    private static final long KEEP_ALI = 0x696c_612d_7065_656bL;
    private static final long EP_ALIVE = 0x6576_696c_612d_7065L;

    private final int maximumBodyBytes;
    /** The last Host that was found to be one. */
    private final Memo goodHost;

    Fields(int maximumBodyBytes, Memo goodHost) {
        this.maximumBodyBytes = maximumBodyBytes;
        this.goodHost = goodHost;
    }

    /**
     * Takes in the line that begins at {@code name}, has its colon at {@code colon} and its line end at {@code valueEnd},
     * of a request that begins at {@code start}; returns 0 or the status code of a refusal.
     */
    int field(Request request, Bytes data, int start, int name, int colon, int valueEnd) {
        int from = colon + 1;
        switch (colon - name) {
            case 4:
                return small(data, name) == HOST ? host(request, data, from, valueEnd) : 0;
            case 5:
                return small(data, name) == RANG && small(data, name + 1) == ANGE
                        ? negotiated(request, RANG, data, start, from, valueEnd)
                        : 0;
            case 6:
                return small(data, name) == EXPE && small(data, name + 2) == PECT
                        ? expect(request, data, from, valueEnd)
                        : 0;
            case 7:
                if (small(data, name) == REFE && small(data, name + 3) == ERER) {
                    request.referer = first(request.referer, data, start, from, valueEnd);
                }
                return 0;
            case 8:
                return conditionOrRange(request, longSmall(data, name), data, start, from, valueEnd);
            default:
                return longerField(request, data, start, name, colon, valueEnd);
        }
    }

    private int longerField(Request request, Bytes data, int start, int name, int colon, int end) {
        int from = colon + 1;
        switch (colon - name) {
            case 10:
                return tenLetters(request, data, start, name, end);
            case 13:
                return longSmall(data, name) == IF_NONE && longSmall(data, name + 5) == NE_MATCH
                        ? negotiated(request, 13, data, start, from, end)
                        : 0;
            case 14:
                return longSmall(data, name) == CONTENT && longSmall(data, name + 6) == T_LENGTH
                        ? contentLength(request, data, from, end)
                        : 0;
            case 15:
                if (longSmall(data, name) == ACCEPT_E && longSmall(data, name + 7) == ENCODING) {
                    request.flags |= request.has(Request.NEGOTIATED) ? 0 : beginNegotiation(request);
                    request.acceptEncoding = first(request.acceptEncoding, data, start, from, end);
                }
                return 0;
            case 17:
                return seventeenLetters(request, data, start, name, end);
            case 19:
                return longSmall(data, name) == IF_UNMOD
                                && longSmall(data, name + 8) == IFIED_SI
                                && longSmall(data, name + 11) == ED_SINCE
                        ? negotiated(request, 19, data, start, from, end)
                        : 0;
            default:
                return 0;
        }
    }

    private static int tenLetters(Request request, Bytes data, int start, int name, int end) {
        int from = name + 11;
        long first = longSmall(data, name);
        long last = longSmall(data, name + 2);
        if (first == CONNECTI && last == NNECTION) {
            connection(request, data, from, end);
        } else if (first == USER_AGE && last == ER_AGENT) {
            request.userAgent = first(request.userAgent, data, start, from, end);
        }
        return 0;
    }

    private static void connection(Request request, Bytes data, int from, int end) {
        int at = Scan.skipBlanks(data, from, end);
        if (end - at == 10 && longSmall(data, at) == KEEP_ALI && longSmall(data, at + 2) == EP_ALIVE) {
            request.flags |= Request.CONNECTION_KEEP_ALIVE;
            return;
        }
        if (Scan.listContains(data, at, end, "close")) {
            request.flags |= Request.CONNECTION_CLOSE;
        }
        if (Scan.listContains(data, at, end, "keep-alive")) {
            request.flags |= Request.CONNECTION_KEEP_ALIVE;
        }
    }

    private static int seventeenLetters(Request request, Bytes data, int start, int name, int end) {
        int from = name + 18;
        long first = longSmall(data, name);
        if (first == TRANSFER && data.u8(name + 8) == '-' && longSmall(data, name + 9) == ENCODING) {
            return transferEncoding(request, data, from, end);
        }
        // The ninth letter is the only one outside the two words.
        return first == IF_MODIF && (data.u8(name + 8) | 0x20) == 'i' && longSmall(data, name + 9) == ED_SINCE
                ? negotiated(request, 17, data, start, from, end)
                : 0;
    }

    private static int conditionOrRange(Request request, long name, Bytes data, int start, int from, int end) {
        if (name == IF_MATCH) {
            return negotiated(request, 8, data, start, from, end);
        }
        return name == IF_RANGE ? negotiated(request, 9, data, start, from, end) : 0;
    }

    /** Notes where the value of a precondition or of a range is. */
    private static int negotiated(Request request, int which, Bytes data, int start, int from, int end) {
        if (!request.has(Request.NEGOTIATED)) {
            request.flags |= beginNegotiation(request);
        }
        switch (which) {
            case RANG -> request.range = first(request.range, data, start, from, end);
            case 8 -> request.ifMatch = first(request.ifMatch, data, start, from, end);
            case 9 -> request.ifRange = first(request.ifRange, data, start, from, end);
            case 13 -> request.ifNoneMatch = first(request.ifNoneMatch, data, start, from, end);
            case 17 -> request.ifModifiedSince = first(request.ifModifiedSince, data, start, from, end);
            default -> request.ifUnmodifiedSince = first(request.ifUnmodifiedSince, data, start, from, end);
        }
        return 0;
    }

    private static int beginNegotiation(Request request) {
        request.resetNegotiation();
        return Request.NEGOTIATED;
    }

    /** The value's place, unless an earlier line of the same name has been noted. */
    private static int first(int known, Bytes data, int start, int from, int end) {
        if (known != 0) {
            return known;
        }
        int at = Scan.skipBlanks(data, from, end);
        return Request.value(at - start, Scan.trimBlanks(data, at, end) - at);
    }

    /** Exactly one Host field with the characters of a host and a port (RFC 9112 section 3.2). */
    private int host(Request request, Bytes data, int from, int end) {
        if (request.has(Request.HOST)) {
            return 400;
        }
        request.flags |= Request.HOST;
        int at = Scan.skipBlanks(data, from, end);
        int length = Scan.trimBlanks(data, at, end) - at;
        if (goodHost.recall(data, at, length) != Memo.UNKNOWN) {
            return 0;
        }
        for (int i = 0; i < length; i++) {
            if (!Scan.isHost(data.u8(at + i))) {
                return 400;
            }
        }
        goodHost.note(data, at, length, 0);
        return 0;
    }

    private static int expect(Request request, Bytes data, int from, int end) {
        int at = Scan.skipBlanks(data, from, end);
        if (Scan.equalIgnoringCase(data, at, Scan.trimBlanks(data, at, end) - at, "100-continue")) {
            request.flags |= Request.EXPECT_CONTINUE;
        }
        return 0;
    }

    /** Digits only, and once: a list, a sign or a repetition is a request that two servers read differently. */
    private int contentLength(Request request, Bytes data, int from, int end) {
        int at = Scan.skipBlanks(data, from, end);
        int last = Scan.trimBlanks(data, at, end);
        if (at == last || request.has(Request.CONTENT_LENGTH | Request.CHUNKED | Request.UNKNOWN_CODING)) {
            return 400;
        }
        request.flags |= Request.CONTENT_LENGTH;
        long length = 0;
        for (; at < last; at++) {
            int digit = data.u8(at) - '0';
            if (digit < 0 || digit > 9) {
                return 400;
            }
            // Stays far from overflow; its size does not matter once it is too large.
            length = Math.min(length * 10 + digit, Integer.MAX_VALUE);
        }
        request.contentLength = length;
        if (length > maximumBodyBytes) {
            request.flags |= Request.BODY_TOO_LARGE;
        }
        return 0;
    }

    private static int transferEncoding(Request request, Bytes data, int from, int end) {
        if (request.has(Request.CONTENT_LENGTH | Request.CHUNKED | Request.UNKNOWN_CODING)) {
            return 400;
        }
        int at = Scan.skipBlanks(data, from, end);
        boolean chunked = Scan.equalIgnoringCase(data, at, Scan.trimBlanks(data, at, end) - at, "chunked");
        request.flags |= chunked ? Request.CHUNKED : Request.UNKNOWN_CODING;
        return 0;
    }

    private static int small(Bytes data, int at) {
        return data.i32Little(at) | INT_CASE;
    }

    private static long longSmall(Bytes data, int at) {
        return data.i64Little(at) | LONG_CASE;
    }
}
