// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** Preconditions, in the order of RFC 9110 section 13.2.2. */
final class Conditions {
    private final Site site;

    Conditions(Site site) {
        this.site = site;
    }

    /**
     * Evaluates the preconditions of a request for {@code response} of {@code entry}.
     *
     * @return 0 if the method is to be performed, else 304 or 412
     */
    int evaluate(Request request, Bytes data, int start, int entry, int response, long nowSeconds) {
        if (request.ifMatch != 0) {
            if (!anyTag(request.ifMatch, data, start, response, true)) {
                return 412;
            }
        } else if (request.ifUnmodifiedSince != 0) {
            long date = date(request.ifUnmodifiedSince, data, start, nowSeconds);
            if (date != HttpDate.INVALID && site.modifiedSeconds(entry) > date) {
                return 412;
            }
        }
        if (request.ifNoneMatch != 0) {
            return anyTag(request.ifNoneMatch, data, start, response, false) ? 304 : 0;
        }
        if (request.ifModifiedSince != 0) {
            long date = date(request.ifModifiedSince, data, start, nowSeconds);
            return date != HttpDate.INVALID && site.modifiedSeconds(entry) <= date ? 304 : 0;
        }
        return 0;
    }

    /** Whether a range may be sent: the client's part is of this representation (RFC 9110 section 13.1.5). */
    boolean rangeApplies(Request request, Bytes data, int start, int entry, int response, long nowSeconds) {
        if (request.ifRange == 0) {
            return true;
        }
        int at = start + Request.valueAt(request.ifRange);
        int length = Request.valueLength(request.ifRange);
        if (length > 0 && (data.u8(at) == '"' || data.u8(at) == 'W')) {
            return anyTag(request.ifRange, data, start, response, true);
        }
        return date(request.ifRange, data, start, nowSeconds) == site.modifiedSeconds(entry);
    }

    private static long date(int value, Bytes data, int start, long nowSeconds) {
        return HttpDate.parse(data, start + Request.valueAt(value), Request.valueLength(value), nowSeconds);
    }

    /** Whether a list of entity tags names the response; a weak tag matches only if {@code strong} is false. */
    private boolean anyTag(int value, Bytes data, int start, int response, boolean strong) {
        int at = start + Request.valueAt(value);
        int end = at + Request.valueLength(value);
        if (end - at == 1 && data.u8(at) == '*') {
            return true;
        }
        while (at < end) {
            int first = data.u8(at);
            if (Scan.isBlank(first) || first == ',') {
                at++;
                continue;
            }
            boolean weak = first == 'W' && at + 2 < end && data.u8(at + 1) == '/';
            int quote = weak ? at + 2 : at;
            int close = closingQuote(data, quote, end);
            if (close < 0) {
                return false;
            }
            if (!(weak && strong) && isTag(response, data, quote, close + 1 - quote)) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }

    private static int closingQuote(Bytes data, int quote, int end) {
        if (data.u8(quote) != '"') {
            return -1;
        }
        for (int at = quote + 1; at < end; at++) {
            if (data.u8(at) == '"') {
                return at;
            }
        }
        return -1;
    }

    private boolean isTag(int response, Bytes data, int at, int length) {
        return site.responseField(response, SiteFormat.RESPONSE_TAG_LENGTH) == length
                && data.equalBytes(at, site.bytes(), site.responseField(response, SiteFormat.RESPONSE_TAG_AT), length);
    }
}
