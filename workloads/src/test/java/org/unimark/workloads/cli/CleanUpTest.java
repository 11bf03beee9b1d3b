// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.results.RunDirectory;

/** However a command ends, nothing that it started outlives it. */
@Tag("machine")
@Timeout(600)
class CleanUpTest {
    private static final long BUILD_NANOS = TimeUnit.MINUTES.toNanos(8);
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir
    Path directory;

    private Path temporary;
    private Path output;

    /** How it is ended. */
    private enum Signal {
        INT,
        TERM,
        KILL
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void bootLeavesNothing(Signal signal) throws Exception {
        Process command = start("boot", "http", "--publish", "127.0.0.1:0", "--accel", "tcg", "--no-install");
        try {
            await(BUILD_NANOS, () -> !command.isAlive() || printed(" answers, "));
            assertThat(command.isAlive()).as(output()).isTrue();
            assertEndsCleanly(command, signal);
        } finally {
            command.destroyForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Signal.class,
            names = {"INT", "KILL"})
    void runLeavesNothing(Signal signal) throws Exception {
        Path results = directory.resolve("results");
        Process command = start(
                "run",
                "boot-latency",
                "--profile",
                "full",
                "--systems",
                "keel,docker-same",
                "--accel",
                "tcg",
                "--no-install",
                "--results",
                results.toString());
        try {
            // In the middle of a repetition, with records behind it.
            await(BUILD_NANOS, () -> !command.isAlive() || records(results) >= 3);
            assertThat(command.isAlive()).as(output()).isTrue();
            assertEndsCleanly(command, signal);
            RunDirectory run = new RunDirectory(onlyChild(results));
            assertThat(run.records()).hasSizeGreaterThanOrEqualTo(3);
            if (signal != Signal.KILL) {
                assertThat(run.info().notices()).anyMatch(notice -> notice.contains("interrupted"));
            }
        } finally {
            command.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
        output = directory.resolve("output");
        Path script = Path.of("").toAbsolutePath().resolveSibling("unimark");
        List<String> command = Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().put("UNIMARK_CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("TMPDIR", temporary.toString());
        return builder.start();
    }

    private void assertEndsCleanly(Process command, Signal signal) throws Exception {
        List<ProcessHandle> descendants = command.descendants().toList();
        assertThat(descendants).as("it started something").isNotEmpty();
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(command.pid()))
                        .start()
                        .waitFor())
                .isZero();
        await(
                END_NANOS,
                () -> !command.isAlive()
                        && descendants.stream().noneMatch(ProcessHandle::isAlive)
                        && isEmpty(temporary));
        assertThat(command.isAlive()).isFalse();
        assertThat(descendants).as(output()).noneMatch(ProcessHandle::isAlive);
        assertThat(temporary).isEmptyDirectory();
        assertThat(command.exitValue()).isNotZero();
    }

    private boolean printed(String text) {
        return output().contains(text);
    }

    private String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int records(Path results) {
        try {
            return Files.isDirectory(results)
                    ? new RunDirectory(onlyChild(results)).records().size()
                    : 0;
        } catch (IOException e) {
            // It is being written.
            return 0;
        }
    }

    private static Path onlyChild(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            return children.findFirst().orElseThrow(() -> new IOException(parent + " is empty"));
        }
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.findFirst().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(long limitNanos, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limitNanos;
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
