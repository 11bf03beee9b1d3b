// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** The framing of several ranges in one response (RFC 9110 section 14.6). */
final class Multipart {
    private static final int BOUNDARY_DIGITS = 16;
    private static final String CONTENT_TYPE = "\r\nContent-Type: ";
    private static final String CONTENT_RANGE = "\r\nContent-Range: bytes ";

    private final Site site;
    private final String boundary;

    /** @param random makes a boundary that no file contains */
    Multipart(Site site, long random) {
        this.site = site;
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < BOUNDARY_DIGITS; i++) {
            digits.append("0123456789abcdef".charAt((int) (random >>> 4 * i) & 15));
        }
        this.boundary = digits.toString();
    }

    String boundary() {
        return boundary;
    }

    /** The size of the whole body. */
    long length(RangeSet ranges, int response) {
        int size = site.responseField(response, SiteFormat.RESPONSE_BODY_LENGTH);
        int typeLength = site.responseField(response, SiteFormat.RESPONSE_TYPE_LENGTH);
        long fixed = 4 + BOUNDARY_DIGITS + CONTENT_TYPE.length() + typeLength + CONTENT_RANGE.length() + 6;
        long length = 4 + BOUNDARY_DIGITS + 4;
        for (int i = 0; i < ranges.count(); i++) {
            length += fixed + ranges.end(i) - ranges.begin(i);
            length += Decimal.digits(ranges.begin(i)) + Decimal.digits(ranges.end(i) - 1) + Decimal.digits(size);
        }
        return length;
    }

    /** Composes what precedes range {@code i}, or the end of the body if there is none. */
    void compose(HeadBuffer out, RangeSet ranges, int i, int response) {
        out.clear().text("\r\n--").text(boundary);
        if (i == ranges.count()) {
            out.text("--\r\n");
            return;
        }
        Bytes bytes = site.bytes();
        out.text(CONTENT_TYPE);
        out.copy(
                bytes,
                site.responseField(response, SiteFormat.RESPONSE_TYPE_AT),
                site.responseField(response, SiteFormat.RESPONSE_TYPE_LENGTH));
        out.text(CONTENT_RANGE);
        out.number(ranges.begin(i)).text("-").number(ranges.end(i) - 1L).text("/");
        out.number(site.responseField(response, SiteFormat.RESPONSE_BODY_LENGTH))
                .text("\r\n\r\n");
    }
}
