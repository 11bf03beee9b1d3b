// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.process.Command;
import org.unimark.baselines.process.Console;

/**
 * The Docker daemon of this run: the machine's if it answers, else one that is started inside the run's namespaces with a
 * socket and storage of its own. That one is never stopped: it ends with the namespaces, whatever they end by, and its
 * storage is in their memory; until then Testcontainers, which cleans up when this process ends, finds it there.
 */
public final class DockerDaemon {
    private static final String PROGRAM = "dockerd";
    private static final String SCHEME = "unix://";
    private static final int START_SECONDS = 60;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static DockerDaemon current;

    private final Path socket;
    /** Null if the daemon is the machine's. */
    private final Process process;

    private DockerDaemon(Path socket, Process process) {
        this.socket = socket;
        this.process = process;
    }

    /** Why no daemon can be used, in a sentence that says what to do, or null; asks, and starts nothing. */
    public static String unavailable(boolean mayStart) {
        if (!NamespaceLauncher.isMachineRoot()) {
            return "Docker containers can be attached to the run's private bridge by root only; run as root.";
        }
        Path socket = NamespaceLauncher.dockerSocket();
        if (socket == null) {
            return "DOCKER_HOST names a daemon elsewhere, whose containers cannot be attached to the run's bridge; unset"
                    + " it.";
        }
        if (DockerSocket.answers(socket)) {
            return null;
        }
        if (!mayStart) {
            return "No Docker daemon answers at " + socket + "; start it, or allow one to be started.";
        }
        return Command.exists(PROGRAM) ? null : "There is no dockerd; install the package docker.io.";
    }

    /**
     * Returns the daemon, started if {@code mayStart} and none answers.
     *
     * @throws IOException with the end of its log if it does not start
     */
    public static synchronized DockerDaemon ensure(boolean mayStart) throws IOException, InterruptedException {
        String reason = unavailable(mayStart);
        if (reason != null) {
            throw new IOException(reason);
        }
        if (current != null && current.isAlive()) {
            return current;
        }
        Path socket = NamespaceLauncher.dockerSocket();
        if (DockerSocket.answers(socket)) {
            current = new DockerDaemon(socket, null);
            return current;
        }
        current = start(socket);
        return current;
    }

    /** Whether the run started it: its containers are then in the process namespace of the run. */
    public boolean isPrivate() {
        return process != null;
    }

    Path socket() {
        return socket;
    }

    private boolean isAlive() {
        return process == null ? DockerSocket.answers(socket) : process.isAlive();
    }

    private static DockerDaemon start(Path socket) throws IOException, InterruptedException {
        Path directory = NamespaceLauncher.runDirectory();
        if (!socket.startsWith(directory)) {
            throw new IOException("no Docker daemon answers at " + socket + ", which the environment names");
        }
        hideMachineState();
        Path log = directory.resolve("dockerd.log");
        Process process = new ProcessBuilder(
                        PROGRAM,
                        "--host=" + SCHEME + socket,
                        "--data-root=" + directory.resolve("docker"),
                        "--exec-root=" + directory.resolve("docker-state"),
                        "--pidfile=" + directory.resolve("docker.pid"),
                        "--cgroup-parent=/" + NamespaceLauncher.runIdentifier(),
                        "--exec-opt=native.cgroupdriver=cgroupfs",
                        "--bridge=none",
                        "--iptables=false",
                        "--ip-forward=false",
                        "--ip-masq=false",
                        "--userland-proxy=false")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        DockerDaemon daemon = new DockerDaemon(socket, process);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!DockerSocket.answers(socket)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                process.destroyForcibly();
                throw new IOException("dockerd does not start; its log ends with: " + Console.tail(log));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return daemon;
    }

    /** Covers, in the run's mount namespace, the directories that a daemon writes to without being asked. */
    private static void hideMachineState() throws IOException, InterruptedException {
        for (String path : List.of("/run/docker", "/etc/docker")) {
            if (Files.isDirectory(Path.of(path))) {
                Command.run("mount", "-t", "tmpfs", "tmpfs", path);
            }
        }
    }
}
