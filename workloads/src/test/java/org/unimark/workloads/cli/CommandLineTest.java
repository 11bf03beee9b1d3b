// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.workloads.cells.CampaignPlan;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.cells.CellStore;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private int execute(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertThat(execute(command, "--help")).isZero();
            assertThat(out.toString()).contains("Usage: unimark " + command);
        }
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("Exit status:");
    }

    @Test
    void wrongCommandLinesExitWithTwo() {
        assertThat(execute()).isEqualTo(2);
        assertThat(execute("dance")).isEqualTo(2);
        assertThat(execute("run")).isEqualTo(2);
        assertThat(execute("run", "http-thoughput")).isEqualTo(2);
        assertThat(err.toString()).contains("'./unimark list' names them");
        assertThat(execute("reproduce", "--quick", "--full")).isEqualTo(2);
        assertThat(execute("boot", "http", "--memory", "lots")).isEqualTo(2);
        assertThat(execute("boot", "http", "--publish", "8o80")).isEqualTo(2);
        assertThat(execute("build", "--no-install")).isEqualTo(2);
        assertThat(execute("build", "quake", "--no-install")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no application 'quake'; there are: front, http");
    }

    @Test
    void otherMachinesHaveNoBudget() {
        Path campaign = directory.resolve("campaign");
        for (String where : new String[] {"slurm", "ssh:localhost"}) {
            err.getBuffer().setLength(0);
            assertThat(execute("run", "image-size", "--campaign", campaign.toString(), "--on", where, "--budget", "5"))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .contains("--budget is for cells that are made here")
                    .doesNotContain("\tat ");
        }
        assertThat(execute("reproduce", "--full", "--campaign", campaign.toString(), "--on=slurm", "--budget=5"))
                .isEqualTo(2);
        assertThat(campaign).doesNotExist();
    }

    private static CampaignPlan plan() {
        return new CampaignPlan(
                CampaignPlan.FORMAT_VERSION,
                "0123abcd",
                false,
                "smoke",
                List.of("image-size"),
                List.of("keel"),
                "tcg",
                7,
                List.of("run", "image-size"));
    }

    private static Cell cell() {
        return new Cell(
                Cell.FORMAT_VERSION, "0123abcd", false, 7, "smoke", "image-size", "size", 0, "tcg", List.of("keel"));
    }

    @Test
    void aCampaignIsNotResumedByAnotherCommand() throws Exception {
        Path campaign = directory.resolve("campaign");
        CellStore.create(campaign, plan(), List.of(cell()));
        assertThat(execute(asking(campaign, "--seed=8", "--accel=auto", "--systems=keel,guest-same")))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--systems keel, not keel,guest-same; with --accel tcg, not auto; with --seed 7, not 8")
                .contains("give --campaign another directory")
                .contains("(unimark run image-size)")
                .doesNotContain("\tat ");
        err.getBuffer().setLength(0);
        assertThat(execute(asking(campaign, "--on=nowhere")))
                .as("the same command without a seed gets as far as where to make the cells")
                .isEqualTo(2);
        assertThat(err.toString()).contains("--on takes").doesNotContain("another directory");
    }

    /** What was planned, with options that may ask for something else. */
    private static String[] asking(Path campaign, String... more) {
        return Stream.concat(
                        Stream.of(
                                "run",
                                "image-size",
                                "--profile=smoke",
                                "--systems=keel",
                                "--accel=tcg",
                                "--no-install",
                                "--campaign=" + campaign),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void aCellOfAnotherCommitIsNotMade() throws Exception {
        Path specification = Files.writeString(directory.resolve("cell.json"), cell().toJson());
        Path results = directory.resolve("results");
        assertThat(execute("cell", specification.toString(), "--into", results.toString(), "--no-install"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("this cell is of commit 0123abcd")
                .contains("check out the cell's commit there")
                .doesNotContain("\tat ");
        assertThat(results).doesNotExist();
    }

    @Test
    void failuresSayWhatToDo() {
        assertThat(execute("report", directory.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is not the directory of a run").doesNotContain("\tat ");
    }

    @Test
    void publicationsAreHostAndPort() throws Exception {
        assertThat(Publication.parse("8080")).isEqualTo(new Publication("127.0.0.1", 8080));
        assertThat(Publication.parse("0.0.0.0:80").url(true)).isEqualTo("http://0.0.0.0:80/");
        assertThat(Publication.parse("127.0.0.1:0").available().port()).isPositive();
        assertThatThrownBy(() -> Publication.parse("host:70000")).isInstanceOf(Failure.class);
    }
}
