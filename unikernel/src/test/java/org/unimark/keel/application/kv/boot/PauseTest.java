// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.application.kv.KvApplication;
import org.unimark.keel.boot.BootedGuest;
import org.unimark.keel.boot.Lines;
import org.unimark.keel.simulation.FreePort;

/**
 * Pauses of the store in guest work, whatever the host does meanwhile: the guest's clock advances by one nanosecond with each
 * instruction, so that a turn of the event loop of a millisecond is one of a million instructions.
 */
@Tag("boot")
class PauseTest {
    private static final int GUEST_PORT = 6379;
    private static final int MEMORY_MEBIBYTES = 192;
    private static final long DISK_BYTES = 512L << 20;
    private static final int LIMIT_SECONDS = 120;
    private static final int KEYS = 1_000_000;
    private static final int CONNECTIONS = 30;
    private static final int PIPELINE = 2;
    private static final int ROUND = CONNECTIONS * PIPELINE;
    /** No divisor of {@link #KEYS}: keys come in an order that has nothing to do with their names. */
    private static final long STRIDE = 611_953;

    private static final long LONGEST_MICROSECONDS = 1000;
    private static final Pattern LISTENING = Pattern.compile("listening on port");
    private static final Pattern LONGEST_TURN = Pattern.compile("loop\\.longest_turn_microseconds:(\\d+)");
    private static final Pattern SIZE = Pattern.compile(":(\\d+)");

    @TempDir
    Path directory;

    private final List<Socket> sockets = new ArrayList<>();
    private final List<InputStream> inputs = new ArrayList<>();

    /** Growing to a million keys, overwriting while the log is rewritten, reading, and throwing everything away. */
    @Test
    void noTurnTakesAMillisecondAtAMillionKeys() throws Exception {
        Path image =
                Programs.elf(KvApplication.class, "kv.properties", "appendonly=everysec\n", Target.IMAGE, directory);
        int port = FreePort.take();
        QemuCommand command = new QemuCommand(Machine.Q35)
                .memoryMebibytes(MEMORY_MEBIBYTES)
                .drive(BootedGuest.newDisk(directory, DISK_BYTES), "writeback")
                .commandLine(QemuCommand.USER_NETWORK_ADDRESS)
                .userNetwork("127.0.0.1", port, GUEST_PORT, "")
                .extra("-icount", "shift=0");
        try (BootedGuest guest = new BootedGuest(directory, image, command, LIMIT_SECONDS)) {
            guest.await(LISTENING);
            connect(port);
            long atRest = longestTurn();
            forAllKeys("*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$3\r\nxxx\r\n", "+OK");
            assertThat(ask("DBSIZE", SIZE)).isEqualTo(KEYS);
            long filled = longestTurn();
            say("BGREWRITEAOF");
            forAllKeys("*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$3\r\nyyy\r\n", "+OK");
            long overwritten = longestTurn();
            forAllKeys("*2\r\n$6\r\nSTRLEN\r\n$16\r\nkey:%012d\r\n", ":3");
            long read = longestTurn();
            say("FLUSHALL");
            ask("DBSIZE", SIZE);
            long flushed = longestTurn();
            System.out.printf(
                    "longest turn, thousands of instructions: at rest %d, filled %d, overwritten %d, read %d, flushed %d%n",
                    atRest, filled, overwritten, read, flushed);
            assertThat(flushed).as(guest.text()).isLessThanOrEqualTo(LONGEST_MICROSECONDS);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private void connect(int port) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LIMIT_SECONDS * 1000);
            sockets.add(socket);
            inputs.add(new BufferedInputStream(socket.getInputStream()));
        }
    }

    /** Sends the command for each key, several at once over each connection, and expects the same answer to all. */
    private void forAllKeys(String command, String answer) throws IOException {
        for (int from = 0; from < KEYS; from += ROUND) {
            int to = Math.min(from + ROUND, KEYS);
            for (int begin = from; begin < to; begin += PIPELINE) {
                StringBuilder text = new StringBuilder();
                for (int i = begin; i < Math.min(begin + PIPELINE, to); i++) {
                    text.append(String.format(command, i * STRIDE % KEYS));
                }
                send((begin - from) / PIPELINE, text.toString());
            }
            for (int i = from; i < to; i++) {
                assertThat(Lines.read(inputs.get((i - from) / PIPELINE))).isEqualTo(answer);
            }
        }
    }

    private void send(int connection, String text) throws IOException {
        sockets.get(connection).getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends an inline command and returns the first line of its answer. */
    private String say(String command) throws IOException {
        send(0, command + "\r\n");
        return Lines.read(inputs.get(0));
    }

    private long ask(String command, Pattern answer) throws IOException {
        return number(answer, say(command));
    }

    private long longestTurn() throws IOException {
        int length = Integer.parseInt(say("INFO keel").substring(1));
        byte[] text = inputs.get(0).readNBytes(length + 2);
        return number(LONGEST_TURN, new String(text, StandardCharsets.US_ASCII));
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
