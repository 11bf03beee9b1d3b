// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A strict reader of a sequence of responses, as a client on the other side of the connection would see it. */
final class ParsedResponses {
    /** One response; {@code head} without the empty line. */
    record Parsed(int status, String head, String body) {
        /** Value of a header field, or empty. */
        String field(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    private ParsedResponses() {}

    /** Reads all of {@code text}; responses to HEAD and those without content have no body. */
    static List<Parsed> parse(String text, boolean toHead) {
        List<Parsed> responses = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int headEnd = text.indexOf("\r\n\r\n", at);
            if (headEnd < 0 || !text.startsWith("HTTP/1.1 ", at)) {
                throw new AssertionError("not a response: " + text.substring(at));
            }
            String head = text.substring(at, headEnd);
            int status = Integer.parseInt(head.substring(9, 12));
            Parsed bare = new Parsed(status, head, "");
            boolean bodiless = toHead || status < 200 || status == 204 || status == 304;
            int length = bodiless ? 0 : Integer.parseInt(bare.field("Content-Length"));
            at = headEnd + 4 + length;
            if (at > text.length()) {
                throw new AssertionError("body is cut: " + head);
            }
            responses.add(new Parsed(status, head, text.substring(headEnd + 4, at)));
        }
        return responses;
    }
}
