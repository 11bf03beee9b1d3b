// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.unimark.analysis.compare.Change;
import org.unimark.analysis.compare.Comparison;
import org.unimark.analysis.compare.ComparisonPage;
import org.unimark.results.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether a newer run differs from an older one, for a person and for continuous integration. */
@Command(
        name = "compare",
        description =
                "Compare two runs: what changed, and whether it is noise. Exit status 4 if something became worse.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "Directory of the older run.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "Directory of the newer run.")
    private Path second;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--all", description = "Print what is noise, or has too few repetitions to tell, too.")
    private boolean all;

    @Option(
            names = "--threshold",
            paramLabel = "SHARE",
            description = "Differences below this share are of no interest. Default: ${DEFAULT-VALUE}.")
    private double threshold = Comparison.DEFAULT_THRESHOLD;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page as well.")
    private Path html;

    @Override
    public Integer call() throws Exception {
        Comparison comparison = Comparison.of(run(first), run(second), threshold);
        if (html != null) {
            Files.writeString(html, ComparisonPage.html(comparison));
        }
        if (json) {
            System.out.println(Json.text(comparison));
        } else {
            print(comparison);
        }
        return comparison.worse() ? ExitStatus.WORSE : ExitStatus.OK;
    }

    private static RunDirectory run(Path directory) throws Failure, IOException {
        if (!Files.exists(directory.resolve("run.json"))) {
            throw new Failure(directory + " is not the directory of a run: it has no run.json");
        }
        return new RunDirectory(directory);
    }

    private void print(Comparison comparison) {
        System.out.println(comparison.first() + " → " + comparison.second());
        comparison.circumstances().forEach((name, change) -> System.out.println("  " + name + ": " + change));
        if (!comparison.sameKindOfMachine()) {
            System.out.println("  The machines differ: compare counts and ratios, not times.");
        }
        List<Change> shown = comparison.changes().stream()
                .filter(change -> all || change.differs())
                .toList();
        System.out.printf("%nMore than 1 is better; in parentheses the %s.%n", comparison.intervals());
        shown.forEach(change -> System.out.printf(
                "  %-62s %7.3f (%.3f to %.3f)  A12 %.2f (%s)  %s%n",
                change.key(),
                change.ratio().median(),
                change.ratio().low(),
                change.ratio().high(),
                change.effect(),
                change.magnitude(),
                change.verdict().text()));
        System.out.printf(
                "%d of %d quantities differ; %d have too few repetitions to tell; %d are in one of the runs only.%n",
                comparison.changes().stream().filter(Change::differs).count(),
                comparison.changes().size(),
                comparison.undecided(),
                comparison.onlyInOne().size());
    }
}
