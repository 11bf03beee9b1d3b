// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * What an application of ours says on its metrics page about its garbage-collected heap.
 *
 * @param allocatedBytes since it started
 * @param requests since it started
 */
record HeapAccount(long allocatedBytes, long requests) {
    private static final int TIMEOUT_MILLIS = 5_000;

    /** Null if the server has no such page. */
    static HeapAccount read(InetSocketAddress server) throws IOException {
        URL page = new URL("http", server.getAddress().getHostAddress(), server.getPort(), "/metrics");
        HttpURLConnection connection = (HttpURLConnection) page.openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        // A connection that is kept would be idle during the measurement.
        connection.setRequestProperty("Connection", "close");
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            return null;
        }
        try (InputStream in = connection.getInputStream()) {
            return of(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    /** The account on a page, or null. */
    static HeapAccount of(String page) {
        long allocated = -1;
        long requests = -1;
        for (String line : page.split("\n")) {
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
