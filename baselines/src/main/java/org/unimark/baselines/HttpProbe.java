// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One request over one connection, with a client so plain that its own mistakes cannot hide those of a server. */
public final class HttpProbe {
    private static final int MAXIMUM_HEADER_BYTES = 64 << 10;

    private HttpProbe() {}

    /**
     * A response.
     *
     * @param status code
     * @param headers by name in lower case
     * @param body after the header, as long as {@code Content-Length} says
     */
    public record Response(int status, Map<String, String> headers, byte[] body) {}

    /**
     * Asks {@code address} for {@code path}.
     *
     * @param timeoutMillis for connecting, and again for each read
     * @throws IOException if there is no complete response, including one without a length
     */
    public static Response get(InetSocketAddress address, String path, int timeoutMillis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMillis);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: " + address.getHostString() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket.getInputStream());
        }
    }

    private static Response read(InputStream in) throws IOException {
        String[] lines = readHeader(in).split("\r\n", -1);
        String[] statusLine = lines[0].split(" ", 3);
        if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.") || !statusLine[1].matches("[0-9]{3}")) {
            throw new IOException("not a status line: '" + lines[0] + "'");
        }
        Map<String, String> headers = new TreeMap<>();
        for (int index = 1; index < lines.length; index++) {
            int colon = lines[index].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[index].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[index].substring(colon + 1).strip());
            }
        }
        if (!headers.getOrDefault("content-length", "").matches("[0-9]{1,9}")) {
            throw new IOException("a response without Content-Length");
        }
        int length = Integer.parseInt(headers.get("content-length"));
        byte[] body = in.readNBytes(length);
        if (body.length != length) {
            throw new IOException("the body ended after " + body.length + " of " + length + " bytes");
        }
        return new Response(Integer.parseInt(statusLine[1]), headers, body);
    }

    private static String readHeader(InputStream in) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int value = in.read();
            if (value < 0 || header.size() > MAXIMUM_HEADER_BYTES) {
                throw new IOException("the connection ended within the header of a response");
            }
            header.write(value);
            matched = value == "\r\n\r\n".charAt(matched) ? matched + 1 : value == '\r' ? 1 : 0;
        }
        return header.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
