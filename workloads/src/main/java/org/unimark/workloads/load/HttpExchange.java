// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.charset.StandardCharsets;

/**
 * One request and the only answer that counts: this status with exactly this body.
 *
 * @param request all bytes on the wire
 * @param body all bytes of the correct answer's body
 * @param status of the correct answer
 * @param closes the server is asked to close the connection after the answer
 */
public record HttpExchange(byte[] request, byte[] body, int status, boolean closes) implements Protocol {
    static final int OK = 200;
    private static final int NOT_FOUND = 404;

    /** A GET on a connection that stays open. */
    public static HttpExchange keepAlive(String host, String path, byte[] body) {
        return new HttpExchange(request(host, path, ""), body, OK, false);
    }

    /** A GET of what is not there, on a connection that stays open. */
    public static HttpExchange missing(String host, String path, byte[] body) {
        return new HttpExchange(request(host, path, ""), body, NOT_FOUND, false);
    }

    /** A GET on a connection of its own. */
    public static HttpExchange closing(String host, String path, byte[] body) {
        return new HttpExchange(request(host, path, "Connection: close\r\n"), body, OK, true);
    }

    private static byte[] request(String host, String path, String headers) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Dialogue dialogue(int number, int pipeline) {
        return new HttpDialogue(this, pipeline);
    }

    @Override
    public long bodyBytes() {
        return body.length;
    }
}
