// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.process.Command;

/** With a Docker daemon that the machine has already, outside of the run: it is used, and keeps nothing of the run. */
@Tag("machine")
class MachineDockerTest {
    private static final int STOP_SECONDS = 30;

    private Path directory;
    private Process daemon;
    private Process launcher;

    @BeforeEach
    void startDaemon() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
        assumeTrue(Command.exists("dockerd") && Command.exists("docker"), "no Docker");
        assumeTrue(NamespaceLauncher.unavailable() == null, "no namespaces");
        // Not below JUnit's directory: what a daemon mounts there would be in the way of its removal.
        directory = Files.createTempDirectory("unimark-docker");
        daemon = new ProcessBuilder(
                        "dockerd",
                        "--host=" + host(),
                        "--data-root=" + directory.resolve("data"),
                        "--exec-root=" + directory.resolve("state"),
                        "--pidfile=" + directory.resolve("pid"),
                        "--cgroup-parent=/" + directory.getFileName(),
                        "--exec-opt=native.cgroupdriver=cgroupfs",
                        "--bridge=none",
                        "--iptables=false",
                        "--ip-forward=false")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        RunEndsTest.await("dockerd answers", () -> Files.exists(directory.resolve("docker.sock")));
    }

    @AfterEach
    void stopDaemon() throws Exception {
        if (launcher != null) {
            launcher.destroyForcibly();
        }
        if (daemon != null) {
            daemon.destroy();
            assertThat(daemon.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).isTrue();
            Command.run(
                    "sh",
                    "-c",
                    "find /sys/fs/cgroup -depth -type d -name '" + directory.getFileName()
                            + "' -exec rmdir {} + || true; rm -rf " + directory);
        }
    }

    private String host() {
        return "unix://" + directory.resolve("docker.sock");
    }

    private String docker(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 3];
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        System.arraycopy(new String[] {"docker", "--host", host()}, 0, command, 0, 3);
        return Command.run(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void keepsNothing(String signal) throws Exception {
        SystemsTest.prepared(SystemsTest.makeSite(directory), "docker-nginx");
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(NamespaceLauncher.javaCommand(
                        RunEndsTest.Launcher.class.getName(),
                        List.of(directory.resolve("site").toString(), "docker-nginx", "forever")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("DOCKER_HOST", host());
        launcher = builder.start();
        RunEndsTest.await("it serves", () -> RunEndsTest.contains(output, "verified") || !launcher.isAlive());
        assertThat(output).content().contains("verified docker-nginx");
        assertThat(docker("ps", "--quiet").lines()).hasSize(1);

        Command.run("kill", "-" + signal, Long.toString(launcher.pid()));

        RunEndsTest.await("the launcher ends", () -> !launcher.isAlive());
        RunEndsTest.await("containers and images go", this::isEmpty);
    }

    private boolean isEmpty() {
        try {
            return docker("ps", "--all", "--quiet").isBlank()
                    && docker("images", "--quiet").isBlank();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
