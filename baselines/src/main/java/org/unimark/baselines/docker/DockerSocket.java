// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The two requests of the Docker Engine API that Testcontainers cannot make: one that asks whether anybody is there and
 * gives up at once, and the import of an image (docker-java 3.7.1 sends a description of the stream as JSON instead of
 * what is in it).
 */
final class DockerSocket {
    private static final int ANSWER_BYTES = 8192;

    private DockerSocket() {}

    /** Whether a daemon answers at {@code socket}; a socket alone is none. */
    static boolean answers(Path socket) {
        try {
            return request(socket, "GET /_ping", new byte[0]).contains(" 200 ");
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes an image called {@code name} of a tar archive of its root file system. */
    static void importImage(Path socket, String name, byte[] archive) throws IOException {
        String query = "fromSrc=-&repo=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        String answer = request(socket, "POST /images/create?" + query, archive);
        // Errors while the archive is read come in the body of a response that began well.
        if (!answer.contains(" 200 ") || !answer.contains("sha256:")) {
            throw new IOException("Docker does not import the image " + name + ": " + answer);
        }
    }

    private static String request(Path socket, String methodAndPath, byte[] body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            // HTTP/1.0: the daemon ends the connection after its answer.
            String header = methodAndPath + " HTTP/1.0\r\nHost: docker\r\nContent-Type: application/x-tar\r\n"
                    + "Content-Length: " + body.length + "\r\n\r\n";
            writeAll(channel, header.getBytes(StandardCharsets.US_ASCII));
            writeAll(channel, body);
            ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {}
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    private static void writeAll(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }
}
