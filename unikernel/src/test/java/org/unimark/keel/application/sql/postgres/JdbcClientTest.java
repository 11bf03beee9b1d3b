// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** PostgreSQL's JDBC driver and a pool, unchanged, over real sockets. */
class JdbcClientTest {
    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(directory, "");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url(), "me", "secret");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void valuesComeBackInTextAndInBinary() throws SQLException {
        try (Connection connection = connect()) {
            execute(
                    connection,
                    "create table t(a int primary key, b bigint, c text, d double precision, e numeric(12,3), f boolean,"
                            + " g bytea, h timestamp, i date)");
            try (PreparedStatement insert = connection.prepareStatement("insert into t values (?,?,?,?,?,?,?,?,?)")) {
                insert.setInt(1, 7);
                insert.setLong(2, 1L << 40);
                insert.setString(3, "Grüße");
                insert.setDouble(4, 0.1);
                insert.setBigDecimal(5, new BigDecimal("12345.678"));
                insert.setBoolean(6, true);
                insert.setBytes(7, new byte[] {0, 1, (byte) 255});
                insert.setTimestamp(8, Timestamp.valueOf("2026-11-26 13:20:00.25"));
                insert.setObject(9, java.time.LocalDate.of(2026, 11, 26));
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            try (PreparedStatement select = connection.prepareStatement("select * from t where a = ?")) {
                // The driver changes to named statements and binary results at the fifth execution.
                for (int i = 0; i < 8; i++) {
                    select.setInt(1, 7);
                    requireRow(select);
                }
            }
        }
    }

    private static void requireRow(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            assertThat(row.next()).isTrue();
            assertThat(row.getInt(1)).isEqualTo(7);
            assertThat(row.getLong(2)).isEqualTo(1L << 40);
            assertThat(row.getString(3)).isEqualTo("Grüße");
            assertThat(row.getDouble(4)).isEqualTo(0.1);
            assertThat(row.getBigDecimal(5)).isEqualByComparingTo("12345.678");
            assertThat(row.getBoolean(6)).isTrue();
            assertThat(row.getBytes(7)).containsExactly(0, 1, 255);
            assertThat(row.getTimestamp(8).toString()).startsWith("2026-11-26 13:20:00.25");
            assertThat(row.getString(9)).isEqualTo("2026-11-26");
            assertThat(row.next()).isFalse();
        }
    }

    @Test
    void largeAndSmallNumericsAreTheSameInTextAndInBinary() throws SQLException {
        String[] numbers = {"1e15", "-1.5e15", "1234567890123456e10", "1.25e300", "1e-5", "4.5e-300", "0.25"};
        try (Connection connection = connect()) {
            execute(connection, "create table n(a int primary key, b numeric(40,2))");
            for (int i = 0; i < numbers.length; i++) {
                execute(connection, "insert into n values (" + i + ", " + numbers[i] + ")");
            }
            try (PreparedStatement select = connection.prepareStatement("select b from n order by a")) {
                for (int execution = 0; execution < 8; execution++) {
                    try (ResultSet row = select.executeQuery()) {
                        for (String number : numbers) {
                            assertThat(row.next()).isTrue();
                            assertThat(row.getBigDecimal(1)).isEqualByComparingTo(number);
                        }
                    }
                }
            }
            assertThat(single(connection, "select b from n where a = 0")).isEqualTo("1000000000000000");
        }
    }

    @Test
    void batchesAreOneTransaction() throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, "create table t(a int primary key)");
            try (PreparedStatement insert = connection.prepareStatement("insert into t values (?)")) {
                for (int value : new int[] {1, 2, 3, 2, 4}) {
                    insert.setInt(1, value);
                    insert.addBatch();
                }
                assertThatThrownBy(insert::executeBatch)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("UNIQUE");
            }
            assertThat(single(connection, "select count(*) from t")).isEqualTo("0");
        }
    }

    private static String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    @Test
    void aFailedTransactionWaitsForItsEnd() throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, "create table t(a int primary key)");
            connection.setAutoCommit(false);
            execute(connection, "insert into t values (1)");
            assertState(connection, "insert into t values (1)", "23505");
            assertState(connection, "select 1", "25P02");
            connection.rollback();
            assertThat(single(connection, "select count(*) from t")).isEqualTo("0");
            assertState(connection, "select * from missing", "42P01");
            connection.rollback();
            execute(connection, "insert into t values (5)");
            connection.commit();
            assertThat(single(connection, "select a from t")).isEqualTo("5");
        }
    }

    private static void assertState(Connection connection, String sql, String state) {
        assertThatThrownBy(() -> execute(connection, sql))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    @Test
    void aCursorFetchesSomeRowsAtATime() throws SQLException {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(10);
                try (ResultSet rows = statement.executeQuery("select g from generate_series(1, 95) as g")) {
                    int sum = 0;
                    while (rows.next()) {
                        sum += rows.getInt(1);
                    }
                    assertThat(sum).isEqualTo(95 * 96 / 2);
                }
            }
        }
    }

    @Test
    void longValuesAndManyRowsGoThroughASmallOutbox() throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, "create table t(a text)");
            String text = "0123456789".repeat(30_000);
            try (PreparedStatement insert = connection.prepareStatement("insert into t values (?)")) {
                insert.setString(1, text);
                insert.executeUpdate();
            }
            assertThat(single(connection, "select a from t")).isEqualTo(text);
            assertThat(single(connection, "select '" + text + "'")).isEqualTo(text);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select g, 'row ' || g from generate_series(1, 50000) g")) {
                int count = 0;
                while (rows.next()) {
                    assertThat(rows.getString(2)).isEqualTo("row " + ++count);
                }
                assertThat(count).isEqualTo(50_000);
            }
        }
    }

    @Test
    void copyGoesInAndOut() throws Exception {
        try (Connection connection = connect()) {
            execute(connection, "create table t(a int, b text)");
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            String rows = "1\tone\n2\t\\N\n3\ta\\tb\\\\c\n";
            assertThat(copy.copyIn("copy t from stdin", new java.io.StringReader(rows)))
                    .isEqualTo(3);
            StringWriter out = new StringWriter();
            copy.copyOut("copy t to stdout", out);
            assertThat(out.toString()).isEqualTo(rows);
            assertThatThrownBy(() -> copy.copyIn("copy t from stdin", new java.io.StringReader("x\ty\n")))
                    .isInstanceOf(SQLException.class);
            assertThat(single(connection, "select count(*) from t")).isEqualTo("3");
        }
    }

    /** Around the length that the server has room for at once, every length. */
    private static int[] lengthsOfRows() {
        IntStream near = IntStream.range(Outbox.rowLimit() - 60, Outbox.rowLimit() + 10);
        return IntStream.concat(IntStream.of(0, 1, 100, 19_000, 24_576, 50_000, 600_000), near)
                .toArray();
    }

    private static String escapable(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(10) == 0 ? "\t\n\r\\\",".charAt(random.nextInt(6)) : (char) ('a' + i % 26));
        }
        return text.toString();
    }

    private static String asText(String value) {
        return value.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String asCsv(String value) {
        boolean isPlain = !value.isEmpty() && value.chars().noneMatch(c -> "\",\n\r".indexOf(c) >= 0);
        return isPlain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    @Test
    void copyGivesRowsOfAnyLength() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        StringBuilder csv = new StringBuilder();
        try (Connection connection = connect()) {
            execute(connection, "create table t(a int, b text, c text)");
            try (PreparedStatement insert = connection.prepareStatement("insert into t values (?,?,?)")) {
                for (int length : lengthsOfRows()) {
                    String first = random.nextBoolean() ? "x".repeat(length / 2) : escapable(random, length / 2);
                    String second = random.nextInt(4) == 0 ? null : "y".repeat(length - length / 2);
                    insert.setInt(1, length);
                    insert.setString(2, first);
                    insert.setString(3, second);
                    insert.executeUpdate();
                    String number = Integer.toString(length);
                    text.append(number).append('\t').append(asText(first)).append('\t');
                    text.append(second == null ? "\\N" : second).append('\n');
                    csv.append(number).append(',').append(asCsv(first)).append(',');
                    csv.append(second == null ? "" : asCsv(second)).append('\n');
                }
            }
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            StringWriter out = new StringWriter();
            assertThat(copy.copyOut("copy t to stdout", out)).isEqualTo(lengthsOfRows().length);
            assertThat(out.toString().equals(text.toString()))
                    .as("text, seed %d", seed)
                    .isTrue();
            out = new StringWriter();
            copy.copyOut("copy t to stdout with (format csv)", out);
            assertThat(out.toString().equals(csv.toString()))
                    .as("CSV, seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void metadataNamesTablesAndColumns() throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, "create table t(a int primary key, b varchar(20) not null)");
            List<String> seen = new ArrayList<>();
            try (ResultSet tables = connection.getMetaData().getTables(null, "public", "t", new String[] {"TABLE"})) {
                while (tables.next()) {
                    seen.add(tables.getString("TABLE_NAME"));
                }
            }
            try (ResultSet columns = connection.getMetaData().getColumns(null, "public", "t", "%")) {
                while (columns.next()) {
                    seen.add(columns.getString("COLUMN_NAME") + " " + columns.getString("TYPE_NAME") + " "
                            + columns.getInt("COLUMN_SIZE"));
                }
            }
            assertThat(seen).containsExactly("t", "a int4 10", "b varchar 20");
        }
    }

    @Test
    void aPoolOfWritersLosesNothing() throws Exception {
        try (Connection connection = connect()) {
            execute(connection, "create table t(id int primary key, n int)");
            execute(connection, "insert into t values (1, 0)");
        }
        HikariConfig configuration = new HikariConfig();
        configuration.setJdbcUrl(server.url());
        configuration.setUsername("me");
        configuration.setMaximumPoolSize(4);
        try (HikariDataSource pool = new HikariDataSource(configuration)) {
            List<Thread> threads = new ArrayList<>();
            List<Exception> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        increment(pool, 25);
                    } catch (SQLException e) {
                        failures.add(e);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            try (Connection connection = pool.getConnection()) {
                assertThat(single(connection, "select n from t")).isEqualTo("100");
            }
        }
    }

    private static void increment(HikariDataSource pool, int times) throws SQLException {
        for (int i = 0; i < times; i++) {
            try (Connection connection = pool.getConnection();
                    PreparedStatement update = connection.prepareStatement("update t set n = n + ? where id = ?")) {
                connection.setAutoCommit(false);
                update.setInt(1, 1);
                update.setInt(2, 1);
                update.executeUpdate();
                connection.commit();
            }
        }
    }

    @Test
    void aBusyWriterMakesOthersWaitUntilTheyGiveUp() throws SQLException {
        try (Connection writer = connect();
                Connection other = connect()) {
            execute(writer, "create table t(a int)");
            writer.setAutoCommit(false);
            execute(writer, "insert into t values (1)");
            execute(other, "set lock_timeout = 100");
            assertState(other, "insert into t values (2)", "55P03");
            assertThat(single(other, "select count(*) from t")).isEqualTo("0");
            writer.commit();
            execute(other, "insert into t values (2)");
            assertThat(single(other, "select count(*) from t")).isEqualTo("2");
        }
    }

    @Test
    void passwordsAreCheckedByScram() throws Exception {
        stop();
        server = new TestServer(directory, "authentication=scram-sha-256\nuser=me\npassword=secret\n");
        try (Connection connection = connect()) {
            assertThat(single(connection, "select 1")).isEqualTo("1");
        }
        assertThatThrownBy(() -> DriverManager.getConnection(server.url(), "me", "wrong"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        assertThatThrownBy(() -> DriverManager.getConnection(server.url(), "you", "secret"))
                .isInstanceOf(SQLException.class);
    }
}
