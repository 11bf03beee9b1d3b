// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One request and the only answer that counts: status 200 with exactly this body.
 *
 * @param request all bytes on the wire
 * @param body all bytes of the correct answer's body
 * @param closes the server is asked to close the connection after the answer
 */
public record HttpExchange(byte[] request, byte[] body, boolean closes) implements Protocol {
    /** A GET on a connection that stays open. */
    public static HttpExchange keepAlive(String host, String path, byte[] body) {
        return new HttpExchange(request(host, path, ""), body, false);
    }

    /** A GET on a connection of its own. */
    public static HttpExchange closing(String host, String path, byte[] body) {
        return new HttpExchange(request(host, path, "Connection: close\r\n"), body, true);
    }

    private static byte[] request(String host, String path, String headers) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Dialogue dialogue(int number, int pipeline) {
        return new HttpDialogue(
                this, ByteBuffer.allocateDirect(body.length).put(body).flip(), pipeline);
    }

    @Override
    public long bodyBytes() {
        return body.length;
    }
}
