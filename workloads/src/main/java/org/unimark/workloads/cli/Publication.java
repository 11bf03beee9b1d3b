// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The address of this machine under which a booted image is reached.
 *
 * @param host numeric
 * @param port TCP
 */
record Publication(String host, int port) {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int PROBE_TIMEOUT_MILLIS = 2_000;
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final int LARGEST_PORT = 65_535;

    /** Reads {@code HOST:PORT} or {@code PORT}, for the loopback address. */
    static Publication parse(String text) throws Failure {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > LARGEST_PORT) {
            throw new Failure(ExitStatus.USAGE, "--publish takes HOST:PORT or PORT, not '" + text + "'", null);
        }
        return new Publication(host, Integer.parseInt(port));
    }

    /** The same, with a free port in place of 0; fails if the port is taken. */
    Publication available() throws Failure {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            return new Publication(host, socket.getLocalPort());
        } catch (IOException e) {
            throw new Failure(
                    "nothing can listen on " + host + ":" + port + " (" + e.getMessage()
                            + "); choose another port with --publish 127.0.0.1:PORT, or 0 for any",
                    e);
        }
    }

    /** As a person types it. */
    String url(boolean http) {
        return http ? "http://" + host + ":" + port + "/" : host + ":" + port;
    }

    /** Waits for a first byte in answer to a request, whatever it is; returns whether there was one. */
    boolean awaitResponse(Process process, long deadlineNanos) {
        while (process.isAlive()
                && System.nanoTime() < deadlineNanos
                && !Thread.currentThread().isInterrupted()) {
            if (answers()) {
                return true;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }

    /** QEMU accepts connections long before the guest does: only an answer counts. */
    private boolean answers() {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(PROBE_TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            // Not yet.
            return false;
        }
    }
}
