// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.part.Part;

/** A browser's request whose fields are not those of the one before: 14 lines, read from the first byte to the last. */
public final class HeadPart implements Part {
    private static final int MOST_LINE_BYTES = 8192;
    private static final int MOST_HEADER_BYTES = 16384;
    private static final int MOST_FIELDS = 100;
    private static final int SECTIONS = 4;
    private static final String HEAD = "GET /index.html HTTP/1.1\r\n"
            + "Host: www.example.org\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
            + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
            + "Accept-Language: en-US,en;q=0.5\r\n"
            + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
            + "Referer: http://www.example.org/start.html\r\n"
            + "Connection: keep-alive\r\n"
            + "Upgrade-Insecure-Requests: 1\r\n"
            + "Sec-Fetch-Dest: document\r\n"
            + "Sec-Fetch-Mode: navigate\r\n"
            + "Sec-Fetch-Site: same-origin\r\n"
            + "Priority: u=0, i\r\n"
            + "Cookie: session=";
    private static final int COOKIE_BYTES = 8;

    private final Bytes head;
    private final int length;
    private final Request request = new Request();
    private final RequestParser parser;
    private int number;

    public HeadPart(Allocator allocator) {
        head = Part.ascii(allocator, HEAD + "00000000\r\n\r\n");
        length = head.length();
        KnownFields[] known = new KnownFields[SECTIONS];
        for (int i = 0; i < SECTIONS; i++) {
            known[i] = new KnownFields(allocator.allocate(KnownFields.CAPACITY));
        }
        Fields fields = new Fields(0, false, new Memo(allocator.allocate(Memo.CAPACITY)));
        parser = new RequestParser(
                MOST_LINE_BYTES,
                MOST_HEADER_BYTES,
                MOST_FIELDS,
                fields,
                new KnownNames(allocator.allocate(KnownNames.bytesNeeded()), fields),
                known);
    }

    @Override
    public long run() {
        number++;
        for (int i = 0; i < COOKIE_BYTES; i++) {
            head.put8(HEAD.length() + i, 'a' + (number >>> 4 * i & 0xf));
        }
        request.reset();
        int read = parser.parse(request, head, 0, length);
        if (read != length) {
            throw new IllegalStateException("the head was not read");
        }
        return read + request.hash;
    }
}
