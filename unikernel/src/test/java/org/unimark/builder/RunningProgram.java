// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A Linux binary as a process of its own, with its standard error read line by line; ended when closed. */
public final class RunningProgram implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final String END = new String("end of the output");

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    public RunningProgram(Path binary) throws IOException {
        process = new ProcessBuilder(binary.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .start();
        Thread reader = new Thread(this::read, "output of " + binary.getFileName());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException closed) {
            lines.add("output lost: " + closed);
        }
        lines.add(END);
    }

    public void awaitLine(String expected) throws InterruptedException {
        List<String> others = new ArrayList<>();
        for (String line = nextLine(); line != null; line = nextLine()) {
            if (line.equals(expected)) {
                return;
            }
            others.add(line);
        }
        throw new AssertionError("the program ended without saying '" + expected + "', but said " + others);
    }

    /** The rest of what it says until it ends. */
    public List<String> remainingLines() throws InterruptedException {
        List<String> rest = new ArrayList<>();
        for (String line = nextLine(); line != null; line = nextLine()) {
            rest.add(line);
        }
        return rest;
    }

    @SuppressWarnings("StringEquality")
    private String nextLine() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("the program has been silent for " + PATIENCE_SECONDS + " s");
        }
        return line == END ? null : line;
    }

    public long processId() {
        return process.pid();
    }

    /** Asks it to end, as a container runtime does (SIGTERM), and returns its exit status. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return exitStatus();
    }

    public int exitStatus() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the program has not ended after " + PATIENCE_SECONDS + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
