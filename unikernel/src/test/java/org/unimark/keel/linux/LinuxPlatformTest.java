// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unimark.builder.Programs;
import org.unimark.builder.RunningProgram;
import org.unimark.builder.Target;

@Tag("boot")
class LinuxPlatformTest {
    private static final int PATIENCE_MILLIS = 20_000;

    private static byte[] bulk;
    private static RunningProgram server;

    @BeforeAll
    static void start() throws Exception {
        bulk = new byte[1 << 20];
        new Random(1).nextBytes(bulk);
        server = new RunningProgram(Programs.build(SocketServer.class.getName(), Map.of("bulk", bulk), Target.LINUX)
                .elf());
        server.awaitLine("listening on port " + SocketServer.ECHO);
        server.awaitLine("ready");
    }

    @AfterAll
    static void endsWithStatusZeroWhenAskedTo() throws Exception {
        try (RunningProgram program = server) {
            assertThat(program.terminate()).isZero();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return socket;
    }

    private static Map<String, Long> report() throws IOException {
        Map<String, Long> report = new HashMap<>();
        try (Socket socket = connect(SocketServer.REPORT)) {
            String text = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            for (String line : text.split("\n")) {
                report.put(line.substring(0, line.indexOf(' ')), Long.parseLong(line.substring(line.indexOf(' ') + 1)));
            }
        }
        return report;
    }

    /** Sends in pieces of random size from another thread, finishes, and compares what comes back. */
    private static void exchange(int port, int bytes, long seed) throws Exception {
        byte[] data = new byte[bytes];
        Random random = new Random(seed);
        random.nextBytes(data);
        try (Socket socket = connect(port)) {
            Thread writer = new Thread(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    for (int at = 0; at < bytes; ) {
                        int size = Math.min(bytes - at, 1 + random.nextInt(100_000));
                        out.write(data, at, size);
                        at += size;
                    }
                    socket.shutdownOutput();
                } catch (IOException lost) {
                    throw new IllegalStateException("seed " + seed, lost);
                }
            });
            writer.start();
            byte[] answer = socket.getInputStream().readAllBytes();
            writer.join();
            assertThat(answer).describedAs("seed %d", seed).isEqualTo(data);
        }
    }

    @Test
    void echoesEveryByteOfTransfersOfAnySize() throws Exception {
        for (int bytes : new int[] {1, 1000, 65_536, 65_537, 1_000_000, 20_000_000}) {
            exchange(SocketServer.ECHO, bytes, bytes);
        }
    }

    @Test
    void relaysThroughAConnectionOfItsOwn() throws Exception {
        try (Socket socket = connect(SocketServer.RELAY)) {
            socket.getOutputStream().write("through the back".getBytes(US_ASCII));
            assertThat(socket.getInputStream().readNBytes(16))
                    .asString(US_ASCII)
                    .isEqualTo("through the back");
        }
    }

    @Test
    void sendsConstantsToAReaderThatStallsInBetween() throws Exception {
        try (Socket socket = connect(SocketServer.BULK)) {
            InputStream in = socket.getInputStream();
            byte[] expected = bulk;
            long total = 0;
            byte[] piece = new byte[70_001];
            Thread.yield();
            for (int size = in.read(piece); size > 0; size = in.read(piece)) {
                for (int i = 0; i < size; i++) {
                    if (piece[i] != expected[(int) ((total + i) % expected.length)]) {
                        throw new AssertionError("byte " + (total + i) + " differs");
                    }
                }
                total += size;
            }
            assertThat(total).isEqualTo(SocketServer.BULK_BYTES);
        }
    }

    @Test
    void presentsWholeLinesHoweverTheyArrive() throws Exception {
        try (Socket socket = connect(SocketServer.LINES)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            StringBuilder expected = new StringBuilder();
            for (int length : new int[] {0, 1, 5, 1000, 16_383}) {
                byte[] line = "x".repeat(length).concat("\n").getBytes(US_ASCII);
                for (int at = 0; at < line.length; at += 333) {
                    out.write(line, at, Math.min(333, line.length - at));
                    out.flush();
                }
                expected.append(length).append('\n');
            }
            assertThat(in.readNBytes(expected.length())).asString(US_ASCII).isEqualTo(expected.toString());
        }
    }

    @Test
    void abortResetsTheConnection() throws Exception {
        try (Socket socket = connect(SocketServer.COMMANDS)) {
            socket.getOutputStream().write('a');
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void closeDeliversWhatWasWrittenEvenIfThePeerKeepsSending() throws Exception {
        for (int repetition = 0; repetition < 50; repetition++) {
            try (Socket socket = connect(SocketServer.COMMANDS)) {
                socket.getOutputStream().write("c".concat("z".repeat(100_000)).getBytes(US_ASCII));
                assertThat(socket.getInputStream().readAllBytes())
                        .asString(US_ASCII)
                        .isEqualTo("bye");
            }
        }
    }

    @Test
    void presentsWhatArrivedDuringAPauseAfterIt() throws Exception {
        try (Socket socket = connect(SocketServer.COMMANDS)) {
            long start = System.nanoTime();
            socket.getOutputStream().write("pxyz".getBytes(US_ASCII));
            assertThat(socket.getInputStream().readNBytes(3)).asString(US_ASCII).isEqualTo("xyz");
            assertThat(System.nanoTime() - start).isGreaterThan(90_000_000L);
        }
    }

    @Test
    void noticesThatThePeerResets() throws Exception {
        long before = report().get("closed.RESET");
        Socket socket = connect(SocketServer.ECHO);
        socket.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        socket.setSoLinger(true, 0);
        socket.close();
        // The reset and the next question may be announced to the server at the same time.
        long after = before;
        for (int question = 0; question < 100 && after == before; question++) {
            after = report().get("closed.RESET");
        }
        assertThat(after).isEqualTo(before + 1);
    }

    @Test
    void servesAThousandConnectionsAtOnceWithoutAllocatingForThemAgain() throws Exception {
        roundOfConnections();
        long heapBefore = report().get("heap");
        long acceptedBefore = report().get("socket.accepted");
        roundOfConnections();
        Map<String, Long> after = report();
        assertThat(after.get("socket.accepted") - acceptedBefore).isGreaterThanOrEqualTo(1000);
        // The server's own handler is a new object for each connection; the platform adds nothing to it.
        assertThat(after.get("heap") - heapBefore).isLessThan(1000 * 64 + 100_000);
    }

    private static void roundOfConnections() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                sockets.add(connect(SocketServer.ECHO));
            }
            for (Socket socket : sockets) {
                socket.getOutputStream().write("hello".getBytes(US_ASCII));
            }
            for (Socket socket : sockets) {
                assertThat(socket.getInputStream().readNBytes(5))
                        .asString(US_ASCII)
                        .isEqualTo("hello");
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
