// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends bytes to a server on loopback as they are and reads whole responses. */
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 3000;

    /** What came of a case of the table: the responses, and whether the server closed. */
    record Outcome(List<ParsedResponses.Parsed> responses, boolean closed) {
        List<Integer> statuses() {
            return responses.stream().map(ParsedResponses.Parsed::status).toList();
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;

    RawClient(int port) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** Sends a case and reads {@code expected} responses, fewer if the server closes before. */
    List<ParsedResponses.Parsed> responses(RequestTable.Case request, int expected) throws IOException {
        send(request.request());
        List<ParsedResponses.Parsed> responses = new ArrayList<>();
        boolean toHead = request.request().startsWith("HEAD");
        while (responses.size() < expected) {
            ParsedResponses.Parsed response = receive(toHead);
            if (response == null) {
                break;
            }
            responses.add(response);
        }
        return responses;
    }

    /** Plays a case of the table and looks what becomes of the connection. */
    static Outcome play(int port, RequestTable.Case request) throws IOException {
        try (RawClient client = new RawClient(port)) {
            List<ParsedResponses.Parsed> responses =
                    client.responses(request, request.statuses().size());
            if (request.closes()) {
                return new Outcome(responses, client.receive(false) == null);
            }
            // Whoever claims to have stayed open must answer once more.
            client.send(RequestTable.get("/digits.bin", "Connection: close"));
            ParsedResponses.Parsed last = client.receive(false);
            return new Outcome(responses, last == null || last.status() != 200);
        }
    }

    void send(String request) throws IOException {
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException e) {
            // The server may refuse and close before it has read everything; its answer is what counts.
            if (socket.isClosed()) {
                throw e;
            }
        }
    }

    /** Reads one response; null at the end of the connection. */
    ParsedResponses.Parsed receive(boolean toHead) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int value = read();
            if (value < 0) {
                return head.size() == 0 ? null : new ParsedResponses.Parsed(0, "cut: " + head, "");
            }
            head.write(value);
            matched = value == "\r\n\r\n".charAt(matched) ? matched + 1 : value == '\r' ? 1 : 0;
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        ParsedResponses.Parsed bare = new ParsedResponses.Parsed(
                Integer.parseInt(text.substring(9, 12)), text.substring(0, text.length() - 4), "");
        boolean bodiless = toHead || bare.status() < 200 || bare.status() == 204 || bare.status() == 304;
        int length = bodiless ? 0 : Integer.parseInt("0" + bare.field("Content-Length"));
        byte[] body = in.readNBytes(length);
        return new ParsedResponses.Parsed(bare.status(), bare.head(), new String(body, StandardCharsets.ISO_8859_1));
    }

    private int read() throws IOException {
        try {
            return in.read();
        } catch (SocketException e) {
            // A reset in place of a FIN ends the connection too.
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
