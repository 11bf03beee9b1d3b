// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** Decides which response a request gets, when its head is complete. */
final class Responder {
    private final Resources resources;
    private final Site site;
    private final HttpServer server;
    private final Conditions conditions;
    private final Targets targets;
    /** The last Accept-Encoding: 1 if it asked for gzip. */
    private final Memo codings;

    Responder(Resources resources, HttpServer server, Targets targets, Memo codings) {
        this.resources = resources;
        this.site = resources.site;
        this.server = server;
        this.conditions = new Conditions(site);
        this.targets = targets;
        this.codings = codings;
    }

    /** Decides upon the request at {@code start}; {@code option} says what becomes of the connection if all is well. */
    void respond(Request request, Bytes data, int start, int option, Response out) {
        int refusal = refusal(request);
        if (refusal != 0) {
            refuse(refusal, out);
        } else if (request.method == Request.UNKNOWN) {
            error(501, option, request, out);
        } else if (request.method == Request.OTHER) {
            error(405, option, request, out);
        } else {
            locate(request, data, start, option, out);
        }
    }

    /** Faults of a head as a whole, after which nobody can tell where the next request begins. */
    private static int refusal(Request request) {
        if (request.minorVersion == 0
                ? request.has(Request.CHUNKED | Request.UNKNOWN_CODING)
                : !request.has(Request.HOST)) {
            // RFC 9112 section 6.1: a transfer coding in HTTP/1.0 means that some intermediary framed it wrongly.
            return 400;
        }
        if (request.has(Request.UNKNOWN_CODING)) {
            return 501;
        }
        return request.has(Request.BODY_TOO_LARGE) ? 413 : 0;
    }

    /** Sends the page of an error and closes. */
    void refuse(int status, Response out) {
        int number = site.errorResponse(status);
        out.useReady(number, Response.CLOSE, false);
        out.describe(status, site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH));
    }

    private void error(int status, int option, Request request, Response out) {
        ready(site.errorResponse(status), option, request, out);
    }

    private void ready(int number, int option, Request request, Response out) {
        boolean bodiless = request.method == Request.HEAD;
        out.useReady(number, option, bodiless);
        out.describe(
                site.responseField(number, SiteFormat.RESPONSE_STATUS),
                bodiless ? 0 : site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH));
    }

    private void locate(Request request, Bytes data, int start, int option, Response out) {
        int at = start + request.targetAt;
        int length = request.pathEnd - request.targetAt;
        int entry;
        if (request.has(Request.COMPLEX_TARGET) || data.u8(at) != '/') {
            if (request.method == Request.OPTIONS && length == 1 && data.u8(at) == '*') {
                options(option, out);
                return;
            }
            length = targets.resolve(request, data, start);
            if (length == Targets.BAD) {
                refuse(400, out);
                return;
            }
            entry = site.find(targets.hash(length), targets.path(), 0, length);
        } else {
            entry = site.find(request.hash, data, at, length);
        }
        if (entry < 0) {
            error(404, option, request, out);
        } else if (request.method == Request.OPTIONS) {
            options(option, out);
        } else {
            found(entry, request, data, start, option, out);
        }
    }

    private void found(int entry, Request request, Bytes data, int start, int option, Response out) {
        switch (site.entryField(entry, SiteFormat.ENTRY_KIND)) {
            case SiteFormat.KIND_REDIRECT -> redirect(entry, request, data, start, option, out);
            case SiteFormat.KIND_METRICS -> metrics(option, request, out);
            default -> file(entry, request, data, start, option, out);
        }
    }

    private void options(int option, Response out) {
        common(out.compose("HTTP/1.1 204 No Content", option)).text("Allow: GET, HEAD, OPTIONS\r\n");
        out.finishHead();
        out.describe(204, 0);
    }

    private HeadBuffer common(HeadBuffer head) {
        return head.copy(site.bytes(), site.commonAt(), site.commonLength());
    }

    /** To the directory's own name, so that relative references in its page lead to the right place. */
    private void redirect(int entry, Request request, Bytes data, int start, int option, Response out) {
        int number = site.entryField(entry, SiteFormat.ENTRY_IDENTITY);
        if (request.targetEnd == request.pathEnd) {
            ready(number, option, request, out);
            return;
        }
        int length = site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH);
        HeadBuffer head = common(out.compose("HTTP/1.1 301 Moved Permanently", option));
        head.text("Location: ")
                .copy(
                        site.bytes(),
                        site.entryField(entry, SiteFormat.ENTRY_LOCATION_AT),
                        site.entryField(entry, SiteFormat.ENTRY_LOCATION_LENGTH))
                .copy(data, start + request.pathEnd, request.targetEnd - request.pathEnd)
                .text("\r\nContent-Type: text/html\r\nContent-Length: ")
                .number(length)
                .text("\r\n");
        out.finishHead();
        if (head.isOverflown()) {
            refuse(414, out);
            return;
        }
        boolean bodiless = request.method == Request.HEAD;
        int bodyAt = site.responseField(number, SiteFormat.RESPONSE_BODY_AT);
        out.useBody(site.bytes(), bodyAt, bodiless ? bodyAt : bodyAt + length, true);
        out.describe(301, bodiless ? 0 : length);
    }

    private void metrics(int option, Request request, Response out) {
        MetricsPage page = server.takePage();
        if (page == null) {
            error(503, option, request, out);
            return;
        }
        int length = page.render();
        common(out.compose("HTTP/1.1 200 OK", option))
                .text("Cache-Control: no-store\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: ")
                .number(length)
                .text("\r\n");
        out.finishHead();
        out.usePage(page, request.method == Request.HEAD ? 0 : length);
        out.describe(200, request.method == Request.HEAD ? 0 : length);
    }

    private void file(int entry, Request request, Bytes data, int start, int option, Response out) {
        int identity = site.entryField(entry, SiteFormat.ENTRY_IDENTITY);
        if (!request.has(Request.NEGOTIATED)) {
            ready(identity, option, request, out);
            return;
        }
        int number = identity;
        int gzip = site.entryField(entry, SiteFormat.ENTRY_GZIP);
        if (gzip >= 0 && request.acceptEncoding != 0) {
            number = prefersGzip(data, start, request.acceptEncoding) ? gzip : identity;
        }
        int outcome = conditions.evaluate(request, data, start, entry, number, resources.date.epochSeconds());
        if (outcome == 304) {
            notModified(number, option, out);
        } else if (outcome == 412) {
            error(412, option, request, out);
        } else if (request.range == 0
                || request.method != Request.GET
                || !rangeApplies(request, data, start, entry, number)) {
            ready(number, option, request, out);
        } else {
            ranges(number, request, data, start, option, out);
        }
    }

    /** For {@link Request#isSimple}: the number of the ready response, or NONE if it takes more than that. */
    int simpleResponse(Request request, Bytes data, int start) {
        int length = request.pathEnd - request.targetAt;
        int entry = site.find(request.hash, data, start + request.targetAt, length);
        int identity = entry < 0 ? SiteFormat.NONE : site.file(entry);
        if (identity < 0 || request.acceptEncoding == 0) {
            return identity;
        }
        int gzip = site.entryField(entry, SiteFormat.ENTRY_GZIP);
        return gzip >= 0 && prefersGzip(data, start, request.acceptEncoding) ? gzip : identity;
    }

    private boolean prefersGzip(Bytes data, int start, int value) {
        int at = start + Request.valueAt(value);
        int length = Request.valueLength(value);
        int known = codings.recall(data, at, length);
        if (known == Memo.UNKNOWN) {
            known = Negotiation.prefersGzip(data, at, length) ? 1 : 0;
            codings.note(data, at, length, known);
        }
        return known == 1;
    }

    private boolean rangeApplies(Request request, Bytes data, int start, int entry, int number) {
        return conditions.rangeApplies(request, data, start, entry, number, resources.date.epochSeconds());
    }

    /** What a 200 would have said about the representation, without it. */
    private void notModified(int number, int option, Response out) {
        readyHead(out.compose("HTTP/1.1 304 Not Modified", option), number, SiteFormat.RESPONSE_VALIDATORS_END);
        out.finishHead();
        out.describe(304, 0);
    }

    /** Copies the part of a ready head that follows Date and ends at the position in {@code endField}. */
    private HeadBuffer readyHead(HeadBuffer head, int number, int endField) {
        int from = site.responseField(number, SiteFormat.RESPONSE_DATE_AT) + SiteFormat.DATE_BYTES + 2;
        int to = site.responseField(number, endField);
        return head.copy(site.bytes(), site.responseField(number, SiteFormat.RESPONSE_HEAD_AT) + from, to - from);
    }

    private void ranges(int number, Request request, Bytes data, int start, int option, Response out) {
        RangeSet set = resources.takeRanges();
        if (set == null) {
            // A server may always ignore Range (RFC 9110 section 14.2).
            ready(number, option, request, out);
            return;
        }
        int size = site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH);
        int at = start + Request.valueAt(request.range);
        int outcome = set.parse(data, at, Request.valueLength(request.range), size);
        if (outcome == RangeSet.SATISFIABLE && set.count() > 1) {
            severalRanges(number, set, option, out);
            return;
        }
        if (outcome == RangeSet.SATISFIABLE) {
            oneRange(number, set.begin(0), set.end(0), option, out);
        } else if (outcome == RangeSet.UNSATISFIABLE) {
            unsatisfiable(size, option, out);
        } else {
            ready(number, option, request, out);
        }
        resources.release(set);
    }

    private void oneRange(int number, int begin, int end, int option, Response out) {
        HeadBuffer head = out.compose("HTTP/1.1 206 Partial Content", option);
        readyHead(head, number, SiteFormat.RESPONSE_TYPE_END)
                .text("Content-Range: bytes ")
                .number(begin)
                .text("-")
                .number(end - 1L)
                .text("/")
                .number(site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH))
                .text("\r\nContent-Length: ")
                .number(end - (long) begin)
                .text("\r\n");
        out.finishHead();
        int bodyAt = site.responseField(number, SiteFormat.RESPONSE_BODY_AT);
        out.useBody(site.bytes(), bodyAt + begin, bodyAt + end, true);
        out.describe(206, end - (long) begin);
    }

    private void severalRanges(int number, RangeSet set, int option, Response out) {
        long length = resources.multipart.length(set, number);
        HeadBuffer head = out.compose("HTTP/1.1 206 Partial Content", option);
        readyHead(head, number, SiteFormat.RESPONSE_VALIDATORS_END)
                .text("Content-Type: multipart/byteranges; boundary=")
                .text(resources.multipart.boundary())
                .text("\r\nContent-Length: ")
                .number(length)
                .text("\r\n");
        out.finishHead();
        out.useRanges(set, number);
        out.describe(206, length);
    }

    private void unsatisfiable(int size, int option, Response out) {
        int number = site.errorResponse(416);
        HeadBuffer head = out.compose("HTTP/1.1 416 Range Not Satisfiable", option);
        readyHead(head, number, SiteFormat.RESPONSE_TYPE_END)
                .text("Content-Range: bytes */")
                .number(size)
                .text("\r\nContent-Length: ")
                .number(site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH))
                .text("\r\n");
        out.finishHead();
        int bodyAt = site.responseField(number, SiteFormat.RESPONSE_BODY_AT);
        int length = site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH);
        out.useBody(site.bytes(), bodyAt, bodyAt + length, true);
        out.describe(416, length);
    }
}
