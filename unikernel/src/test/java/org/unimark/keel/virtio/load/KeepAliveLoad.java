// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.unimark.keel.boot.Lines;

/** Asks one page over and over, on connections that stay or on new ones, and compares every byte of every answer. */
final class KeepAliveLoad {
    private static final int CONNECT_MILLIS = 5_000;
    /** Longer than the retransmissions after the longest interruption that a test makes. */
    private static final int ANSWER_MILLIS = 20_000;

    private final InetSocketAddress server;
    private final String path;
    private final byte[] expected;

    KeepAliveLoad(InetSocketAddress server, String path, byte[] expected) {
        this.server = server;
        this.path = path;
        this.expected = expected;
    }

    /** Sends {@code requests} on {@code connections} connections; throws if one is not answered as expected. */
    void run(int connections, int requests) throws Exception {
        run(connections, () -> client(requests / connections));
    }

    /** A connection for each request, {@code clients} at a time; the server and the client end every other one. */
    void runShort(int clients, int requests) throws Exception {
        run(clients, () -> {
            for (int i = 0; i < requests / clients; i++) {
                connection(1, i % 2 == 0 ? "Connection: close\r\n" : "");
            }
            return null;
        });
    }

    private static void run(int connections, Callable<Void> client) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Callable<Void>> clients = Collections.nCopies(connections, client);
            for (Future<Void> ended : threads.invokeAll(clients)) {
                ended.get();
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(CONNECT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private Void client(int requests) throws IOException {
        for (int done = 0; done < requests; ) {
            done += connection(requests - done, "");
        }
        return null;
    }

    /** Asks until the server ends the connection, as servers do after some requests; returns how often. */
    private int connection(int requests, String fields) throws IOException {
        byte[] request =
                ("GET " + path + " HTTP/1.1\r\nHost: keel\r\n" + fields + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.connect(server, CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            boolean last = false;
            int done = 0;
            for (; done < requests && !last; done++) {
                socket.getOutputStream().write(request);
                last = answer(in, expected);
            }
            if (last && in.read() >= 0) {
                throw new IOException("the server sends more after its last answer");
            }
            return done;
        }
    }

    /** Returns whether it is the last one of the connection. */
    static boolean answer(InputStream in, byte[] expected) throws IOException {
        int length = -1;
        boolean last = false;
        String line = Lines.read(in);
        if (!line.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("status: " + line);
        }
        for (line = Lines.read(in); !line.isEmpty(); line = Lines.read(in)) {
            String field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
            }
            last |= field.startsWith("connection: close");
        }
        if (!Arrays.equals(in.readNBytes(length), expected)) {
            throw new IOException("an answer differs from what was sealed");
        }
        return last;
    }
}
