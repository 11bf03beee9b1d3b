// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

/**
 * What is known of a request whose head is being read, and where to go on reading. All positions count from the first
 * byte of the request, because the bytes before it come and go between two arrivals.
 */
final class Request {
    static final int GET = 1;
    static final int HEAD = 2;
    static final int OPTIONS = 3;
    /** A method of RFC 9110 or PATCH that this server knows but does not offer. */
    static final int OTHER = 4;

    static final int UNKNOWN = 5;

    /** Set in {@link #flags}: the Host field was seen. */
    static final int HOST = 1;

    static final int CONNECTION_CLOSE = 1 << 1;
    static final int CONNECTION_KEEP_ALIVE = 1 << 2;
    static final int EXPECT_CONTINUE = 1 << 3;
    static final int CONTENT_LENGTH = 1 << 4;
    static final int CHUNKED = 1 << 5;
    /** Content-Length says more than the server takes. */
    static final int BODY_TOO_LARGE = 1 << 6;
    /** A transfer coding other than chunked. */
    static final int UNKNOWN_CODING = 1 << 7;
    /** The target needs decoding: an escape, two slashes or a segment that begins with a dot, or it is no path. */
    static final int COMPLEX_TARGET = 1 << 8;
    /** A field that may change which response is sent: a precondition, a range or an accepted coding. */
    static final int NEGOTIATED = 1 << 9;
    /** The same without accepted codings. */
    static final int CONDITIONAL = 1 << 10;

    /** Everything that the shortest way to a response does not deal with. */
    private static final int NOT_SIMPLE = ~(HOST | CONNECTION_KEEP_ALIVE | NEGOTIATED);

    /** 0 while in the request line, then one more than there are fields so far. */
    int lines;
    /** Where the line begins that is being read. */
    int line;
    /** Bytes before this one have been looked at and need not be again. */
    int scanned;
    /** In a header line: where the colon is, or 0 while in the name. */
    int colon;

    int method;
    int minorVersion;
    int flags;
    int targetAt;
    int pathEnd;
    int targetEnd;
    int hash;
    /** The byte of the path before {@link #scanned}. */
    int previous;

    int fieldsAt;
    /** Number of the section of fields that this client is expected to repeat; outlives the request. */
    int known;

    long contentLength;

    /** Values of fields: position in the upper half, length in the lower; 0 if absent. The first of several counts. */
    int acceptEncoding;

    int ifMatch;
    int ifNoneMatch;
    int ifModifiedSince;
    int ifUnmodifiedSince;
    int ifRange;
    int range;
    int userAgent;
    int referer;

    void reset() {
        lines = 0;
        line = 0;
        scanned = 0;
        colon = 0;
        method = 0;
        flags = 0;
        pathEnd = 0;
        hash = 0;
        previous = 0;
        contentLength = 0;
        acceptEncoding = 0;
        userAgent = 0;
        referer = 0;
    }

    /** Forgets the fields that {@link #NEGOTIATED} announces: called when the first of them is found. */
    void resetNegotiation() {
        ifMatch = 0;
        ifNoneMatch = 0;
        ifModifiedSince = 0;
        ifUnmodifiedSince = 0;
        ifRange = 0;
        range = 0;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** A GET of HTTP/1.1 that may only ask for another coding: most requests. */
    boolean isSimple() {
        return (flags & (NOT_SIMPLE | HOST)) == HOST && method == GET && minorVersion > 0;
    }

    boolean hasBody() {
        return has(CHUNKED) || contentLength > 0;
    }

    /** HTTP/1.1 stays open unless told otherwise, HTTP/1.0 closes unless told otherwise (RFC 9112 section 9.3). */
    boolean keepsAlive() {
        return !has(CONNECTION_CLOSE) && (minorVersion > 0 || has(CONNECTION_KEEP_ALIVE));
    }

    static int value(int at, int length) {
        return at << 16 | length;
    }

    static int valueAt(int value) {
        return value >>> 16;
    }

    static int valueLength(int value) {
        return value & 0xffff;
    }
}
