// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpProbeTest {
    private static HttpProbe.Response getFrom(String answer) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerOnce(listener, answer), "server");
            server.start();
            try {
                return HttpProbe.get((InetSocketAddress) listener.getLocalSocketAddress(), "/", 5_000);
            } finally {
                server.join();
            }
        }
    }

    private static void answerOnce(ServerSocket listener, String answer) {
        try (Socket connection = listener.accept()) {
            connection.getInputStream().read(new byte[1024]);
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readsStatusHeadersAndBody() throws Exception {
        HttpProbe.Response response =
                getFrom("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Name:  value \r\n\r\nhello and more");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("x-name", "value");
        assertThat(response.body()).asString().isEqualTo("hello");
    }

    @Test
    void rejectsABodyThatEndsEarly() {
        assertThatThrownBy(() -> getFrom("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("after 5 of 9");
    }

    @Test
    void rejectsWhatIsNotHttp() {
        assertThatThrownBy(() -> getFrom("+PONG\r\n\r\n")).hasMessageContaining("not a status line");
        assertThatThrownBy(() -> getFrom("HTTP/1.1 200 OK\r\n")).hasMessageContaining("within the header");
        assertThatThrownBy(() -> getFrom("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"))
                .hasMessageContaining("without Content-Length");
    }
}
