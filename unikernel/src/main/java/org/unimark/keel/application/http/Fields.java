// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * Recognises the header fields that the server acts upon, by the length of the name and then by its letters, eight at a
 * time. The numbers below are the names in small letters, little-endian, taken from the position that the name says.
 */
final class Fields {
    /** Kinds of fields; one that means nothing to this server: */
    static final int OTHER = 0;

    private static final int HOST = 1;
    private static final int CONNECTION = 2;
    private static final int USER_AGENT = 3;
    private static final int REFERER = 4;
    private static final int ACCEPT_ENCODING = 5;
    private static final int EXPECT = 6;
    private static final int CONTENT_LENGTH = 7;
    private static final int TRANSFER_ENCODING = 8;
    private static final int RANGE = 9;
    private static final int IF_MATCH = 10;
    private static final int IF_RANGE = 11;
    private static final int IF_NONE_MATCH = 12;
    private static final int IF_MODIFIED_SINCE = 13;
    private static final int IF_UNMODIFIED_SINCE = 14;

    /** Of the names above. */
    private static final int LONGEST_NAME = 19;

    private static final int INT_CASE = 0x2020_2020;
    private static final long LONG_CASE = 0x2020_2020_2020_2020L;

    private static final int HOST_WORD = 0x7473_6f68;
    private static final int RANG = 0x676e_6172;
    private static final int ANGE = 0x6567_6e61;
    private static final int EXPE = 0x6570_7865;
    private static final int PECT = 0x7463_6570;
    private static final int REFE = 0x6566_6572;
    private static final int ERER = 0x7265_7265;
    private static final long IF_MATCH_WORD = 0x6863_7461_6d2d_6669L;
    private static final long IF_RANGE_WORD = 0x6567_6e61_722d_6669L;
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
    /** Whether anybody wants to know what only the access log says. */
    private final boolean logged;

    /** The last Host that was found to be one. */
    private final Memo goodHost;

    Fields(int maximumBodyBytes, boolean logged, Memo goodHost) {
        this.logged = logged;
        this.maximumBodyBytes = maximumBodyBytes;
        this.goodHost = goodHost;
    }

    /** Which field a name [at, at + length) means, in any case of letters: one of the constants, or {@link #OTHER}. */
    int kind(Bytes data, int at, int length) {
        switch (length) {
            case 4:
                return small(data, at) == HOST_WORD ? HOST : OTHER;
            case 5:
                return small(data, at) == RANG && small(data, at + 1) == ANGE ? RANGE : OTHER;
            case 6:
                return small(data, at) == EXPE && small(data, at + 2) == PECT ? EXPECT : OTHER;
            case 7:
                return logged && small(data, at) == REFE && small(data, at + 3) == ERER ? REFERER : OTHER;
            default:
                return length < 8 || length > LONGEST_NAME ? OTHER : longerKind(data, at, length);
        }
    }

    private int longerKind(Bytes data, int at, int length) {
        long first = longSmall(data, at);
        long last = longSmall(data, at + length - 8);
        switch (length) {
            case 8:
                return first == IF_MATCH_WORD ? IF_MATCH : first == IF_RANGE_WORD ? IF_RANGE : OTHER;
            case 10:
                if (first == CONNECTI) {
                    return last == NNECTION ? CONNECTION : OTHER;
                }
                return logged && first == USER_AGE && last == ER_AGENT ? USER_AGENT : OTHER;
            case 13:
                return first == IF_NONE && last == NE_MATCH ? IF_NONE_MATCH : OTHER;
            case 14:
                return first == CONTENT && last == T_LENGTH ? CONTENT_LENGTH : OTHER;
            case 15:
                return first == ACCEPT_E && last == ENCODING ? ACCEPT_ENCODING : OTHER;
            case 17:
                // The ninth letter is the only one outside the two words.
                if (first == TRANSFER) {
                    return data.u8(at + 8) == '-' && last == ENCODING ? TRANSFER_ENCODING : OTHER;
                }
                return first == IF_MODIF && (data.u8(at + 8) | 0x20) == 'i' && last == ED_SINCE
                        ? IF_MODIFIED_SINCE
                        : OTHER;
            case 19:
                return first == IF_UNMOD && longSmall(data, at + 8) == IFIED_SI && last == ED_SINCE
                        ? IF_UNMODIFIED_SINCE
                        : OTHER;
            default:
                return OTHER;
        }
    }

    /**
     * Takes in a field of a request that begins at {@code start}: of one kind, with its value in [from, end), which may have
     * blanks around it. Returns 0 or the status code of a refusal.
     */
    int take(int kind, Request request, Bytes data, int start, int from, int end) {
        switch (kind) {
            case OTHER:
                return 0;
            case HOST:
                return host(request, data, from, end);
            case CONNECTION:
                connection(request, data, from, end);
                return 0;
            case USER_AGENT:
                request.userAgent = first(request.userAgent, data, start, from, end);
                return 0;
            case REFERER:
                request.referer = first(request.referer, data, start, from, end);
                return 0;
            case ACCEPT_ENCODING:
                request.flags |= request.has(Request.NEGOTIATED) ? 0 : beginNegotiation(request);
                request.acceptEncoding = first(request.acceptEncoding, data, start, from, end);
                return 0;
            case EXPECT:
                expect(request, data, from, end);
                return 0;
            case CONTENT_LENGTH:
                return contentLength(request, data, from, end);
            case TRANSFER_ENCODING:
                return transferEncoding(request, data, from, end);
            default:
                negotiated(kind, request, data, start, from, end);
                return 0;
        }
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

    /** Notes where the value of a precondition or of a range is. */
    private static void negotiated(int kind, Request request, Bytes data, int start, int from, int end) {
        if (!request.has(Request.NEGOTIATED)) {
            request.flags |= beginNegotiation(request);
        }
        request.flags |= Request.CONDITIONAL;
        switch (kind) {
            case RANGE -> request.range = first(request.range, data, start, from, end);
            case IF_MATCH -> request.ifMatch = first(request.ifMatch, data, start, from, end);
            case IF_RANGE -> request.ifRange = first(request.ifRange, data, start, from, end);
            case IF_NONE_MATCH -> request.ifNoneMatch = first(request.ifNoneMatch, data, start, from, end);
            case IF_MODIFIED_SINCE -> request.ifModifiedSince = first(request.ifModifiedSince, data, start, from, end);
            default -> request.ifUnmodifiedSince = first(request.ifUnmodifiedSince, data, start, from, end);
        }
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
        // With the blanks around it, which are mostly one space.
        if (goodHost.recall(data, from, end - from) != Memo.UNKNOWN) {
            return 0;
        }
        int at = Scan.skipBlanks(data, from, end);
        int last = Scan.trimBlanks(data, at, end);
        if (Scan.hostEnd(data, at, last) != last) {
            return 400;
        }
        goodHost.note(data, from, end - from, 0);
        return 0;
    }

    private static void expect(Request request, Bytes data, int from, int end) {
        int at = Scan.skipBlanks(data, from, end);
        if (Scan.equalIgnoringCase(data, at, Scan.trimBlanks(data, at, end) - at, "100-continue")) {
            request.flags |= Request.EXPECT_CONTINUE;
        }
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
