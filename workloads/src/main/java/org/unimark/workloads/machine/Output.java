// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.process.Command;

/** Asks programs for one line about themselves; a program that is missing or fails has none. */
public final class Output {
    private static final int TIMEOUT_SECONDS = 20;

    private Output() {}

    /** The first line that the command prints, or null. */
    public static String firstLine(String... command) throws InterruptedException {
        if (!Command.exists(command[0])) {
            return null;
        }
        try {
            Command.Result result = Command.attempt(null, TIMEOUT_SECONDS, List.of(command));
            return result.succeeded()
                    ? result.output().strip().lines().findFirst().orElse("")
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
