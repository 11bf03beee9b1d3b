// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Images with SQLite: their answers against the program {@code sqlite3}, and databases on disks that lose their power. */
@Tag("boot")
class SqlBootTest {
    private static final int LIMIT_SECONDS = 120;
    private static final int KILLS = Integer.getInteger("unimark.kills", 20);
    private static final int FEW_KILLS = 4;
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

    /** Checks its database, and inserts rows and says so, one by one. */
    private static Path buildInserting(String properties) throws Exception {
        return build(
                "mode=batch\ndatabase=disk\n" + properties,
                "CREATE TABLE IF NOT EXISTS tab (id INTEGER PRIMARY KEY, value BLOB);\n"
                        + "PRAGMA integrity_check;\n"
                        + "SELECT 'found', count(*), coalesce(max(id), 0) FROM tab;\n"
                        + ("INSERT INTO tab VALUES (null, randomblob(1500));\n"
                                        + "SELECT 'acknowledged', max(id) FROM tab;\n")
                                .repeat(INSERTS));
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
        Process program = new ProcessBuilder("sqlite3", ":memory:")
                .redirectErrorStream(true)
                .start();
        program.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
        program.getOutputStream().close();
        String expected = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try (BootedGuest guest = boot(build("mode=batch\n", script), new QemuCommand(Machine.MICROVM))) {
            String text = guest.awaitEnd().replace("\r", "");
            int from = text.indexOf('\n', text.indexOf("sql: SQLite")) + 1;
            assertThat(text).contains("sql-script done");
            assertThat(text.substring(from, text.indexOf("sql-script done"))).isEqualTo(expected);
            assertThat(guest.exitStatus()).isZero();
        }
    }

    @Test
    void everythingAcknowledgedSurvivesTheLossOfPower() throws Exception {
        survivesTheLossOfPower(inserting, KILLS);
    }

    @Test
    void soItDoesWithAWriteAheadLog() throws Exception {
        Path image = buildInserting("journal_mode=wal\n");
        assertThat(survivesTheLossOfPower(image, FEW_KILLS)).contains("main.db-wal");
    }

    /** Boots {@code image} on one disk again and again; returns what the disk has in the end. */
    private static String survivesTheLossOfPower(Path image, int kills) throws Exception {
        Path disk = BootedGuest.newDisk(directory, 32L << 20);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long acknowledged = 0;
        for (int kill = 0; kill < kills; kill++) {
            try (BootedGuest guest =
                    boot(image, new QemuCommand(Machine.values()[kill % 2]).drive(disk, "writeback"))) {
                guest.await(FOUND);
                String text = guest.text();
                Matcher found = FOUND.matcher(text);
                assertThat(found.find()).isTrue();
                String what = String.format("seed %d, kill %d, acknowledged %d: %s", seed, kill, acknowledged, text);
                assertThat(text).as(what).containsPattern("(?m)^ok\r?$");
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
    void saysThatThereIsNoDisk() throws Exception {
        try (BootedGuest guest = boot(inserting, new QemuCommand(Machine.MICROVM))) {
            assertThat(guest.awaitEnd()).contains("database=disk, but there is no disk");
        }
    }
}
