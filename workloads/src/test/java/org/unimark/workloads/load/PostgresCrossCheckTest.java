// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.process.Command;

/** Against the distribution's PostgreSQL: its answers are those that were computed here, and what it loses is noticed. */
@Tag("machine")
@Timeout(180)
class PostgresCrossCheckTest {
    private static final int CONNECTIONS = 8;
    private static final String HOST = "127.0.0.1";

    @TempDir
    Path directory;

    private final SqlMix mix = new SqlMix(3_000);
    private Process postgres;
    private int port;

    /** Where Debian keeps the programs of the newest version, or null. */
    private static Path programs() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return null;
        }
        try (Stream<Path> list = Files.list(versions)) {
            return list.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
    }

    /** It refuses to be root. */
    private static List<String> asSomebody(Path program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "--user", "--map-user=65534", "--map-group=65534"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    @BeforeEach
    void start() throws Exception {
        Path bin = programs();
        assumeTrue(bin != null, "no PostgreSQL");
        String data = directory.resolve("data").toString();
        Command.run(
                null,
                120,
                asSomebody(
                        bin.resolve("initdb"),
                        "-D",
                        data,
                        "-U",
                        "unimark",
                        "--auth=trust",
                        "--no-locale",
                        "--no-sync"));
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        postgres = new ProcessBuilder(asSomebody(
                        bin.resolve("postgres"),
                        "-D",
                        data,
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=" + HOST,
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        while (!hasDatabase()) {
            assertThat(postgres.isAlive()).isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        mix.fill(HOST, port);
    }

    private boolean hasDatabase() {
        try {
            execute("postgres", "CREATE DATABASE unimark");
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private void execute(String database, String statement) throws SQLException {
        String url = "jdbc:postgresql://" + HOST + ":" + port + "/" + database + "?user=unimark&sslmode=disable";
        try (Connection connection = DriverManager.getConnection(url);
                Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (postgres != null) {
            postgres.destroy();
            assertThat(postgres.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private LoadResult load(Protocol work) throws Exception {
        LoadPlan plan = new LoadPlan(new InetSocketAddress(HOST, port), work, CONNECTIONS);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            return generator.run(LoadPhase.closed(Duration.ofSeconds(1)));
        }
    }

    @Test
    void answersWhatItMustAndKeepsEveryTransaction() throws Exception {
        for (Protocol work : List.of(
                mix.pointReads(false),
                mix.pointReads(true),
                mix.questions(),
                mix.transactions(false),
                mix.transactions(true))) {
            LoadResult result = load(work);
            assertThat(result.errors()).isEmpty();
            assertThat(result.completed()).isGreaterThan(CONNECTIONS);
        }
        assertThat(mix.acknowledged.get()).isPositive();
        assertThat(mix.audit(HOST, port)).isNull();
    }

    @Test
    void whatIsLostOrChangedIsNoticed() throws Exception {
        execute("unimark", "UPDATE accounts SET filler = 'x'");
        assertThat(load(mix.pointReads(false)).errors()).containsKey(LoadError.WRONG_BODY);
        assertThat(load(mix.pointReads(true)).errors()).containsKey(LoadError.WRONG_BODY);
        execute("unimark", "UPDATE items SET price = price + 1");
        assertThat(load(mix.questions()).errors()).containsKey(LoadError.WRONG_BODY);
        load(mix.transactions(false));
        load(mix.transactions(true));
        execute("unimark", "UPDATE branches SET bbalance = bbalance + 1 WHERE bid = 1");
        assertThat(mix.audit(HOST, port)).contains("different sums");
        execute("unimark", "UPDATE branches SET bbalance = bbalance - 1 WHERE bid = 1");
        // A whole transaction is gone: the sums still agree, its history is one short.
        execute("unimark", "UPDATE history SET delta = 0");
        execute("unimark", "UPDATE accounts SET abalance = 0");
        execute("unimark", "UPDATE tellers SET tbalance = 0");
        execute("unimark", "UPDATE branches SET bbalance = 0");
        assertThat(mix.audit(HOST, port)).isNull();
        execute("unimark", "DELETE FROM history WHERE ctid = (SELECT min(ctid) FROM history)");
        assertThat(mix.audit(HOST, port)).contains("its history has");
    }
}
