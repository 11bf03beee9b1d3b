// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Short commands of a batch system. */
final class Processes {
    private static final int LIMIT_SECONDS = 60;

    private Processes() {}

    static String run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of());
    }

    /** Returns what it printed; throws with it if it failed. */
    static String run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(command.get(0) + " did not end within " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(command.get(0) + " failed: " + output);
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** For a shell: one word, whatever is in it. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
