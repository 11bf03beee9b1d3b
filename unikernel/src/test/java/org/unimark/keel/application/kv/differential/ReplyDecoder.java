// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes replies of RESP2 and RESP3 out of a stream of bytes, and objects to anything that is not one. */
final class ReplyDecoder {
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    void add(byte[] bytes, int length) {
        if (end + length > buffer.length) {
            buffer = Arrays.copyOfRange(buffer, start, start + Math.max(2 * buffer.length, end - start + length));
            end -= start;
            start = 0;
        }
        System.arraycopy(bytes, 0, buffer, end, length);
        end += length;
    }

    int unreadBytes() {
        return end - start;
    }

    /** The next complete reply, or null. */
    Reply next() {
        int before = start;
        Reply reply = read();
        if (reply == null) {
            start = before;
        } else if (start == end) {
            start = 0;
            end = 0;
        }
        return reply;
    }

    private Reply read() {
        String line = line();
        if (line == null) {
            return null;
        }
        char type = line.charAt(0);
        String rest = line.substring(1);
        return switch (type) {
            case '+', '-', ':', ',', '#', '(' -> Reply.of(type, rest);
            case '_' -> Reply.of(type, (String) null);
            case '$', '=' -> bulk(type, Integer.parseInt(rest));
            case '*', '~', '>' -> aggregate(type, Integer.parseInt(rest));
            case '%' -> aggregate(type, 2 * Integer.parseInt(rest));
            default -> throw new AssertionError("no reply: " + Reply.escape(line));
        };
    }

    private Reply bulk(char type, int length) {
        if (length < 0) {
            return Reply.of(type, (String) null);
        }
        if (end - start < length + 2) {
            return null;
        }
        String text = new String(buffer, start, length, StandardCharsets.ISO_8859_1);
        if (buffer[start + length] != '\r' || buffer[start + length + 1] != '\n') {
            throw new AssertionError("a bulk string without its end: " + Reply.escape(text));
        }
        start += length + 2;
        return Reply.of(type, text);
    }

    private Reply aggregate(char type, int count) {
        if (count < 0) {
            return Reply.of(type, (String) null);
        }
        List<Reply> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Reply element = read();
            if (element == null) {
                return null;
            }
            elements.add(element);
        }
        return Reply.of(type, elements);
    }

    private String line() {
        for (int at = start; at + 1 < end; at++) {
            if (buffer[at] == '\r' && buffer[at + 1] == '\n') {
                String line = new String(buffer, start, at - start, StandardCharsets.ISO_8859_1);
                start = at + 2;
                if (line.isEmpty()) {
                    throw new AssertionError("an empty line for a reply");
                }
                return line;
            }
        }
        return null;
    }
}
