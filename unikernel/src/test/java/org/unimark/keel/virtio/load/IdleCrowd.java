// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many connections that are open and silent, like browsers between two pages. */
final class IdleCrowd implements AutoCloseable {
    private final List<SocketChannel> connections = new ArrayList<>();

    /** Opens {@code size} connections, all at the same time; throws if one is refused. */
    IdleCrowd(InetSocketAddress server, int size) throws IOException {
        try {
            for (int i = 0; i < size; i++) {
                SocketChannel connection = SocketChannel.open();
                connections.add(connection);
                connection.configureBlocking(false);
                connection.connect(server);
            }
            for (SocketChannel connection : connections) {
                connection.configureBlocking(true);
                connection.finishConnect();
            }
        } catch (IOException e) {
            close();
            throw new IOException("connection " + connections.size() + " of " + size, e);
        }
    }

    /** Asks a page on all of them at the same time; throws if one was ended or does not answer as expected. */
    void askEach(String path, byte[] expected) throws IOException {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: keel\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        for (SocketChannel connection : connections) {
            connection.write(ByteBuffer.wrap(request));
        }
        int lost = 0;
        IOException first = null;
        for (SocketChannel connection : connections) {
            try {
                KeepAliveLoad.answer(new BufferedInputStream(Channels.newInputStream(connection)), expected);
            } catch (IOException e) {
                lost++;
                first = first == null ? e : first;
            }
        }
        if (lost > 0) {
            throw new IOException(lost + " of " + connections.size() + " connections were lost", first);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }
}
