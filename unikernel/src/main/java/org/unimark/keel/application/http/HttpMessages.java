// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.text.Numbers;

/**
 * Requests read and heads of responses written for applications that answer from elsewhere than a sealed site: the parser is
 * the web server's, as strict as there. One request at a time.
 */
public final class HttpMessages {
    /** What {@link #read} returns while the head is not complete. */
    public static final int INCOMPLETE = RequestParser.INCOMPLETE;

    /** Bytes that {@link #writeHead} writes at most. */
    public static final int LONGEST_HEAD = 256;

    private static final int MOST_LINE_BYTES = 1024;
    private static final int MOST_HEADER_BYTES = 8192;
    private static final int MOST_FIELDS = 100;
    private static final int SECTIONS = 4;
    private static final int BAD_REQUEST = 400;
    private static final long MILLIS_A_SECOND = 1000;

    private final Platform platform;
    private final Request request = new Request();
    private final RequestParser parser;
    private final DateStamp date;
    private Bytes data;
    private int start;

    public HttpMessages(Platform platform) {
        this.platform = platform;
        Fields fields = new Fields(0, false, new Memo(platform.allocate(Memo.CAPACITY)));
        KnownFields[] known = new KnownFields[SECTIONS];
        for (int i = 0; i < SECTIONS; i++) {
            known[i] = new KnownFields(platform.allocate(KnownFields.CAPACITY));
        }
        KnownNames names = new KnownNames(platform.allocate(KnownNames.bytesNeeded()), fields);
        parser = new RequestParser(MOST_LINE_BYTES, MOST_HEADER_BYTES, MOST_FIELDS, fields, names, known);
        date = new DateStamp(platform.allocate(HttpDate.LENGTH));
    }

    /**
     * Reads the head that begins at {@code at}, from its first byte on.
     *
     * @return its length, {@link #INCOMPLETE}, or the negative status code of a refusal, after which nothing more can be read
     */
    public int read(Bytes from, int at, int end) {
        data = from;
        start = at;
        request.reset();
        int length = parser.parse(request, from, at, end);
        if (length > 0 && request.minorVersion > 0 && !request.has(Request.HOST)) {
            return -BAD_REQUEST;
        }
        return length;
    }

    /** Of the head that was read last. */
    public boolean isGet() {
        return request.method == Request.GET;
    }

    /** A body follows, which this does not read. */
    public boolean hasBody() {
        return request.hasBody();
    }

    public boolean keepsAlive() {
        return request.keepsAlive();
    }

    /**
     * The number that follows {@code prefix} as the whole rest of the path, or -1 if it is another path or not a number of up
     * to nine digits without leading zeros.
     */
    public int numberBehind(String prefix) {
        int at = start + request.targetAt;
        int end = start + request.pathEnd;
        int digits = end - at - prefix.length();
        if (digits < 1 || digits > 9 || request.targetEnd != request.pathEnd) {
            return -1;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (data.u8(at + i) != prefix.charAt(i)) {
                return -1;
            }
        }
        int number = 0;
        for (int i = end - digits; i < end; i++) {
            int digit = data.u8(i) - '0';
            if (digit < 0 || digit > 9 || (number == 0 && digit == 0)) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Writes the head of a response with a text of {@code length} bytes; returns the position behind it. */
    public int writeHead(Bytes target, int at, String statusLine, int length, boolean keepsAlive) {
        date.set(platform.clock().epochMillis() / MILLIS_A_SECOND);
        int end = target.putAscii(at, statusLine);
        end = target.putAscii(end, "\r\nDate: ");
        date.copyTo(target, end);
        end = target.putAscii(end + HttpDate.LENGTH, "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ");
        end += Numbers.format(length, target, end);
        return target.putAscii(end, keepsAlive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
    }
}
