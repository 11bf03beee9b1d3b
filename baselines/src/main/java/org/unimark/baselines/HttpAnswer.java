// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** A GET whose only correct answer has status 200 and exactly this body. */
public final class HttpAnswer implements Probe {
    private static final String END = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length:";
    private static final int LONGEST_HEADER = 64 << 10;

    private final byte[] request;
    private final byte[] body;

    public HttpAnswer(String host, String path, byte[] body) {
        this.request = ("GET " + path + " HTTP/1.1\r\nHost: " + host + END).getBytes(StandardCharsets.US_ASCII);
        this.body = body.clone();
    }

    @Override
    public byte[] request() {
        return request.clone();
    }

    @Override
    public Verdict judge(byte[] received, int length) {
        String start = new String(received, 0, Math.min(length, LONGEST_HEADER), StandardCharsets.ISO_8859_1);
        int end = start.indexOf(END);
        if (end < 0) {
            return start.length() == LONGEST_HEADER ? Verdict.WRONG : Verdict.PARTIAL;
        }
        String header = start.substring(0, end).toLowerCase(Locale.ROOT) + "\r\n";
        int field = header.indexOf(LENGTH);
        if (!header.startsWith("http/1.1 200 ") || field < 0) {
            return Verdict.WRONG;
        }
        String value = header.substring(field + LENGTH.length(), header.indexOf("\r\n", field + 2))
                .strip();
        int from = end + END.length();
        int there = Math.min(length - from, body.length);
        boolean same = value.equals(Integer.toString(body.length))
                && Arrays.equals(received, from, from + there, body, 0, there)
                && length - from <= body.length;
        return !same ? Verdict.WRONG : there == body.length ? Verdict.CORRECT : Verdict.PARTIAL;
    }
}
