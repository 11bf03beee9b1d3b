// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.simulation.ScriptedConnection;

/**
 * A database that cannot be read now: a reader keeps a writer from committing, who lets no new readers in; or that cannot be
 * read at all.
 */
class LockedOutTest {
    /** At every connection to a disk; it reads the database. */
    private static final String READING = "PRAGMA synchronous = extra";

    private static final String TIMEOUT = "lock_timeout_millis=3000\nmessage_timeout_seconds=1\n";

    private static final String LONG = " --" + "x".repeat(20_000);

    @TempDir
    Path directory;

    private VirtualServer server;
    private ScriptedConnection reader;
    private ScriptedConnection writer;

    @AfterEach
    void stop() {
        server.close();
    }

    private Path file() {
        return directory.resolve("main.db");
    }

    private void start(String pragma) {
        server = new VirtualServer(new JdbcEngine(file().toString(), pragma), TIMEOUT);
    }

    /** From now on nobody can begin to read. */
    private void lock() {
        reader = server.begin();
        assertThat(server.answer(reader, "create table t(a int); insert into t values (7)"))
                .endsWith(VirtualServer.READY);
        writer = server.begin();
        server.answer(writer, "set lock_timeout = 60000");
        server.answer(reader, "begin; select * from t");
        server.answer(writer, "begin; insert into t values (8)");
        assertThat(server.answer(writer, "commit")).isEmpty();
    }

    private void unlock(ScriptedConnection waiting) {
        server.answer(reader, "commit");
        server.passMillis(10, reader, writer, waiting);
        assertThat(writer.takeText()).contains("COMMIT").endsWith(VirtualServer.READY);
    }

    @Test
    void aClientThatConnectsWaits() {
        start(READING);
        lock();
        ScriptedConnection late = server.connect();
        late.arrive(VirtualServer.STARTUP);
        server.work(late);
        server.passMillis(900, late);
        assertThat(late.takeText()).isEmpty();
        unlock(late);
        assertThat(late.takeText()).startsWith("R").endsWith(VirtualServer.READY);
        assertThat(server.answer(late, "select count(*) from t")).contains("\0\0\0\0012");
    }

    @Test
    void aClientThatConnectsWaitsNoLongerThanTheTimeoutOfLocks() {
        start(READING);
        lock();
        ScriptedConnection late = server.connect();
        late.arrive(VirtualServer.STARTUP);
        server.work(late);
        for (int i = 0; i < 800; i++) {
            server.passMillis(4, late);
        }
        assertThat(late.takeText()).contains("SFATAL\0VFATAL\0C55P03\0").doesNotContain("too many");
        assertThat(late.isClosing()).isTrue();
        unlock(reader);
        server.begin();
    }

    private static byte[][] statement(String protocol, String sql) {
        return switch (protocol) {
            case "simple" -> new byte[][] {VirtualServer.query(sql)};
            case "long" -> new byte[][] {VirtualServer.query(sql + LONG)};
            default ->
                new byte[][] {
                    ProtocolTest.message('P', "\0" + sql + (protocol.equals("extended") ? "" : LONG) + "\0\0\0"),
                    ProtocolTest.message('B', "\0\0\0\0\0\0\0\0"),
                    ProtocolTest.message('D', "P\0"),
                    ProtocolTest.message('E', "\0\0\0\0\0"),
                    ProtocolTest.message('S', "")
                };
        };
    }

    private ScriptedConnection ask(String protocol, String sql) {
        start("");
        lock();
        ScriptedConnection late = server.begin();
        for (byte[] message : statement(protocol, sql)) {
            late.arrive(message);
        }
        server.work(late);
        for (int i = 0; i < 29; i++) {
            server.passMillis(100, late);
        }
        assertThat(late.takeText()).isEmpty();
        return late;
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "long", "extended", "long extended"})
    void aFirstStatementWaits(String protocol) {
        ScriptedConnection late = ask(protocol, "select count(*) from t");
        unlock(late);
        assertThat(late.takeText()).contains("\0\0\0\0012").endsWith(VirtualServer.READY);
        assertThat(server.answer(late, "select 42 from t where a = 8")).contains("42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "long", "extended", "long extended"})
    void aFirstStatementWaitsNoLongerThanTheTimeoutOfLocks(String protocol) {
        ScriptedConnection late = ask(protocol, "select count(*) from t");
        for (int i = 0; i < 100; i++) {
            server.passMillis(4, late);
        }
        assertThat(late.takeText()).contains("SERROR\0VERROR\0C55P03\0").endsWith(VirtualServer.READY);
        unlock(late);
        assertThat(server.answer(late, "select count(*) from t")).contains("\0\0\0\0012");
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy t from stdin", "drop table if exists gone, lost", "\\d", "truncate t"})
    void firstStatementsOfOtherKindsWait(String sql) {
        String statement = sql.equals("\\d") ? "select relname from pg_catalog.pg_class where relname = 't'" : sql;
        ScriptedConnection late = ask("simple", statement);
        unlock(late);
        assertThat(late.takeText())
                .startsWith(
                        sql.startsWith("copy") ? "G" : sql.equals("\\d") ? "T" : sql.startsWith("drop") ? "N" : "C");
    }

    @Test
    void aDamagedDatabaseIsSaidToBeDamaged() throws IOException {
        Files.write(
                file(),
                "none of SQLite's databases begins like this. ".repeat(200).getBytes(StandardCharsets.US_ASCII));
        start(READING);
        ScriptedConnection client = server.connect();
        client.arrive(VirtualServer.STARTUP);
        server.work(client);
        assertThat(client.takeText()).contains("SFATAL\0VFATAL\0CXX001\0", "Mfile is not a database\0");
        assertThat(client.isClosing()).isTrue();
    }

    @Test
    void aDatabaseThatIsDamagedLaterIsSaidToBeDamaged() throws IOException {
        start(READING);
        ScriptedConnection first = server.begin();
        server.answer(first, "create table t(a int)");
        byte[] content = Files.readAllBytes(file());
        java.util.Arrays.fill(content, 0, 4096, (byte) 0x5a);
        Files.write(file(), content);
        ScriptedConnection client = server.connect();
        client.arrive(VirtualServer.STARTUP);
        server.work(client);
        assertThat(client.takeText()).contains("SFATAL\0VFATAL\0CXX001\0").doesNotContain("53300");
    }
}
