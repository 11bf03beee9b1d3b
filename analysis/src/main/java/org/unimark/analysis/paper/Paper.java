// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.paper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.Report;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Systems;
import org.unimark.analysis.claims.Ledger;
import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.results.RunDirectory;

/**
 * The paper's source with everything filled in that a run says. The text names its sources:
 *
 * <pre>
 *   \value{EXPERIMENT/METRIC[SETTING]/SYSTEM}         median with unit
 *   \interval{EXPERIMENT/METRIC[SETTING]/SYSTEM}      median and 95 % interval
 *   \ratio{EXPERIMENT/METRIC[SETTING]/SYSTEM/OTHER}   how many times better, and the interval
 *   \run{commit}, \run{accelerator}, \run{host NAME}  provenance
 *   \figurefile{PLOT}                                 file of one of the report's plots
 *   \claimstable                                      the ledger with its verdicts
 *   %if EXPERIMENT ... %end                           left out if the run has no such experiment
 * </pre>
 *
 * A name without a value in the run is an error.
 */
public final class Paper {
    private static final Pattern COMMAND = Pattern.compile("\\\\(value|interval|ratio|run|figurefile)\\{([^}]*)\\}");
    private static final Pattern QUANTITY =
            Pattern.compile("([^/]+)/([^/\\[]+)(?:\\[([^\\]]*)\\])?/([^/]+)(?:/([^/]+))?");
    private static final Pattern CONDITION = Pattern.compile("(?ms)^%if (\\S+)\\n(.*?)^%end\\n");
    private static final Pattern MANUAL_NUMBER = Pattern.compile("\\\\(todo|fixme)");

    private final RunDirectory run;
    private final ResultTable results;
    private final TreeSet<String> missing = new TreeSet<>();
    private Path plots;

    private Paper(RunDirectory run) throws IOException {
        this.run = run;
        this.results = new ResultTable(run.records());
    }

    /** Writes {@code paper.tex} and the figures into {@code out}, which LaTeX can then translate. */
    public static Path write(Path source, Path run, Path out) throws IOException {
        Files.createDirectories(out);
        Report.write(run, out);
        Paper paper = new Paper(new RunDirectory(run));
        paper.plots = out.resolve("plots");
        return Files.writeString(out.resolve("paper.tex"), paper.fill(Files.readString(source)));
    }

    private String fill(String text) throws IOException {
        String chosen = CONDITION
                .matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(results.experiments().contains(match.group(1)) ? match.group(2) : ""));
        if (MANUAL_NUMBER.matcher(chosen).find()) {
            throw new IOException("the paper is not finished: it has a \\todo");
        }
        Map<String, String> facts = facts();
        String filled = COMMAND.matcher(chosen)
                .replaceAll(match -> Matcher.quoteReplacement(text(match.group(1), match.group(2), facts)))
                .replace("\\claimstable", claims());
        if (!missing.isEmpty()) {
            throw new IOException("the paper names what " + run.path() + " does not have: " + missing);
        }
        return filled;
    }

    private Map<String, String> facts() throws IOException {
        var info = run.info();
        Map<String, String> facts = new java.util.TreeMap<>(Map.of(
                "id", info.id(),
                "commit", info.commit().substring(0, Math.min(10, info.commit().length())),
                "accelerator", info.accelerator().toUpperCase(java.util.Locale.ROOT),
                "profile", info.profile()));
        info.host().forEach((name, value) -> facts.put("host " + name, value));
        info.versions().forEach((name, value) -> facts.put("version " + name, value));
        return facts;
    }

    private String text(String command, String name, Map<String, String> facts) {
        switch (command) {
            case "run":
                return facts.containsKey(name) ? escaped(facts.get(name)) : absent("run " + name);
            case "figurefile":
                return Files.exists(plots.resolve(name + ".png")) ? "plots/" + name + ".png" : absent("plot " + name);
            default:
                Matcher parts = QUANTITY.matcher(name);
                return parts.matches() ? quantity(command, parts, name) : absent(name);
        }
    }

    private String quantity(String command, Matcher parts, String name) {
        String setting = parts.group(3) == null ? "" : parts.group(3);
        double[] values = results.values(parts.group(1), parts.group(2), parts.group(4), setting);
        if (values.length == 0) {
            return absent(name);
        }
        String unit = Metrics.of(parts.group(2)).unit().equals("bytes") ? "bytes" : "";
        if (!command.equals("ratio")) {
            Estimate estimate = Bootstrap.median(values);
            return escaped(
                    command.equals("value") ? Quantity.text(estimate.median(), unit) : withInterval(estimate, unit));
        }
        if (parts.group(5) == null) {
            return absent(name);
        }
        double[] other = results.values(parts.group(1), parts.group(2), parts.group(5), setting);
        return other.length == 0
                ? absent(name)
                : escaped(withInterval(Ledger.advantage(parts.group(2), values, other), ""));
    }

    private static String withInterval(Estimate estimate, String unit) {
        return Quantity.text(estimate.median(), unit)
                + (estimate.samples() < 2
                        ? ""
                        : " (" + Quantity.text(estimate.low(), unit) + " to " + Quantity.text(estimate.high(), unit)
                                + ")");
    }

    private String absent(String name) {
        missing.add(name);
        return "?";
    }

    private String claims() {
        return Ledger.judge(results).stream().map(Paper::row).collect(Collectors.joining("\n"));
    }

    private static String row(Ledger.Judgement judgement) {
        String measured = judgement.outcomes().stream()
                .filter(outcome -> outcome.estimate() != null)
                .findFirst()
                .map(outcome -> measured(outcome))
                .orElse("--");
        return escaped(judgement.claim().id()) + " & "
                + escaped(judgement.claim().claim()) + " & "
                + escaped(judgement.claim().published()) + " & " + measured + " & "
                + escaped(judgement.verdict().text()) + " \\\\[2pt]";
    }

    private static String measured(Ledger.Outcome outcome) {
        boolean ratio = outcome.test().denominator() != null;
        String unit = ratio ? "" : Metrics.of(outcome.test().metric()).unit();
        return escaped(withInterval(outcome.estimate(), unit)
                + (ratio ? " against " + Systems.label(outcome.test().denominator()) : ""));
    }

    private static String escaped(String text) {
        return text.replaceAll("([&%$#_{}])", "\\\\$1")
                .replace("~", "\\textasciitilde{}")
                .replace("×", "$\\times$")
                .replace("–", "--")
                .replace("→", "$\\to$");
    }
}
