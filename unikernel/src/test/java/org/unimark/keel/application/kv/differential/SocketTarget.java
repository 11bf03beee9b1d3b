// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A server behind a loopback port, whoever started it. */
final class SocketTarget implements KeyValueTarget {
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final ReplyDecoder decoder = new ReplyDecoder();
        private final byte[] buffer = new byte[1 << 16];

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
        }

        Reply receive(int waitMillis) throws IOException {
            InputStream in = socket.getInputStream();
            socket.setSoTimeout(Math.max(1, waitMillis));
            for (Reply reply = decoder.next(); ; reply = decoder.next()) {
                if (reply != null) {
                    return reply;
                }
                int length;
                try {
                    length = in.read(buffer);
                } catch (SocketTimeoutException nothingYet) {
                    return null;
                }
                if (length < 0) {
                    return Reply.of('!', "closed");
                }
                decoder.add(buffer, length);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final int port;
    private final List<Client> clients = new ArrayList<>();

    SocketTarget(int port) {
        this.port = port;
    }

    private Client client(int number) throws IOException {
        while (clients.size() <= number) {
            clients.add(null);
        }
        if (clients.get(number) == null) {
            clients.set(number, new Client(port));
        }
        return clients.get(number);
    }

    @Override
    public void send(int client, byte[] bytes) {
        try {
            client(client).socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Reply receive(int client, int waitMillis) {
        try {
            return client(client).receive(waitMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void disconnect(int client) {
        try {
            client(client).close();
            clients.set(client, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i) != null) {
                disconnect(i);
            }
        }
    }
}
