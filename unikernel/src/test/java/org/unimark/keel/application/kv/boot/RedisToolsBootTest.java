// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.application.kv.KvApplication;
import org.unimark.keel.boot.BootedGuest;
import org.unimark.keel.simulation.FreePort;

/** Redis's own programs, {@code redis-cli} and {@code redis-benchmark}, talk to one image of the store. */
@Tag("boot")
class RedisToolsBootTest {
    private static final int LIMIT_SECONDS = 120;
    private static final int GUEST_PORT = 6379;
    private static final int MEMORY_MEBIBYTES = 64;
    private static final int MOST_CLIENTS = 20;
    private static final int KEYS = 1000;
    /** What the programs say if they do not understand the server or it does not understand them. */
    private static final Pattern COMPLAINT = Pattern.compile("(?i)\\berr(or)?\\b(?!s: 0)|warning|unknown");

    @TempDir
    static Path directory;

    private static BootedGuest guest;
    private static int port;

    @BeforeAll
    static void boot() throws Exception {
        Path image = Programs.elf(
                KvApplication.class, "kv.properties", "maxclients=" + MOST_CLIENTS + "\n", Target.IMAGE, directory);
        port = FreePort.take();
        guest = new BootedGuest(
                directory,
                image,
                new QemuCommand(Machine.Q35)
                        .memoryMebibytes(MEMORY_MEBIBYTES)
                        .commandLine(QemuCommand.USER_NETWORK_ADDRESS)
                        .userNetwork("127.0.0.1", port, GUEST_PORT, ""),
                LIMIT_SECONDS);
        guest.await(Pattern.compile("listening on port"));
    }

    @AfterAll
    static void stop() {
        if (guest != null) {
            guest.close();
        }
    }

    @BeforeEach
    void clear() throws Exception {
        assertThat(cli("", "FLUSHALL")).isEqualTo("OK\n");
    }

    private static String cli(String input, String... arguments) throws Exception {
        return run(input, "redis-cli", arguments);
    }

    private static String run(String input, String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program, "-p", Integer.toString(port)));
        command.addAll(List.of(arguments));
        Path in = Files.createTempFile(directory, "in", "");
        Path out = Files.createTempFile(directory, "out", "");
        Files.writeString(in, input, StandardCharsets.ISO_8859_1);
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(out, StandardCharsets.ISO_8859_1);
        assertThat(ended)
                .as("%s ends; it said %s; console: %s", command, text, guest.text())
                .isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, text).isZero();
        return text;
    }

    /** As the protocol has it, which is what pipe mode reads. */
    private static String encode(String line) {
        String[] words = line.split(" ");
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    private static String fill() throws Exception {
        String commands = IntStream.range(0, KEYS - 4)
                .mapToObj(i -> encode("SET key:" + i + " value" + i))
                .collect(Collectors.joining());
        commands += encode("RPUSH list a b c") + encode("SADD set a b c d") + encode("HSET hash a 1 b 2");
        return cli(commands + encode("ZADD zset 1 a 2 b 3 c 4 d 5 e"), "--pipe");
    }

    @Test
    void aCommandIsAnswered() throws Exception {
        assertThat(cli("", "SET", "greeting", "hello world")).isEqualTo("OK\n");
        assertThat(cli("", "GET", "greeting")).isEqualTo("hello world\n");
        assertThat(cli("INCR n\nINCR n\nSELECT 1\nGET n\nMULTI\nSET n 5\nEXEC\n"))
                .isEqualTo("1\n2\nOK\n\nOK\nQUEUED\nOK\n");
        assertThat(cli("", "-n", "1", "--no-raw", "GET", "n")).isEqualTo("\"5\"\n");
        assertThat(cli("", "-x", "SET", "from-input")).isEqualTo("OK\n");
        assertThat(cli("", "INFO", "server")).contains("redis_version:7.0.15");
    }

    @Test
    void theNewerProtocolIsSpoken() throws Exception {
        cli("", "HSET", "hash", "field", "value");
        assertThat(cli("", "-3", "--no-raw", "HGETALL", "hash")).isEqualTo("1# \"field\" => \"value\"\n");
        assertThat(cli("", "-3", "--no-raw", "HELLO")).contains("\"proto\" => (integer) 3");
    }

    @Test
    void aFileOfCommandsIsTaken() throws Exception {
        assertThat(fill()).contains("errors: 0, replies: " + KEYS);
        assertThat(cli("", "DBSIZE")).isEqualTo(KEYS + "\n");
    }

    @Test
    void keysAreWalked() throws Exception {
        fill();
        assertThat(cli("", "--scan").lines().collect(Collectors.toSet()))
                .hasSize(KEYS)
                .contains("key:7", "zset");
        assertThat(cli("", "--scan", "--pattern", "key:99?").lines()).hasSize(6);
        String big = cli("", "--bigkeys");
        assertThat(big)
                .contains("Sampled " + KEYS + " keys in the keyspace!", "Biggest   zset found '\"zset\"' has 5 members")
                .doesNotContainPattern(COMPLAINT);
        assertThat(cli("", "--memkeys")).contains("Sampled " + KEYS + " keys").doesNotContainPattern(COMPLAINT);
    }

    @Test
    void theBenchmarkHasNoComplaint() throws Exception {
        String common = "ping,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,mset";
        String said =
                run("", "redis-benchmark", "-n", "20000", "-P", "16", "-c", "8", "-r", "1000", "-q", "-t", common);
        said += run("", "redis-benchmark", "-n", "2000", "-P", "4", "-c", "8", "-q", "-t", "lrange_100");
        System.out.println(said.replace('\r', '\n')
                .lines()
                .filter(line -> line.contains("requests per second"))
                .collect(Collectors.joining("\n")));
        assertThat(said).doesNotContainPattern(COMPLAINT);
        for (String name :
                List.of("PING_MBULK", "SET", "ZPOPMIN", "MSET (10 keys)", "LRANGE_100 (first 100 elements)")) {
            assertThat(said).containsPattern(Pattern.quote(name) + ": [0-9.]+ requests per second");
        }
    }

    /** Over a real connection, too, the last word arrives before the end. */
    @Test
    void whoIsTooManyIsTold() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        String told = null;
        while (told == null && sockets.size() <= MOST_CLIENTS) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(LIMIT_SECONDS * 1000);
            sockets.add(socket);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[7];
            int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
            String text = new String(answer, 0, read, StandardCharsets.US_ASCII);
            told = text.equals("+PONG\r\n")
                    ? null
                    : text + new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
        for (Socket socket : sockets) {
            socket.close();
        }
        assertThat(told).isEqualTo("-ERR max number of clients reached\r\n");
    }
}
