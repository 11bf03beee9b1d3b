// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.keel.simulation.FreePort;

/** The SQL application as a static binary on Linux, with PostgreSQL's JDBC driver as its client. */
@Tag("boot")
class SqlServerLinuxTest {
    private static final long START_NANOS = 20_000_000_000L;

    /** Statements that mean the same to both, without output of their own. */
    private static final String PREPARATION =
            "create table item (id integer primary key, name text not null, price integer);"
                    + "create index item_name on item (name);"
                    + "insert into item with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)"
                    + " select i, 'item ' || i, i * 37 % 101 from n;"
                    + "update item set price = price * 2 where id % 7 = 0; delete from item where id > 450;"
                    + "begin; delete from item; rollback;";

    private static final List<String> QUESTIONS = List.of(
            "select count(*), sum(price), min(name), max(name) from item where id > 3",
            "select a.id, b.name from item a join item b on b.id = a.id + 1 where a.id between 10 and 13 order by b.name desc",
            "select price, count(*) from item group by price having count(*) > 4 order by 2 desc, 1",
            "select name, row_number() over (order by price, id), sum(price) over (order by id) from item where id < 9 order by id",
            "select id, case when price > 50 then 'dear' else 'cheap' end, null, '' from item where name like 'item 1_' order by id",
            "select upper(name), substr(name, 2, 3), length(name), abs(-price) from item where id in (5, 50) order by id",
            "select distinct price % 5 from item order by 1",
            "select id from item where price = (select max(price) from item) union select 9999 order by 1",
            "select coalesce(max(price), -1), 7 / 2, 7 % 3, 2147483647 * 2 from item where id < 0",
            "select x.id, count(y.id) from item x left join item y on y.price = x.price and y.id > x.id + 400"
                    + " where x.id < 20 group by x.id order by x.id");

    @TempDir
    static Path directory;

    private static int port;
    private static Path log;
    private static Process process;

    @BeforeAll
    static void start() throws Exception {
        port = FreePort.take();
        byte[] settings = ("port=" + port + "\n").getBytes(StandardCharsets.US_ASCII);
        BuiltImage built = ImageBuilder.build(new BuildRequest(
                SqlApplication.class.getName(),
                List.of(),
                Map.of("sql.properties", settings),
                Target.LINUX,
                directory));
        log = directory.resolve("console.log");
        process = new ProcessBuilder(built.elf().toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        connect().close();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void servesThePostgresProtocol() throws Exception {
        try (Connection connection = connect()) {
            converse(connection);
            endsWhatRunsForTooLong(connection);
        }
    }

    @Test
    void cancelsWithinAStep() throws Exception {
        try (Connection connection = connect();
                Connection other = connect()) {
            Cancelling.endsAStepAndServesOthers(connection, other);
        }
    }

    @Test
    void psqlAndPgbenchWorkUnchanged() throws Exception {
        PostgresPrograms.assumeInstalled();
        new PostgresPrograms(directory, port).benchmark(4, 20);
        assertThat(psql("\\d pgbench_accounts")).contains("abalance|integer");
        assertThat(psql("\\dt")).contains("public|pgbench_tellers|table");
        assertThat(psql("\\l")).contains("keel").contains("UTF8");
    }

    @Test
    void answersLikeTheProgramOfSqlite() throws Exception {
        PostgresPrograms.assumeInstalled();
        for (String statement : PREPARATION.split(";", -1)) {
            if (statement.equals("begin")) {
                break;
            }
            psql(statement);
        }
        psql("begin; delete from item; rollback");
        for (String question : QUESTIONS) {
            assertThat(psql(question))
                    .as(question)
                    .isEqualTo(PostgresPrograms.run(directory, "", "sqlite3", ":memory:", PREPARATION + question));
        }
    }

    private static String psql(String command) throws IOException, InterruptedException {
        return new PostgresPrograms(directory, port).psql(command);
    }

    private static Connection connect() throws IOException {
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
