// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;

/** The SQL application as a static binary on Linux, with PostgreSQL's JDBC driver as its client. */
@Tag("boot")
class SqlServerLinuxTest {
    private static final long START_NANOS = 20_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void servesThePostgresProtocol() throws Exception {
        int port = freePort();
        byte[] settings = ("port=" + port + "\n").getBytes(StandardCharsets.US_ASCII);
        BuiltImage built = ImageBuilder.build(new BuildRequest(
                SqlApplication.class.getName(),
                List.of(),
                Map.of("sql.properties", settings),
                Target.LINUX,
                directory));
        Path log = directory.resolve("console.log");
        Process process = new ProcessBuilder(built.elf().toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try (Connection connection = connect(port, process, log)) {
            converse(connection);
            endsWhatRunsForTooLong(connection);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Connection connect(int port, Process process, Path log) throws IOException {
        long deadline = System.nanoTime() + START_NANOS;
        while (true) {
            try {
                return DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/keel?socketTimeout=20", "me", "");
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(Files.readString(log), e);
                }
                LockSupport.parkNanos(50_000_000L);
            }
        }
    }

    private static void endsWhatRunsForTooLong(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = 200");
            long start = System.nanoTime();
            assertThatThrownBy(() -> statement.executeQuery(
                            "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"))
                    .hasMessageContaining("canceling statement due to statement timeout");
            assertThat(System.nanoTime() - start).isBetween(150_000_000L, START_NANOS);
            statement.execute("reset statement_timeout");
            try (ResultSet row = statement.executeQuery("select count(*) from t")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(1000);
            }
        }
    }

    private static void converse(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table t(a int primary key, b text, c numeric(8,2))");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?, 2.5)")) {
                for (int i = 0; i < 1000; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "Zeile " + i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
            connection.setAutoCommit(true);
            try (PreparedStatement select = connection.prepareStatement("select b, c from t where a = ?")) {
                for (int i = 0; i < 1000; i++) {
                    select.setInt(1, i);
                    try (ResultSet row = select.executeQuery()) {
                        assertThat(row.next()).isTrue();
                        assertThat(row.getString(1)).isEqualTo("Zeile " + i);
                        assertThat(row.getBigDecimal(2)).isEqualByComparingTo("2.5");
                    }
                }
            }
        }
    }
}
