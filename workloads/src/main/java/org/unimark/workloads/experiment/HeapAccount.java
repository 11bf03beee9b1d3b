// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * What an application of ours says on its metrics page about its garbage-collected heap.
 *
 * @param allocatedBytes since it started
 * @param requests since it started
 */
record HeapAccount(long allocatedBytes, long requests) {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final byte[] REQUEST = "GET /metrics HTTP/1.1\r\nHost: unimark.test\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    /** Null if the server has no such page. */
    static HeapAccount read(InetSocketAddress server) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST);
            return of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    /** The account in an answer, or null. */
    static HeapAccount of(String answer) {
        long allocated = -1;
        long requests = -1;
        for (String line : answer.split("\n")) {
            String[] words = line.split(" ");
            if (words[0].equals("keel_heap_allocated_bytes")) {
                allocated = Long.parseLong(words[1].trim());
            } else if (words[0].equals("keel_http_requests")) {
                requests = Long.parseLong(words[1].trim());
            }
        }
        return allocated < 0 || requests < 0 ? null : new HeapAccount(allocated, requests);
    }

    /** Heap that a request took between {@code before} and this. */
    double bytesPerRequestSince(HeapAccount before) {
        return (double) (allocatedBytes - before.allocatedBytes) / Math.max(1, requests - before.requests);
    }
}
