// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.Connection;

/**
 * One response on its way: decided first, then sent as fast as the peer takes it. A head is ready in the site or composed
 * in {@link Resources#scratch}; only when it has to wait does it get memory of its own.
 */
final class Response {
    /** No Connection field: HTTP/1.1 stays open. */
    static final int PERSISTENT = 0;

    static final int CLOSE = 1;
    /** HTTP/1.0 that asked to stay open. */
    static final int KEEP_ALIVE = 2;

    private final Resources resources;

    /** Number of the ready response, or NONE. */
    private int ready = SiteFormat.NONE;

    private int connectionOption;
    /** The scratch buffer while a composed head has not been written. */
    private HeadBuffer composed;

    /** What of a head the peer's window did not take. */
    private HeadBuffer rest;

    private int restAt;
    private Bytes body;
    private int bodyAt;
    private int bodyEnd;
    private boolean bodyIsConstant;
    private RangeSet ranges;
    private int nextRange;
    private int rangesOf;
    /** The body is in memory that wants to be given back. */
    private MetricsPage page;

    private boolean broken;
    private int status;
    private long bodyBytes;

    Response(Resources resources) {
        this.resources = resources;
    }

    /** Sends ready response {@code number}, with its body unless {@code bodiless}. */
    void useReady(int number, int option, boolean bodiless) {
        Site site = resources.site;
        ready = number;
        connectionOption = option;
        int length = bodiless ? 0 : site.responseField(number, SiteFormat.RESPONSE_BODY_LENGTH);
        bodyAt = site.responseField(number, SiteFormat.RESPONSE_BODY_AT);
        bodyEnd = bodyAt + length;
        body = site.bytes();
        bodyIsConstant = true;
    }

    /**
     * Sends ready response {@code number} on a connection that stays open, in the two writes that this mostly takes.
     * Returns false if something is left; then {@link #send} goes on.
     */
    boolean sendAtOnce(Connection connection, int number) {
        Site site = resources.site;
        HeadCache heads = resources.heads;
        int at = heads.head(number);
        int length = site.responseField(number, SiteFormat.RESPONSE_HEAD_LENGTH);
        long place = site.bodyPlace(number);
        int from = (int) place;
        int size = (int) (place >> 32);
        int written = connection.write(heads.memory(), at, length);
        if (written == length) {
            int sent = connection.writeConstant(site.bytes(), from, size);
            if (sent == size) {
                return true;
            }
            useBody(site.bytes(), from + sent, from + size, true);
        } else {
            if (written == 0) {
                ready = number;
            } else {
                keep(heads.memory(), at + written, length - written);
            }
            useBody(site.bytes(), from, from + size, true);
        }
        connectionOption = PERSISTENT;
        return false;
    }

    /** Begins to compose a head; {@link #finishHead} ends it. Nothing else may use the scratch buffer in between. */
    HeadBuffer compose(String statusLine, int option) {
        connectionOption = option;
        composed = resources.scratch.clear();
        composed.text(statusLine).text("\r\nDate: ").date(resources.date).text("\r\n");
        bodyAt = 0;
        bodyEnd = 0;
        return composed;
    }

    /** Appends the Connection field and the empty line. */
    void finishHead() {
        Bytes end = resources.headEnds[connectionOption];
        composed.copy(end, 0, end.length());
    }

    void useBody(Bytes source, int from, int to, boolean constant) {
        body = source;
        bodyAt = from;
        bodyEnd = to;
        bodyIsConstant = constant;
    }

    /** Sends the ranges of ready response {@code number} one after the other, and releases the set afterwards. */
    void useRanges(RangeSet set, int number) {
        useBody(resources.site.bytes(), 0, 0, true);
        ranges = set;
        nextRange = 0;
        rangesOf = number;
    }

    /** Sends {@code length} bytes of the page and releases it afterwards. */
    void usePage(MetricsPage metrics, int length) {
        useBody(metrics.bytes(), 0, length, false);
        page = metrics;
    }

    /** For the access log. */
    void describe(int statusCode, long bytes) {
        status = statusCode;
        bodyBytes = bytes;
    }

    int status() {
        return status;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    boolean closes() {
        return connectionOption == CLOSE;
    }

    /** The response cannot be sent to its end: memory for it ran out. */
    boolean isBroken() {
        return broken;
    }

    /** Gives a composed head memory of its own, because the request's body comes first; false if there is none. */
    boolean hold() {
        if (composed != null) {
            keep(composed.bytes(), 0, composed.length());
            composed = null;
        }
        return !broken;
    }

    /** Writes as much as the peer takes; returns whether that was all. If not, ask {@link #isBroken} why. */
    boolean send(Connection connection) {
        if (ready >= 0) {
            if (!sendReady(connection)) {
                return false;
            }
        } else if (composed != null) {
            HeadBuffer head = composed;
            composed = null;
            emit(connection, head.bytes(), 0, head.length());
        }
        while (!broken) {
            if ((rest != null && !sendRest(connection)) || (bodyAt < bodyEnd && !sendBody(connection))) {
                return false;
            }
            if (ranges == null || nextRange > ranges.count()) {
                break;
            }
            beginRange(connection);
        }
        if (!broken) {
            release();
        }
        return !broken;
    }

    /**
     * Writes a ready head, or nothing of it and returns false: then it is not kept, since it is where it was. So thousands of
     * connections can wait for memory to send from without taking any.
     */
    private boolean sendReady(Connection connection) {
        HeadCache heads = resources.heads;
        int at = heads.head(ready);
        int length = resources.site.responseField(ready, SiteFormat.RESPONSE_HEAD_LENGTH);
        Bytes bytes = heads.memory();
        if (connectionOption != PERSISTENT) {
            // In place of the empty line that the ready head ends in.
            HeadBuffer head = resources.scratch.clear();
            Bytes end = resources.headEnds[connectionOption];
            head.copy(bytes, at, length - 2).copy(end, 0, end.length());
            bytes = head.bytes();
            at = 0;
            length = head.length();
        }
        int written = connection.write(bytes, at, length);
        if (written == 0) {
            return false;
        }
        ready = SiteFormat.NONE;
        if (written < length) {
            keep(bytes, at + written, length - written);
        }
        return true;
    }

    private void emit(Connection connection, Bytes bytes, int at, int length) {
        int written = connection.write(bytes, at, length);
        if (written < length) {
            keep(bytes, at + written, length - written);
        }
    }

    private void keep(Bytes bytes, int at, int length) {
        rest = resources.takeBuffer();
        restAt = 0;
        if (rest == null) {
            broken = true;
        } else {
            rest.copy(bytes, at, length);
        }
    }

    private boolean sendRest(Connection connection) {
        restAt += connection.write(rest.bytes(), restAt, rest.length() - restAt);
        if (restAt < rest.length()) {
            return false;
        }
        resources.release(rest);
        rest = null;
        return true;
    }

    private boolean sendBody(Connection connection) {
        int length = bodyEnd - bodyAt;
        bodyAt += bodyIsConstant
                ? connection.writeConstant(body, bodyAt, length)
                : connection.write(body, bodyAt, length);
        return bodyAt == bodyEnd;
    }

    private void beginRange(Connection connection) {
        HeadBuffer head = resources.scratch;
        resources.multipart.compose(head, ranges, nextRange, rangesOf);
        if (nextRange < ranges.count()) {
            int fileAt = resources.site.responseField(rangesOf, SiteFormat.RESPONSE_BODY_AT);
            bodyAt = fileAt + ranges.begin(nextRange);
            bodyEnd = fileAt + ranges.end(nextRange);
        }
        nextRange++;
        emit(connection, head.bytes(), 0, head.length());
    }

    /** Forgets what is left and gives back what was borrowed. */
    void release() {
        ready = SiteFormat.NONE;
        composed = null;
        broken = false;
        bodyAt = 0;
        bodyEnd = 0;
        if (rest != null) {
            resources.release(rest);
            rest = null;
        }
        if (ranges != null) {
            resources.release(ranges);
            ranges = null;
        }
        if (page != null) {
            page.release();
            page = null;
        }
    }
}
