// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.unimark.builder.BuildException;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.keel.simulation.FreePort;

/** A server program on a loopback port, with a directory of its own. */
final class RedisServer implements AutoCloseable {
    private static final long START_NANOS = 20_000_000_000L;

    private final Process process;
    private final Path directory;
    private final int port;

    private RedisServer(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** Starts the real one. */
    static RedisServer redis(String... options) throws IOException {
        int port = FreePort.take();
        List<String> command = new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1", "--port", "" + port));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--enable-debug-command", "yes"));
        command.addAll(List.of(options));
        return start(command, port);
    }

    /** Starts the application as the compiler made it: a static binary on Linux. */
    static RedisServer compiled() throws IOException, BuildException {
        int port = FreePort.take();
        Path program = Programs.build(
                        "org.unimark.keel.application.kv.KvApplication",
                        Map.of("kv.properties", ("port = " + port + "\n").getBytes(StandardCharsets.ISO_8859_1)),
                        Target.LINUX)
                .elf()
                .toAbsolutePath();
        return start(List.of(program.toString()), port);
    }

    /** Starts a program, and returns when it listens. */
    private static RedisServer start(List<String> command, int port) throws IOException {
        Path directory = Files.createTempDirectory("differential");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        RedisServer server = new RedisServer(process, directory, port);
        long deadline = System.nanoTime() + START_NANOS;
        while (!server.listens()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                String log = Files.readString(directory.resolve("log"));
                server.close();
                throw new IOException(command + " does not listen: " + log);
            }
            LockSupport.parkNanos(20_000_000L);
        }
        return server;
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    SocketTarget target() {
        return new SocketTarget(port);
    }

    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }
}
