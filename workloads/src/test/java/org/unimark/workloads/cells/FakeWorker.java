// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A worker that takes a moment for a cell, and writes down which host made it: a shell script in place of the program. */
final class FakeWorker {
    private FakeWorker() {}

    /** {@code body} runs before the result appears, with the specification in {@code $1} and the target in {@code $3}. */
    static Path write(Path directory, String body) throws IOException {
        Path script = directory.resolve("worker");
        Files.writeString(
                script,
                String.join(
                        "\n",
                        "#!/bin/bash",
                        "set -eu",
                        body,
                        "hash=$(printf '%s' \"$(cat \"$1\")\" | sha256sum | cut -c1-24)",
                        "mkdir -p \"$3\"",
                        "d=$(mktemp -d \"$3/.making-XXXXXX\")",
                        "echo \"${SLURMD_NODENAME:-$UNIMARK_NODE}\" >\"$d/node\"",
                        "mv -T \"$d\" \"$3/$hash\" 2>/dev/null || rm -rf \"$d\"",
                        ""));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    static CampaignPlan plan(String... systems) {
        return new CampaignPlan(
                CampaignPlan.FORMAT_VERSION,
                "0123abcd",
                false,
                "full",
                List.of("http-throughput", "image-size"),
                List.of(systems),
                "tcg",
                7,
                List.of("reproduce", "--full"));
    }

    static List<Cell> cells(int count) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cells.add(new Cell(
                    Cell.FORMAT_VERSION,
                    "0123abcd",
                    false,
                    7,
                    "full",
                    "http-throughput",
                    "timed",
                    i,
                    "tcg",
                    List.of("keel", "guest-same")));
        }
        return cells;
    }
}
