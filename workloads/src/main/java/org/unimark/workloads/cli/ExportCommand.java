// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.export.Export;
import org.unimark.results.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The values of a run for other programs. */
@Command(
        name = "export",
        description = "Print the values of a run as tidy CSV, one row a value, or in JMH's JSON format.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Directory of a run; default: the newest.")
    private Path directory;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; default: csv.")
    private Format format = Format.CSV;

    /** As on the command line. */
    private enum Format {
        CSV,
        JMH
    }

    @Override
    public Integer call() throws Exception {
        Path run = directory == null ? Home.newestRun() : directory;
        if (!Files.exists(run.resolve("run.json"))) {
            throw new Failure(run + " is not the directory of a run: it has no run.json");
        }
        RunDirectory results = new RunDirectory(run);
        System.out.print(
                format == Format.CSV
                        ? Export.csv(results.info().id(), results.records())
                        : Export.jmh(new ResultTable(results.records())));
        return ExitStatus.OK;
    }
}
