// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that measure. */
final class MeasureOptions {
    /** Passed from the outer half of a command to its inner half. */
    static final String REASON_OPTION = "--accel-reason";

    static final String ELAPSED_OPTION = "--elapsed";
    static final String BUDGET_OPTION = "--budget";

    @Option(
            names = "--systems",
            split = ",",
            paramLabel = "NAME",
            description = "Measure only these systems (see 'list'); default: all that this machine can run.")
    private List<String> systems = List.of();

    @Option(names = "--seed", description = "Seed of the random order; default: drawn, printed and recorded.")
    private Long seed;

    @Option(names = "--accel", description = "Accelerator: ${COMPLETION-CANDIDATES}; auto probes. Default: auto.")
    private Accelerator accelerator = Accelerator.AUTO;

    @Option(names = "--json", description = "Print the summary as one flat JSON object; everything else on stderr.")
    private boolean json;

    @Option(names = "--quiet", description = "Print no table at the end.")
    private boolean quiet;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where the run gets its directory; default: results/runs.")
    private Path results;

    @Option(
            names = BUDGET_OPTION,
            paramLabel = "MINUTES",
            description =
                    "Begin no further repetition after so many minutes, image builds included; default: the profile's"
                            + " (see 'list'). The first of each is made in any case; a campaign is resumed by the same command."
                            + " Not with --on.")
    private Integer budgetMinutes;

    @Option(names = REASON_OPTION, hidden = true)
    private String acceleratorReason = "chosen on the command line";

    @Option(names = ELAPSED_OPTION, hidden = true)
    private long elapsedSeconds;

    @Mixin
    private InstallOption install = new InstallOption();

    Set<String> systems() {
        return new LinkedHashSet<>(systems);
    }

    /** As asked for, or else drawn now. */
    long seed() {
        return seed(System.nanoTime() & 0xffffffffL);
    }

    /** As asked for, or else {@code other}. */
    long seed(long other) {
        return seed == null ? other : seed;
    }

    Accelerator accelerator() {
        return accelerator;
    }

    String acceleratorReason() {
        return acceleratorReason;
    }

    /** Since the command was typed. */
    Duration elapsed() {
        return Duration.ofSeconds(elapsedSeconds);
    }

    /** What was asked for, or null. */
    Duration budget() {
        return budgetMinutes == null ? null : Duration.ofMinutes(budgetMinutes);
    }

    boolean json() {
        return json;
    }

    boolean quiet() {
        return quiet;
    }

    Path results() {
        return results == null ? Home.runs() : results.toAbsolutePath();
    }

    InstallOption install() {
        return install;
    }
}
