// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a short-lived program to its end, with a deadline; what it prints is its result. */
public final class Command {
    private static final int DEFAULT_TIMEOUT_SECONDS = 60;

    private Command() {}

    /**
     * How a program ended.
     *
     * @param status exit status
     * @param output standard output and standard error together
     */
    public record Result(int status, String output) {
        public boolean succeeded() {
            return status == 0;
        }
    }

    /** Runs {@code command} and returns its output; throws if it fails, does not end within a minute or is missing. */
    public static String run(String... command) throws IOException, InterruptedException {
        return run(null, DEFAULT_TIMEOUT_SECONDS, List.of(command));
    }

    /** Likewise, in {@code directory} (null: this process's), and with {@code timeoutSeconds}. */
    public static String run(Path directory, int timeoutSeconds, List<String> command)
            throws IOException, InterruptedException {
        return output(attempt(directory, timeoutSeconds, command, Map.of()), command);
    }

    /** Runs {@code command} with this process's environment and what is added to it. */
    public static String run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        return output(attempt(null, DEFAULT_TIMEOUT_SECONDS, command, environment), command);
    }

    private static String output(Result result, List<String> command) throws IOException {
        if (!result.succeeded()) {
            throw new IOException("'" + String.join(" ", command) + "' ended with status " + result.status() + ": "
                    + result.output().strip());
        }
        return result.output();
    }

    /** Runs {@code command} and returns how it ended, whatever that is; throws if it is missing or does not end. */
    public static Result attempt(Path directory, int timeoutSeconds, List<String> command)
            throws IOException, InterruptedException {
        return attempt(directory, timeoutSeconds, command, Map.of());
    }

    private static Result attempt(
            Path directory, int timeoutSeconds, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("unimark", ".output");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory == null ? null : directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            awaitEnd(process, timeoutSeconds, command);
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** For a shell: one word, whatever is in it. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** Whether an executable of this name is found on the path or in the directories of administrators' programs. */
    public static boolean exists(String program) {
        return find(program) != null;
    }

    /** Where {@code program} is, or null. */
    public static Path find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
        for (String directory : path.split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        return null;
    }

    private static void awaitEnd(Process process, int timeoutSeconds, List<String> command)
            throws IOException, InterruptedException {
        boolean ended = false;
        try {
            ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
        } finally {
            if (!ended) {
                process.destroyForcibly();
            }
        }
        if (!ended) {
            throw new IOException("'" + String.join(" ", command) + "' did not end in " + timeoutSeconds + " s");
        }
    }
}
