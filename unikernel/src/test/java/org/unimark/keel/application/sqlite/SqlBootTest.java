// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.boot.BootedGuest;
import org.unimark.keel.simulation.FreePort;

/** Images with SQLite: their answers against the program {@code sqlite3}, and databases on disks that lose their power. */
@Tag("boot")
class SqlBootTest {
    private static final int LIMIT_SECONDS = 120;
    private static final int KILLS = Integer.getInteger("unimark.kills", 20);
    private static final int KILLS_WITH_A_LOG = Integer.getInteger("unimark.kills", 4);
    /** From power to the first answer, with a journal or a log to go through: a bound, not a measurement. */
    private static final long RECOVERY_NANOS = 30_000_000_000L;

    private static final int STATEMENTS = 200 * Integer.getInteger("unimark.differential.rounds", 4);
    private static final int INSERTS = 3000;
    private static final Pattern ACKNOWLEDGED = Pattern.compile("^acknowledged\\|(\\d+)\r?$", Pattern.MULTILINE);
    private static final Pattern FOUND = Pattern.compile("found\\|(\\d+)\\|(\\d+)\r?\n");

    @TempDir
    static Path directory;

    private static Path inserting;

    private static Path build(String properties, String script) throws Exception {
        Map<String, byte[]> resources = Map.of(
                "sql.properties", properties.getBytes(StandardCharsets.US_ASCII),
                "sql.script", script.getBytes(StandardCharsets.UTF_8));
        String main = SqlApplication.class.getName();
        return ImageBuilder.build(new BuildRequest(
                        "sql-" + (properties + script).hashCode(), main, List.of(), resources, Target.IMAGE, directory))
                .elf();
    }

    /**
     * Checks its database, and inserts rows and says so, one by one: every other in a transaction with a row of another table,
     * where there is one if and only if the other is there.
     */
    private static Path buildInserting(String properties) throws Exception {
        return build(
                "mode=batch\ndatabase=disk\n" + properties,
                "CREATE TABLE IF NOT EXISTS tab (id INTEGER PRIMARY KEY, value BLOB, paired INTEGER);\n"
                        + "CREATE TABLE IF NOT EXISTS pair (id INTEGER PRIMARY KEY, value BLOB);\n"
                        + "PRAGMA integrity_check;\n"
                        + "SELECT 'torn', (SELECT count(*) FROM tab WHERE paired AND id NOT IN (SELECT id FROM pair))"
                        + " + (SELECT count(*) FROM pair WHERE id NOT IN (SELECT id FROM tab WHERE paired));\n"
                        + "SELECT 'found', count(*), coalesce(max(id), 0) FROM tab;\n"
                        + ("INSERT INTO tab VALUES (null, randomblob(1500), 0);\n"
                                        + "SELECT 'acknowledged', max(id) FROM tab;\n"
                                        + "BEGIN;\n"
                                        + "INSERT INTO tab VALUES (null, randomblob(1500), 1);\n"
                                        + "INSERT INTO pair VALUES (last_insert_rowid(), randomblob(1500));\n"
                                        + "COMMIT;\n"
                                        + "SELECT 'acknowledged', max(id) FROM tab;\n")
                                .repeat(INSERTS / 2));
    }

    @BeforeAll
    static void buildInserting() throws Exception {
        inserting = buildInserting("");
    }

    private static BootedGuest boot(Path image, QemuCommand command) throws IOException {
        return new BootedGuest(directory, image, command, LIMIT_SECONDS);
    }

    private static long lastAcknowledged(String text, long otherwise) {
        return ACKNOWLEDGED
                .matcher(text)
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .max()
                .orElse(otherwise);
    }

    @Test
    void answersLikeTheProgram() throws Exception {
        String script = Files.readString(Path.of("src/test/resources/org/unimark/keel/application/sqlite/script.sql"));
        String expected = PostgresPrograms.run(directory, script, "sqlite3", ":memory:");
        assertThat(answers(build("mode=batch\n", script), new QemuCommand(Machine.MICROVM)))
                .isEqualTo(expected);
    }

    @Test
    void answersRandomStatementsLikeTheProgram() throws Exception {
        long seed = System.nanoTime();
        String script = new RandomStatements(seed).script(STATEMENTS);
        String expected = PostgresPrograms.run(directory, script, "sqlite3", "-bail", ":memory:");
        Path disk = BootedGuest.newDisk(directory, 16L << 20);
        QemuCommand command = new QemuCommand(Machine.MICROVM).drive(disk, "writeback");
        assertThat(answers(build("mode=batch\ndatabase=disk\n", script), command))
                .as("seed %d", seed)
                .isEqualTo(expected);
    }

    /** All rows that a batch prints. */
    private static String answers(Path image, QemuCommand command) throws Exception {
        try (BootedGuest guest = boot(image, command)) {
            guest.awaitEnd();
            String text = guest.text().replace("\r", "");
            assertThat(text).contains("sql-script done");
            assertThat(guest.exitStatus()).isZero();
            int from = text.indexOf('\n', text.indexOf("sql: SQLite")) + 1;
            return text.substring(from, text.indexOf("sql-script done"));
        }
    }

    @Test
    void psqlAndPgbenchWorkUnchangedAndKeepTheirSum() throws Exception {
        PostgresPrograms.assumeInstalled();
        Path image = build("mode=server\ndatabase=disk\n", "");
        Path disk = BootedGuest.newDisk(directory, 128L << 20);
        int port = FreePort.take();
        try (BootedGuest guest =
                serve(image, new QemuCommand(Machine.Q35).memoryMebibytes(256).drive(disk, "writeback"), port)) {
            PostgresPrograms programs = new PostgresPrograms(directory, port);
            programs.benchmark(4, 20);
            assertThat(programs.psql("\\d pgbench_accounts")).contains("abalance|integer");
            assertThat(programs.psql("\\dt")).contains("public|pgbench_tellers|table");
            assertThat(programs.psql("pragma integrity_check")).isEqualTo("ok\n");
            assertThat(guest.text()).doesNotContain("panic");
            guest.failPower();
        }
        port = FreePort.take();
        try (BootedGuest guest = serve(image, new QemuCommand(Machine.MICROVM).drive(disk, "writeback"), port)) {
            new PostgresPrograms(directory, port).assertSum(240);
            assertThat(guest.text()).doesNotContain("panic");
        }
    }

    @Test
    void everythingAcknowledgedSurvivesTheLossOfPower() throws Exception {
        survivesTheLossOfPower(inserting, KILLS);
    }

    @Test
    void soItDoesWithAWriteAheadLog() throws Exception {
        Path image = buildInserting("journal_mode=wal\n");
        assertThat(survivesTheLossOfPower(image, KILLS_WITH_A_LOG)).contains("main.db-wal");
    }

    /** Boots {@code image} on one disk again and again; returns what the disk has in the end. */
    private static String survivesTheLossOfPower(Path image, int kills) throws Exception {
        Path disk = BootedGuest.newDisk(directory, 32 + kills / 2L << 20);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long acknowledged = 0;
        for (int kill = 0; kill < kills; kill++) {
            long bootNanos = System.nanoTime();
            try (BootedGuest guest =
                    boot(image, new QemuCommand(Machine.values()[kill % 2]).drive(disk, "writeback"))) {
                guest.await(FOUND);
                long recoveryNanos = System.nanoTime() - bootNanos;
                String text = guest.text();
                Matcher found = FOUND.matcher(text);
                assertThat(found.find()).isTrue();
                String what = String.format("seed %d, kill %d, acknowledged %d: %s", seed, kill, acknowledged, text);
                assertThat(text).as(what).containsPattern("(?m)^ok\r?$");
                assertThat(text).as(what).containsPattern("(?m)^torn\\|0\r?$");
                assertThat(recoveryNanos).as(what).isLessThan(RECOVERY_NANOS);
                assertThat(Long.parseLong(found.group(1))).as(what).isGreaterThanOrEqualTo(acknowledged);
                assertThat(found.group(1)).as(what).isEqualTo(found.group(2));
                guest.await(ACKNOWLEDGED);
                Thread.sleep(random.nextInt(200));
                guest.failPower();
                acknowledged = lastAcknowledged(guest.text(), acknowledged);
            }
        }
        return Files.readString(disk, StandardCharsets.ISO_8859_1);
    }

    @Test
    void saysThatTheDiskIsFullAndKeepsWhatItSaidItHad() throws Exception {
        Path disk = BootedGuest.newDisk(directory, 4L << 20);
        long acknowledged;
        try (BootedGuest guest = boot(inserting, new QemuCommand(Machine.Q35).drive(disk, "writeback"))) {
            String text = guest.awaitEnd();
            assertThat(text).contains("sql-error 13 database or disk is full");
            acknowledged = lastAcknowledged(text, 0);
        }
        try (BootedGuest guest = boot(inserting, new QemuCommand(Machine.Q35).drive(disk, "writeback"))) {
            assertThat(guest.awaitEnd())
                    .containsPattern("(?m)^ok\r?$")
                    .containsPattern("found\\|" + acknowledged + "\\|" + acknowledged);
        }
    }

    @Test
    void saysThatTheDiskFailsAndKeepsWhatItSaidItHad() throws Exception {
        Path disk = BootedGuest.newDisk(directory, 8L << 20);
        long acknowledged;
        try (BootedGuest guest = boot(inserting, BootedGuest.withFailingDisk(directory, disk, 60))) {
            String text = guest.awaitEnd();
            assertThat(text).containsPattern("sql-error \\d+ disk I/O error");
            acknowledged = lastAcknowledged(text, 0);
            assertThat(acknowledged).isPositive();
        }
        try (BootedGuest guest = boot(inserting, new QemuCommand(Machine.Q35).drive(disk, "writeback"))) {
            guest.await(FOUND);
            assertThat(guest.text())
                    .containsPattern("(?m)^ok\r?$")
                    .containsPattern("found\\|" + acknowledged + "\\|" + acknowledged);
        }
    }

    /** Clients hear of it by its SQLSTATE; the server lives on, and what it has read it can still tell. */
    @Test
    void tellsItsClientsThatTheDiskFails() throws Exception {
        Path image = build("mode=server\ndatabase=disk\n", "");
        Path disk = BootedGuest.newDisk(directory, 8L << 20);
        int inserted;
        int port = FreePort.take();
        try (BootedGuest guest = serve(image, BootedGuest.withFailingDisk(directory, disk, 60), port)) {
            inserted = insertUntilItFails(port);
            assertThat(guest.text()).doesNotContain("panic");
        }
        port = FreePort.take();
        try (BootedGuest guest = serve(image, new QemuCommand(Machine.Q35).drive(disk, "writeback"), port);
                Connection connection = connect(port);
                Statement statement = connection.createStatement()) {
            assertThat(number(statement, "SELECT count(*) FROM tab"))
                    .as(guest.text())
                    .isEqualTo(inserted);
            assertThat(statement.executeUpdate("INSERT INTO tab VALUES (0, 'again')"))
                    .isOne();
        }
    }

    @Test
    void cancelsWithinAStep() throws Exception {
        Path image = build("mode=server\n", "");
        int port = FreePort.take();
        try (BootedGuest guest = serve(image, new QemuCommand(Machine.Q35).memoryMebibytes(64), port);
                Connection connection = connect(port);
                Connection other = connect(port)) {
            Cancelling.endsAStepAndServesOthers(connection, other);
            assertThat(guest.text()).doesNotContain("panic");
        }
    }

    private static BootedGuest serve(Path image, QemuCommand command, int port) throws Exception {
        BootedGuest guest = boot(
                image, command.commandLine(QemuCommand.USER_NETWORK_ADDRESS).userNetwork("127.0.0.1", port, 5432, ""));
        guest.await(Pattern.compile("listening on port 5432"));
        return guest;
    }

    private static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/main?user=unimark&sslmode=disable&gssEncMode=disable");
    }

    private static int insertUntilItFails(int port) throws SQLException {
        int inserted = 0;
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE tab (id INTEGER PRIMARY KEY, value TEXT)");
            SQLException failure = null;
            while (failure == null && inserted < INSERTS) {
                try {
                    statement.executeUpdate("INSERT INTO tab VALUES (" + (inserted + 1) + ", 'value')");
                    inserted++;
                } catch (SQLException e) {
                    failure = e;
                }
            }
            assertThat(failure != null).as("it failed").isTrue();
            assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo("58030");
            assertThat(inserted).isPositive();
        }
        try (Connection another = connect(port);
                Statement statement = another.createStatement()) {
            assertThat(number(statement, "SELECT 6 * 7")).isEqualTo(42);
        }
        return inserted;
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getInt(1);
        }
    }

    @Test
    void refusesAWriteAheadLogThatCouldBeUndone() throws Exception {
        Path disk = BootedGuest.newDisk(directory, 4L << 20);
        Path image = build("mode=batch\ndatabase=disk\njournal_mode=WAL\nsynchronous=full\n", "SELECT 1;\n");
        try (BootedGuest guest = boot(image, new QemuCommand(Machine.MICROVM).drive(disk, "writeback"))) {
            assertThat(guest.awaitEnd()).contains("journal_mode=wal on a disk needs synchronous=extra");
            assertThat(guest.exitStatus()).isNotZero();
        }
    }

    @Test
    void saysThatThereIsNoDisk() throws Exception {
        try (BootedGuest guest = boot(inserting, new QemuCommand(Machine.MICROVM))) {
            assertThat(guest.awaitEnd()).contains("database=disk, but there is no disk");
        }
    }
}
