// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.process.Command;

/** However a run ends, nothing of it is left: no process, no namespace, no container, no file. */
@Tag("machine")
class RunEndsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Process launcher;

    /** In a process of its own, which tests may kill: runs {@code Scenario} inside. */
    public static final class Launcher {
        private Launcher() {}

        public static void main(String[] arguments) throws Exception {
            System.exit(NamespaceLauncher.run(Scenario.class.getName(), List.of(arguments)));
        }
    }

    @BeforeEach
    void needsNamespaces() throws Exception {
        assumeTrue(NamespaceLauncher.unavailable() == null, "no namespaces");
    }

    @AfterEach
    void endLauncher() {
        if (launcher != null) {
            launcher.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"guest-nginx,KILL", "guest-nginx,TERM", "guest-nginx,INT", "docker-nginx,KILL", "docker-nginx,TERM"})
    void leavesNothing(String system, String signal) throws Exception {
        SystemsTest.prepared(SystemsTest.makeSite(directory), system);
        Path output = directory.resolve("output");
        launcher = new ProcessBuilder(listeningToInterrupts(NamespaceLauncher.javaCommand(
                        Launcher.class.getName(),
                        List.of(directory.resolve("site").toString(), system, "forever"))))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await("it serves", () -> contains(output, "verified " + system) || !launcher.isAlive());
        assertThat(output).content().contains("verified " + system);
        String runDirectory = SystemsTest.runDirectory(output);
        assertThat(processesNaming(runDirectory)).isNotEmpty();

        Command.run("kill", "-" + signal, Long.toString(launcher.pid()));

        await("the launcher ends", () -> !launcher.isAlive());
        await("the processes end", () -> processesNaming(runDirectory).isEmpty());
        await("the directory goes", () -> !Files.exists(Path.of(runDirectory)));
        await("the control groups go", () -> controlGroups(runDirectory).isEmpty());
    }

    @Test
    void passesTheExitStatusOn() throws Exception {
        int status = NamespaceLauncher.run(List.of("sh", "-c", "exit 7"), directory.resolve("output"));

        assertThat(status).isEqualTo(7);
    }

    @Test
    void seesNothingOfTheMachinesNetwork() throws Exception {
        Path output = directory.resolve("output");

        NamespaceLauncher.run(List.of("ip", "-oneline", "link"), output);

        assertThat(Files.readAllLines(output)).hasSize(1).first().asString().contains(" lo: ");
    }

    /** Shells start background jobs with SIGINT ignored, which is inherited; these tests may be part of one. */
    private static List<String> listeningToInterrupts(List<String> command) {
        return Stream.concat(Stream.of("env", "--default-signal=INT"), command.stream())
                .toList();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    static boolean contains(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    /** Command lines of processes that have the run's identifier in their arguments or environment. */
    private static List<String> processesNaming(String runDirectory) {
        String identifier = Path.of(runDirectory).getFileName().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> names(process, "environ", identifier) || names(process, "cmdline", identifier))
                .map(process -> process.info().commandLine().orElse("?"))
                .toList();
    }

    private static boolean names(ProcessHandle process, String file, String identifier) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1)
                    .contains(identifier);
        } catch (IOException e) {
            // It has ended in the meantime.
            return false;
        }
    }

    private static List<Path> controlGroups(String runDirectory) {
        String identifier = Path.of(runDirectory).getFileName().toString();
        try (Stream<Path> groups = Files.walk(Path.of("/sys/fs/cgroup"), 4)) {
            return groups.filter(path -> path.toString().contains(identifier)).toList();
        } catch (IOException | UncheckedIOException e) {
            // Groups come and go while they are listed.
            return List.of(Path.of("unknown"));
        }
    }
}
