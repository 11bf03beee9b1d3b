// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.unimark.analysis.paper.Paper;
import org.unimark.baselines.process.Command.Result;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The paper, with the numbers of one run. */
@Command(
        name = "paper",
        description = "Build the paper as PDF; fails if it names a number that the run does not have.",
        mixinStandardHelpOptions = true)
final class PaperCommand implements Callable<Integer> {
    private static final String REFERENCE = "results/reference/full-tcg-2";
    private static final int TEX_TIMEOUT_SECONDS = 180;
    private static final int LOG_LINES = 30;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Directory of the run; default: " + REFERENCE + ".")
    private Path directory;

    @Option(names = "--output", paramLabel = "DIR", description = "Where to build; default: target/paper.")
    private Path output;

    @Mixin
    private InstallOption install = new InstallOption();

    @Override
    public Integer call() throws Exception {
        Path home = Home.directory();
        Path run = directory == null ? home.resolve(REFERENCE) : directory;
        if (!Files.exists(run.resolve("run.json"))) {
            throw new Failure(run + " is not the directory of a run: it has no run.json");
        }
        Path out = output == null ? home.resolve("target/paper") : output;
        Paper.write(home.resolve("paper/paper.tex"), run, out);
        install.ensure(Requirement.Use.PAPER);
        System.out.println(translate(out));
        return ExitStatus.OK;
    }

    private static Path translate(Path out) throws Failure, IOException, InterruptedException {
        Result result = org.unimark.baselines.process.Command.attempt(
                out,
                TEX_TIMEOUT_SECONDS,
                List.of("latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"));
        if (!result.succeeded()) {
            List<String> lines = result.output().lines().toList();
            List<String> end = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
            throw new Failure("TeX cannot translate " + out.resolve("paper.tex") + ":\n" + String.join("\n", end));
        }
        List<String> tooLarge = Files.readAllLines(out.resolve("paper.log"), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.contains("Float too large"))
                .toList();
        if (!tooLarge.isEmpty()) {
            throw new Failure(
                    "a table or figure of " + out.resolve("paper.tex") + " does not fit its page: " + tooLarge);
        }
        return out.resolve("paper.pdf");
    }
}
