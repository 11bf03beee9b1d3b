// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server for tests, a thread a connection, that answers as it is told: well, badly or not at all. */
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Script script;
    private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    /** What to do with a request. */
    @FunctionalInterface
    public interface Script {
        /**
         * Answers one request.
         *
         * @param number of this request among all, from 0 on
         * @return whether the connection stays open
         */
        boolean answer(int number, OutputStream out) throws IOException, InterruptedException;
    }

    public ScriptedServer(Script script) throws IOException {
        this.script = script;
        listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** A correct response as HTTP/1.1 has it. */
    public static byte[] response(byte[] body) {
        return response("200 OK", body);
    }

    public static byte[] response(String status, byte[] body) {
        byte[] header = ("HTTP/1.1 " + status + "\r\nServer: test\r\ncontent-LENGTH: " + body.length
                        + "\r\nDate: now\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[header.length + body.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(body, 0, all, header.length, body.length);
        return all;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    public int requests() {
        return requests.get();
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                connections.incrementAndGet();
                daemon(() -> converse(socket));
            }
        } catch (IOException e) {
            // Closed by the test.
            return;
        }
    }

    private void converse(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty() && !script.answer(requests.getAndIncrement(), out)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client is gone, which is its right.
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
