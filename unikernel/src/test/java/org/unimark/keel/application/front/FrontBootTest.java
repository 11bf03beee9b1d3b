// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.application.http.ServerProcess;
import org.unimark.keel.application.kv.KvApplication;
import org.unimark.keel.application.sqlite.SqlApplication;
import org.unimark.keel.boot.BootedGuest;
import org.unimark.keel.simulation.FreePort;

/**
 * The front as an image under QEMU and as a Linux binary, between real clients and the real key-value store and SQL server, which
 * go and come back.
 */
@Tag("boot")
class FrontBootTest {
    private static final int LIMIT_SECONDS = 20;
    private static final int GUEST_PORT = 80;
    private static final int TIMEOUT_MILLIS = 1_500;
    /** What a guest calls the loopback of its host. */
    private static final String HOST_OF_GUEST = "10.0.2.2";

    private static final String STORE_IS_AWAY = "502 the store does not answer";

    @TempDir
    static Path directory;

    private static int cachePort;
    private static int storePort;
    private static int linuxPort;
    private static Path cacheProgram;
    private static Path storeProgram;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private ServerProcess cache;
    private ServerProcess store;
    private AutoCloseable front;
    private int port;

    @BeforeAll
    static void build() throws Exception {
        cachePort = FreePort.take();
        storePort = FreePort.take();
        linuxPort = FreePort.take();
        cacheProgram =
                Programs.elf(KvApplication.class, "kv.properties", "port=" + cachePort + "\n", Target.LINUX, directory);
        String settings = "port=" + storePort + "\nfile=" + directory.resolve("store.db") + "\n";
        storeProgram = Programs.elf(SqlApplication.class, "sql.properties", settings, Target.LINUX, directory);
    }

    private void startAll(Target target) throws Exception {
        startCache();
        startStore();
        String host = target == Target.IMAGE ? HOST_OF_GUEST : "127.0.0.1";
        int own = target == Target.IMAGE ? GUEST_PORT : linuxPort;
        String text = "cache=" + host + "\ncache_port=" + cachePort + "\nstore=" + host + "\nstore_port=" + storePort
                + "\nport=" + own + "\ntimeout_ms=" + TIMEOUT_MILLIS + "\nstore_connections=2\n";
        Path program = Programs.elf(FrontApplication.class, "front.properties", text, target, directory);
        if (target == Target.LINUX) {
            port = linuxPort;
            front = ServerProcess.start(List.of(program.toString()), port, directory.resolve("front.log"));
        } else {
            boot(program);
        }
        // Its connections are made while it listens already.
        await("200 item 1", () -> get("/item/1"));
        await(true, () -> hasCached(1));
    }

    private void boot(Path image) throws Exception {
        port = FreePort.take();
        String network = "user,hostfwd=tcp:127.0.0.1:" + port + "-:" + GUEST_PORT;
        BootedGuest guest = new BootedGuest(
                directory,
                image,
                new QemuCommand(Machine.MICROVM)
                        .commandLine(QemuCommand.USER_NETWORK_ADDRESS)
                        .network(network, ""),
                LIMIT_SECONDS);
        front = guest;
        guest.await(Pattern.compile("listening on port"));
    }

    private void startCache() throws IOException {
        cache = ServerProcess.start(List.of(cacheProgram.toString()), cachePort, directory.resolve("cache.log"));
    }

    private void startStore() throws Exception {
        store = ServerProcess.start(List.of(storeProgram.toString()), storePort, directory.resolve("store.log"));
        execute(
                "drop table if exists items",
                "create table items (id integer primary key, name text)",
                "insert into items with recursive n(i) as (select 1 union all select i + 1 from n where i < 100)"
                        + " select i, 'item ' || i from n");
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + storePort + "/unimark?socketTimeout=20&sslmode=disable",
                        "unimark",
                        "");
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.executeUpdate(text);
            }
        }
    }

    @AfterEach
    void stopAll() throws Exception {
        if (front != null) {
            front.close();
        }
        if (store != null) {
            store.signal("CONT");
            store.close();
        }
        if (cache != null) {
            cache.close();
        }
    }

    /** Status and body. */
    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(LIMIT_SECONDS))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body().strip();
    }

    private static boolean hasCached(int item) throws IOException {
        String key = "item:" + item;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cachePort)) {
            socket.setSoTimeout(LIMIT_SECONDS * 1000);
            String command = "*2\r\n$6\r\nEXISTS\r\n$" + key.length() + "\r\n" + key + "\r\n";
            socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII).equals(":1\r\n");
        }
    }

    private static <T> void await(T expected, Callable<T> actual) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        T found = actual.call();
        while (!found.equals(expected) && System.nanoTime() < end) {
            Thread.sleep(20);
            found = actual.call();
        }
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void asksTheStoreOnceAndThenTheCache(Target target) throws Exception {
        startAll(target);
        assertThat(hasCached(7)).isFalse();
        assertThat(get("/item/7")).isEqualTo("200 item 7");
        await(true, () -> hasCached(7));
        execute("update items set name = 'changed'");
        assertThat(get("/item/7")).as("a hit").isEqualTo("200 item 7");
        assertThat(get("/item/8")).as("a miss").isEqualTo("200 changed");
        assertThat(get("/item/101")).isEqualTo("404 no such item");
        assertThat(get("/items")).isEqualTo("404 not found");
    }

    @ParameterizedTest
    @EnumSource
    void aCacheThatIsAwayIsAMissUntilItComesBack(Target target) throws Exception {
        startAll(target);
        cache.close();
        for (int i = 0; i < 2; i++) {
            execute("update items set name = 'change " + i + "'");
            assertThat(get("/item/1")).as("from the store each time").isEqualTo("200 change " + i);
        }
        startCache();
        await(true, () -> {
            assertThat(get("/item/2")).isEqualTo("200 change 1");
            return hasCached(2);
        });
        execute("update items set name = 'too late'");
        assertThat(get("/item/2")).as("a hit again").isEqualTo("200 change 1");
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatIsAwayIsABadGatewayUntilItComesBack(Target target) throws Exception {
        startAll(target);
        store.close();
        assertThat(get("/item/9")).isEqualTo(STORE_IS_AWAY);
        assertThat(get("/item/1")).as("the cache is there").isEqualTo("200 item 1");
        cache.close();
        assertThat(get("/item/1")).as("nobody is there").isEqualTo(STORE_IS_AWAY);
        startStore();
        await("200 item 9", () -> get("/item/9"));
        startCache();
        await(true, () -> {
            assertThat(get("/item/9")).isEqualTo("200 item 9");
            return hasCached(9);
        });
    }

    /** It neither answers nor ends: its clients are told in time, and its connections are made anew. */
    @ParameterizedTest
    @EnumSource
    void aStoreThatIsSilentIsATimeoutUntilItSpeaksAgain(Target target) throws Exception {
        startAll(target);
        store.signal("STOP");
        assertThat(get("/item/9")).isEqualTo("504 no answer in time");
        assertThat(get("/item/1")).isEqualTo("200 item 1");
        store.signal("CONT");
        await("200 item 9", () -> get("/item/9"));
    }
}
