// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.application.sqlite.SqlApplication;
import org.unimark.keel.boot.BootedGuest;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.FreePort;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedDisk;
import org.unimark.keel.simulation.VirtualClock;
import org.unimark.keel.storage.DiskStorage;
import org.unimark.keel.storage.Extent;
import org.unimark.keel.storage.StorageException;

/**
 * A database on a disk that loses, tears and reorders what was not flushed. An image with SQLite commits transactions while
 * QEMU notes what reaches the disk; from that come disks as a loss of power may leave them, whose files another SQLite
 * opens, recovers and checks. That every commit is there which its client had been told of depends on every flush of
 * SQLite's file layer; a kill of the hypervisor, which keeps all that was written, does not show that.
 */
@Tag("boot")
class SqliteCrashTest {
    /** {@code -Dunimark.crash.seeds=} asks for more. */
    private static final int SEEDS = Integer.getInteger("unimark.crash.seeds", 1000) / 4;

    private static final int LIMIT_SECONDS = 60;
    private static final int COMMITS = 40;
    private static final long DISK_BYTES = 6L << 20;
    private static final String[] FILES = {"main.db", "main.db-journal", "main.db-wal"};

    private static final String STATE = "SELECT (SELECT n FROM counter) || ' ' || count(*) || ' '"
            + " || coalesce(sum(id * length(value)), 0) FROM tab";

    /** So many of the last flushes are forgotten, one at a time, to see whether that is noticed. */
    private static final int FORGOTTEN = 40;

    private static final int TRIES = 20;

    @TempDir
    static Path directory;

    /** By commit: how many operations of the disk had completed when the client was told, and what was committed. */
    private final List<Integer> acknowledged = new ArrayList<>();

    private final List<String> states = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"delete", "persist", "wal"})
    void everyAcknowledgedCommitSurvives(String journalMode) throws Exception {
        Path disk = BootedGuest.newDisk(directory, DISK_BYTES);
        byte[] before = Files.readAllBytes(disk);
        Path log = Files.createTempFile(directory, "log", "");
        try (BlockTrace trace = new BlockTrace(log)) {
            commit(journalMode, disk, log, trace);
            int end = trace.catchUp();
            assertThat(states).hasSize(COMMITS + 1);
            SeededRandom random = new SeededRandom(1);
            assertThat(failure(trace.new Walk(before, -1), acknowledged.get(0), end, SEEDS, random))
                    .isEmpty();
            List<Integer> noticed = new ArrayList<>();
            List<Integer> flushes = trace.flushes();
            for (int i = flushes.size() - FORGOTTEN; i < flushes.size() - 1; i++) {
                BlockTrace.Walk walk = trace.new Walk(before, flushes.get(i));
                if (!failure(walk, flushes.get(i) + 1, flushes.get(i + 1), TRIES, random)
                        .isEmpty()) {
                    noticed.add(flushes.get(i));
                }
            }
            // Not all: where one flush follows another before anything depends on the first, that one is not missed.
            assertThat(noticed).as("flushes that are missed of %s", flushes).hasSizeGreaterThan(FORGOTTEN / 5);
        }
    }

    /** Lets an image commit, one transaction after the other, and notes what and when. */
    private void commit(String journalMode, Path disk, Path log, BlockTrace trace) throws Exception {
        String properties = "mode=server\ndatabase=disk\ncache_size=10\njournal_mode=" + journalMode + "\n";
        Path image = Programs.elf(SqlApplication.class, "sql.properties", properties, Target.IMAGE, directory);
        int port = FreePort.take();
        QemuCommand command = new QemuCommand(Machine.Q35)
                .commandLine(QemuCommand.USER_NETWORK_ADDRESS)
                .userNetwork("127.0.0.1", port, 5432, "")
                .extra("-drive", "id=d,if=none,cache=writeback," + BlockTrace.drive(disk, log))
                .device("virtio-blk-pci,drive=d,queue-size=16");
        try (BootedGuest guest = new BootedGuest(directory, image, command, LIMIT_SECONDS)) {
            guest.await(Pattern.compile("listening on port 5432"));
            String url = "jdbc:postgresql://127.0.0.1:" + port
                    + "/main?user=unimark&sslmode=disable&gssEncMode=disable&preferQueryMode=simple";
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_autocheckpoint = 20");
                statement.execute("CREATE TABLE tab (id INTEGER PRIMARY KEY, value BLOB)");
                statement.execute("CREATE TABLE counter AS SELECT 0 AS n");
                note(statement, trace);
                for (int n = 1; n <= COMMITS; n++) {
                    transact(statement, n);
                    note(statement, trace);
                }
            }
        }
    }

    private void note(Statement statement, BlockTrace trace) throws IOException, SQLException {
        acknowledged.add(trace.catchUp());
        states.add(text(statement, STATE));
    }

    /** Small and large ones, which grow and shrink the database, spill from the cache, and are taken back. */
    private static void transact(Statement statement, int n) throws SQLException {
        if (n % 6 == 0) {
            statement.execute("BEGIN");
            statement.execute("UPDATE tab SET value = randomblob(2000)");
            statement.execute("ROLLBACK");
        }
        statement.execute("BEGIN");
        statement.execute("UPDATE counter SET n = " + n);
        statement.execute("INSERT INTO tab VALUES (null, randomblob(" + n * 37 + "))");
        if (n % 3 == 0) {
            statement.execute("UPDATE tab SET value = randomblob(length(value) + 100) WHERE id % 3 = 0");
        }
        if (n % 7 == 0) {
            statement.execute("INSERT INTO tab SELECT null, randomblob(1500) FROM tab LIMIT 20");
        }
        if (n % 10 == 0) {
            statement.execute("DELETE FROM tab WHERE id % 3 = 1");
        }
        statement.execute("COMMIT");
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }

    /** Fails the power at instants between two operations of the trace; returns what was wrong, or nothing. */
    private String failure(BlockTrace.Walk walk, int from, int to, int seeds, SeededRandom random) throws IOException {
        int[] cuts = IntStream.range(0, seeds)
                .map(seed -> from + (int) random.below(to - from + 1))
                .sorted()
                .toArray();
        for (int cut : cuts) {
            walk.advanceTo(cut);
            String found = recover(walk.failPower(random));
            int told = 0;
            while (told < COMMITS && acknowledged.get(told + 1) <= cut) {
                told++;
            }
            // The next one may have been committed without anybody having been told.
            String next = states.get(Math.min(told + 1, COMMITS));
            if (!found.equals(states.get(told)) && !found.equals(next)) {
                return "after operation " + cut + " and commit " + told + " '" + states.get(told) + "': " + found;
            }
        }
        return "";
    }

    /** What SQLite finds in the files of a disk. */
    private static String recover(byte[] content) throws IOException {
        Path copy = Files.createDirectories(directory.resolve("recovered"));
        Files.deleteIfExists(copy.resolve("main.db-shm"));
        try (Arena arena = new Arena()) {
            SimulatedDisk disk = new SimulatedDisk(new VirtualClock(), 1, content).longestNanos(0);
            DiskStorage storage = new DiskStorage(disk, disk::await, arena::allocate, new SeededRandom(1));
            for (String file : FILES) {
                Files.deleteIfExists(copy.resolve(file));
                Extent extent = storage.find(file);
                if (extent != null && extent.length() > 0) {
                    int length = (int) extent.length();
                    Bytes data = arena.allocate(length);
                    extent.read(0, data, 0, length);
                    byte[] bytes = new byte[length];
                    data.copyTo(0, bytes, 0, length);
                    Files.write(copy.resolve(file), bytes);
                }
            }
        } catch (StorageException refused) {
            return refused.getMessage();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve(FILES[0]));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = off");
            String check = text(statement, "PRAGMA integrity_check");
            return check.equals("ok") ? text(statement, STATE) : check;
        } catch (SQLException unreadable) {
            return unreadable.getMessage();
        }
    }
}
