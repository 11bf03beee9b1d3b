// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.counter.InstructionCounter;

/** A server that answers something else, however little else, is rejected. */
class ResponseVerifierTest {
    @TempDir
    Path root;

    private HttpServer server;
    private ResponseVerifier verifier;
    /** What the server does to each body, status and type before it sends them. */
    private UnaryOperator<byte[]> body = UnaryOperator.identity();

    private int status = 200;
    private String type;

    @BeforeEach
    void serve() throws IOException {
        Files.writeString(root.resolve("index.html"), "<p>page</p>");
        Files.writeString(root.resolve("style.css"), "p { color: red }");
        verifier = ResponseVerifier.of(new HttpSite(root, null));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Path file = root.resolve(path.equals("/") ? "index.html" : path.substring(1));
            if (!Files.exists(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = body.apply(Files.readAllBytes(file));
            String name = file.getFileName().toString();
            exchange.getResponseHeaders()
                    .set("Content-Type", type != null ? type : name.endsWith(".css") ? "text/css" : "text/html");
            exchange.sendResponseHeaders(status, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private void verify() throws IOException {
        verifier.verify("test", server.getAddress());
    }

    @Test
    void acceptsTheRightAnswers() {
        assertThat(verifier.paths()).containsExactly("/", "/index.html", "/style.css");
        assertThatCode(this::verify).doesNotThrowAnyException();
    }

    @Test
    void acceptsAMediaTypeWithParameters() {
        type = null;
        assertThatCode(this::verify).doesNotThrowAnyException();
        type = "text/html; charset=utf-8";
        assertThatThrownBy(this::verify).hasMessageContaining("/style.css").hasMessageNotContaining("/index.html");
    }

    @Test
    void rejectsOneWrongByte() {
        body = content -> {
            content[5] ^= 1;
            return content;
        };

        assertThatThrownBy(this::verify).isInstanceOf(IOException.class).hasMessageContaining("at byte 5");
    }

    @Test
    void rejectsAShorterBody() {
        body = content -> Arrays.copyOf(content, content.length - 1);

        assertThatThrownBy(this::verify).hasMessageContaining("body of 10 bytes differs from the 11 expected");
    }

    @Test
    void rejectsAnotherStatus() {
        status = 203;

        assertThatThrownBy(this::verify).hasMessageContaining("status 203 instead of 200");
    }

    @Test
    void rejectsAnotherMediaType() {
        type = "text/plain";

        assertThatThrownBy(this::verify).hasMessageContaining("Content-Type 'text/plain'");
    }

    @Test
    void rejectsAPageWhereThereIsNone() throws IOException {
        Files.writeString(root.resolve("there-is-no-such-page"), "but there is");

        assertThatThrownBy(this::verify).hasMessageContaining("status 200 instead of 404");
    }

    @Test
    void readinessWaitsForTheRightAnswerAndSaysWhatItGot() {
        status = 500;

        assertThatThrownBy(() -> Readiness.await(new Fake(true), new HttpSite(root, null).probe(), 300))
                .hasMessageContaining("no correct response in 300 ms")
                .hasMessageContaining("not the right one")
                .hasMessageContaining("last words");
        status = 200;
        assertThatCode(() -> Readiness.await(new Fake(true), new HttpSite(root, null).probe(), 10_000))
                .doesNotThrowAnyException();
    }

    @Test
    void readinessGivesUpWhenTheSystemEnds() {
        assertThatThrownBy(() -> Readiness.await(new Fake(false), new HttpSite(root, null).probe(), 60_000))
                .hasMessageContaining("ended")
                .hasMessageContaining("last words");
    }

    /** An instance whose application is the server of this test. */
    private final class Fake implements Instance {
        private final boolean alive;
        private final long launched = System.nanoTime();

        Fake(boolean alive) {
            this.alive = alive;
        }

        @Override
        public InetSocketAddress address() {
            return server.getAddress();
        }

        @Override
        public long launchedNanos() {
            return launched;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public String consoleTail() {
            return "last words";
        }

        @Override
        public InstructionCounter counter() {
            return null;
        }

        @Override
        public long[] processIds() {
            return new long[0];
        }

        @Override
        public void close() {
            // The test stops the server.
        }
    }
}
