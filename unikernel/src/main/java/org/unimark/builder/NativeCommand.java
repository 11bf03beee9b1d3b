// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a tool of the host and waits for it. */
final class NativeCommand {
    private static final long LIMIT_SECONDS = 600;

    private NativeCommand() {}

    /**
     * Returns what the tool printed.
     *
     * @param directory where it runs, or null for the current directory
     * @throws IOException if the tool does not exist
     * @throws BuildException if it fails or does not end
     */
    static String run(List<String> command, Path directory) throws BuildException, IOException {
        Path output = Files.createTempFile("unimark-tool", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            builder.redirectOutput(output.toFile());
            if (directory != null) {
                builder.directory(directory.toFile());
            }
            Process process = builder.start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new BuildException(command.get(0) + " did not end within " + LIMIT_SECONDS + " s");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new BuildException("interrupted while " + command.get(0) + " ran", interrupted);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            if (process.exitValue() != 0) {
                throw new BuildException(command.get(0) + " failed: " + String.join(" ", command) + "\n" + text);
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
