// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.unimark.analysis.ReadmeTable;
import org.unimark.analysis.Report;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Summary;
import org.unimark.results.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The report of a run that was made before. */
@Command(
        name = "report",
        description = "Write report.html and plots of a run, or print its summary.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Directory of a run; default: the newest.")
    private Path directory;

    @Option(names = "--json", description = "Print the summary as one flat JSON object and write nothing.")
    private boolean json;

    @Option(names = "--markdown", description = "Print the README's table of this run and write nothing.")
    private boolean markdown;

    @Option(names = "--output", paramLabel = "DIR", description = "Where to write; default: the run's directory.")
    private Path output;

    @Override
    public Integer call() throws Exception {
        Path run = directory == null ? Home.newestRun() : directory;
        if (!Files.exists(run.resolve("run.json"))) {
            throw new Failure(run + " is not the directory of a run: it has no run.json");
        }
        if (json) {
            System.out.println(Summary.json(run));
        } else if (markdown) {
            System.out.print(ReadmeTable.of(new ResultTable(new RunDirectory(run).records())));
        } else {
            System.out.println(Report.write(run, output == null ? run : Files.createDirectories(output)));
        }
        return ExitStatus.OK;
    }
}
