// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.analysis.SyntheticRun;

class PaperTest {
    @TempDir
    Path directory;

    private String fill(String text) throws IOException {
        Path run = directory.resolve("run");
        if (!Files.exists(run)) {
            SyntheticRun.write(run, 7);
        }
        Path source = Files.writeString(directory.resolve("source.tex"), text);
        return Files.readString(Paper.write(source, run, directory.resolve("out")));
    }

    @Test
    void numbersComeFromTheRun() throws IOException {
        assertThat(fill("\\value{http-throughput/instructions_per_request/keel} \\run{accelerator}"))
                .isEqualTo("3,333 TCG");
        assertThat(fill("\\ratio{http-throughput/instructions_per_request/keel/guest-nginx}"))
                .startsWith("8.57 (");
        assertThat(fill("\\value{http-latency/p99_ms[rate=500]/keel}")).matches("0\\.\\d+");
        assertThat(fill("\\claimstable")).contains("C1 HTTP &").contains("not tested in this run");
    }

    @Test
    void aNumberWithoutASourceFails() {
        assertThatThrownBy(() -> fill("\\value{http-throughput/goodness/keel} \\figurefile{nothing} \\run{moon}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("http-throughput/goodness/keel")
                .hasMessageContaining("plot nothing")
                .hasMessageContaining("run moon");
    }

    @Test
    void sectionsOfExperimentsThatDidNotRunAreLeftOut() throws IOException {
        assertThat(fill("a\n%if kv-throughput\n\\value{kv-throughput/x/keel}\n%end\nb\n"))
                .isEqualTo("a\nb\n");
    }

    @Test
    void whatTheRunHasNotIsSaidInstead() throws IOException {
        String text = "%if http-throughput/goodness/keel\na\n%else\nb\n%end\n"
                + "%if http-throughput/instructions_per_request/keel\nc\n%else\nd\n%end\n";
        assertThat(fill(text)).isEqualTo("b\nc\n");
    }

    @Test
    void rowsSharesAndVerdictsComeFromTheRun() throws IOException {
        String instructions = "http-throughput/instructions_per_request";
        assertThat(fill("\\row{a}{" + instructions + "}{keel docker-moon}")).isEqualTo("a & 3,333 & -- \\\\");
        assertThat(fill("\\share{" + instructions + "/keel/instructions_per_request}"))
                .isEqualTo("100\\,\\%");
        assertThat(fill("\\verdict{C8}")).isNotEmpty();
        assertThat(fill("\\verdict{C2}")).isEqualTo("reproduced (2 of 4 tests)");
        assertThat(fill("\\outcomes{C1 HTTP}")).contains("C1 HTTP & rate, Keel's server against nginx");
        assertThat(fill("\\run{tested} \\run{untested}")).matches("\\d+ of \\d+ .*on-demand.*");
        assertThatThrownBy(() -> fill("\\row{a}{" + instructions + "}{moon} \\verdict{C99}"))
                .hasMessageContaining(instructions)
                .hasMessageContaining("claim C99");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Keel answers 82,809 requests a second.",
                "It is 3.97 times as fast.",
                "\\value{http-throughput/instructions_per_request/keel} instructions, or 2\\,ms.",
            })
    void aTypedNumberAmongTheResultsFails(String sentence) {
        assertThatThrownBy(() -> fill("In 2021 it was so.\n\\section{Results}\nFine.\n" + sentence + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 4: " + sentence);
        assertThatThrownBy(() -> fill("\\begin{abstract}\n" + sentence + "\n\\end{abstract}"))
                .hasMessageContaining("line 2: " + sentence);
    }

    @Test
    void parametersFiguresOfOthersAndOtherSectionsMayHaveTypedNumbers() throws IOException {
        String text = "\\section{Method}\nRuns of 2 s.\n\\section{Results}\\label{r2}\n"
                + "C1, over 30 connections; published are 222 cycles \\cite{x1}. See Table~\\ref{t1}.\n"
                + "\\section{Threats}\n10 of them.\n";
        assertThat(fill(text)).isEqualTo(text);
    }

    @Test
    void whatIntervalsAndControlsAreIsFilledIn() throws IOException {
        assertThat(fill("\\run{intervals}. \\run{controls}"))
                .isEqualTo("range of 5 repetitions. No system was measured twice in this run.");
        assertThat(fill("\\claimstable")).contains("range of 5");
    }

    /** Where there is TeX: what is filled in must also be typeset. */
    @Test
    @Tag("machine")
    void theFilledPaperCanBeTypeset() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "latexmk"))),
                "there is no latexmk");
        Path reference = Path.of("..", "results", "reference", "full-tcg-2");
        Path out = directory.resolve("typeset");
        Paper.write(Path.of("..", "paper", "paper.tex"), reference, out);
        Path log = directory.resolve("latexmk.log");
        Process tex = new ProcessBuilder("latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
                .directory(out.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(tex.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            tex.destroyForcibly();
        }
        assertThat(tex.exitValue()).as("latexmk").isZero();
        assertThat(out.resolve("paper.pdf")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"full-tcg", "full-tcg-2", "quick-tcg-5"})
    void thePaperItselfHasASourceForEverything(String run) throws IOException {
        Path reference = Path.of("..", "results", "reference", run);
        assertThat(Paper.write(Path.of("..", "paper", "paper.tex"), reference, directory.resolve("paper")))
                .isNotEmptyFile();
    }
}
