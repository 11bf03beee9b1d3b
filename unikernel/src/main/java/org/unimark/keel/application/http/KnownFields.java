// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * A whole section of header fields that was understood before, and what it said. A client repeats its fields byte for
 * byte from one request to the next, and all clients of one kind send the same; comparing them is an order of magnitude
 * cheaper than reading them again. Sections about a body, a range or a precondition are not kept: they change.
 */
final class KnownFields {
    /** Longer sections are read every time. */
    static final int CAPACITY = 1024;

    /** What a section may say to be kept, apart from Accept-Encoding. */
    private static final int PERMITTED =
            Request.HOST | Request.CONNECTION_CLOSE | Request.CONNECTION_KEEP_ALIVE | Request.NEGOTIATED;

    private final Bytes section;
    /** With the empty line; larger than anything that arrives while nothing is known. */
    private int length = Integer.MAX_VALUE;

    private int flags;
    /** Places of values count from the beginning of the section. */
    private int acceptEncoding;

    private int userAgent;
    private int referer;

    /** @param memory {@link #CAPACITY} bytes */
    KnownFields(Bytes memory) {
        this.section = memory;
    }

    /** If [at, end) begins with this section, notes in {@code request} what it says and returns its length, else 0. */
    int recall(Request request, Bytes data, int at, int end) {
        if (end - at < length || !section.matches(0, data, at, length)) {
            return 0;
        }
        int shift = request.fieldsAt << 16;
        request.flags |= flags;
        if ((flags & Request.NEGOTIATED) != 0) {
            request.resetNegotiation();
            request.acceptEncoding = acceptEncoding + shift;
        }
        request.userAgent = userAgent == 0 ? 0 : userAgent + shift;
        request.referer = referer == 0 ? 0 : referer + shift;
        return length;
    }

    static boolean canKeep(Request request, int sectionLength) {
        return sectionLength <= CAPACITY && (request.flags & ~(PERMITTED | Request.COMPLEX_TARGET)) == 0;
    }

    /** Keeps the section at {@code at}, of which {@code request} holds what it says; {@link #canKeep} said yes. */
    void keep(Request request, Bytes data, int at, int sectionLength) {
        int shift = request.fieldsAt << 16;
        section.copyFrom(0, data, at, sectionLength);
        length = sectionLength;
        flags = request.flags & PERMITTED;
        acceptEncoding = request.acceptEncoding == 0 ? 0 : request.acceptEncoding - shift;
        userAgent = request.userAgent == 0 ? 0 : request.userAgent - shift;
        referer = request.referer == 0 ? 0 : request.referer - shift;
    }
}
