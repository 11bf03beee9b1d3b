// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A server on loopback that a test started and ends. */
public final class ServerProcess implements AutoCloseable {
    private static final long START_NANOS = 20_000_000_000L;
    private static final long POLL_NANOS = 20_000_000L;

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts the command and returns when it listens on the port. */
    public static ServerProcess start(List<String> command, int port, Path log) throws IOException {
        return start(command, port, log, ServerProcess::listens);
    }

    /** The same for a server behind somebody who listens before it does: waits for a response. */
    static ServerProcess startAnswering(List<String> command, int port, Path log) throws IOException {
        return start(command, port, log, ServerProcess::answers);
    }

    private static ServerProcess start(List<String> command, int port, Path log, Predicate<ServerProcess> ready)
            throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerProcess server = new ServerProcess(process, port);
        long deadline = System.nanoTime() + START_NANOS;
        while (!ready.test(server)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                server.close();
                throw new IOException(command + " does not listen on " + port + ": " + Files.readString(log));
            }
            LockSupport.parkNanos(POLL_NANOS);
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

    private boolean answers() {
        try (RawClient client = new RawClient(port)) {
            client.send(RequestTable.get("/"));
            return client.receive(false) != null;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** Sends it a signal, by name without SIG. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("no signal reached the server on " + port);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
