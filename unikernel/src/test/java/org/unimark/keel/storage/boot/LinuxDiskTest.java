// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.disk.DiskFormatter;

/** The same application as a Linux program, whose disk is a file. */
@Tag("boot")
class LinuxDiskTest {
    private static final Pattern FOUND = Pattern.compile("found (\\d+) corrupt 0 extent (-?\\d+) torn \\d+");
    private static final Pattern DURABLE = Pattern.compile("durable (\\d+)\n");

    @TempDir
    static Path directory;

    private static Path program;

    @BeforeAll
    static void build() throws Exception {
        program = Programs.elf(LoggingImage.class, Map.of(), Target.LINUX, directory);
    }

    private static Process start(Path console, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(console.toFile())
                .start();
    }

    private static String text(Path console) throws Exception {
        return Files.readString(console, StandardCharsets.ISO_8859_1);
    }

    @Test
    void findsAfterAKillWhatItHasAcknowledged() throws Exception {
        Path disk = directory.resolve("disk");
        DiskFormatter.create(disk, 32L << 20);
        long acknowledged = 0;
        for (int kill = 0; kill < 5; kill++) {
            Path console = directory.resolve("console-" + kill);
            Process process = start(console, "keel.disk=" + disk);
            try {
                for (int i = 0; i < 2_000 && !DURABLE.matcher(text(console)).find() && process.isAlive(); i++) {
                    Thread.sleep(5);
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            Matcher found = FOUND.matcher(text(console));
            assertThat(found.find()).as(text(console)).isTrue();
            assertThat(Long.parseLong(found.group(1))).isGreaterThanOrEqualTo(acknowledged);
            acknowledged = DURABLE.matcher(text(console))
                    .results()
                    .mapToLong(match -> Long.parseLong(match.group(1)))
                    .max()
                    .orElseThrow();
        }
        assertThat(acknowledged).isPositive();
    }

    @Test
    void saysWhatIsWrongWithADisk() throws Exception {
        Path console = directory.resolve("console");
        Process process = start(console, "keel.disk=" + directory.resolve("missing"));
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(text(console)).contains("missing cannot be opened");
        assertThat(process.exitValue()).isEqualTo(3);
        Path foreign = Files.write(directory.resolve("foreign"), new byte[1 << 20]);
        process = start(console, "keel.disk=" + foreign);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(text(console)).contains("nothing was changed");
        assertThat(process.exitValue()).isEqualTo(3);
        process = start(console);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(text(console)).contains("no disk");
    }
}
