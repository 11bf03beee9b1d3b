// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.paper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.unimark.analysis.Controls;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.Report;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.claims.Ledger;
import org.unimark.analysis.plot.Plot;
import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Samples;
import org.unimark.results.RunDirectory;

/**
 * The paper's source with everything filled in that a run says. The text names its sources:
 *
 * <pre>
 *   \value{EXPERIMENT/METRIC[SETTING]/SYSTEM}         median with unit
 *   \interval{EXPERIMENT/METRIC[SETTING]/SYSTEM}      median and interval
 *   \ratio{EXPERIMENT/METRIC[SETTING]/SYSTEM/OTHER}   how many times better, and the interval
 *   \share{EXPERIMENT/METRIC[SETTING]/SYSTEM/WHOLE}   per cent that METRIC's median is of WHOLE's
 *   \repetitions{EXPERIMENT/METRIC[SETTING]/SYSTEM}   how many there are
 *   \row{LABEL}{EXPERIMENT/METRIC[SETTING]}{SYSTEM SYSTEM ...}  a table's row of medians, a dash where there is none
 *   \run{commit}, \run{accelerator}, \run{host NAME}  provenance
 *   \run{tested}, \run{untested}                      how many tests of claims have data; experiments that have none
 *   \run{intervals}, \run{controls}                   what the intervals of these tests are; what its A/A controls say
 *   \verdict{CLAIM}, \outcomes{CLAIM}                 the verdict, and how many tests agree; a row for each test with data
 *   \figurefile{PLOT}                                 file of one of the report's plots, drawn for a column
 *   \claimstable                                      the ledger with its verdicts
 *   %if NAME ... %else ... %end                       the first part if the run has an experiment or quantity of that name
 * </pre>
 *
 * A name without a value in the run is an error, and so is a number that is typed where results are told.
 */
public final class Paper {
    private static final Pattern COMMAND = Pattern.compile(
            "\\\\(value|interval|ratio|share|repetitions|run|verdict|outcomes|figurefile)\\{([^}]*)\\}");
    private static final Pattern QUANTITY =
            Pattern.compile("([^/]+)/([^/\\[]+)(?:\\[([^\\]]*)\\])?/([^/]+)(?:/([^/]+))?");
    private static final Pattern CONDITION = Pattern.compile("(?ms)^%if (\\S+)\\n(.*?)(?:^%else\\n(.*?))?^%end\\n");
    private static final Pattern ROW = Pattern.compile("\\\\row\\{([^}]*)\\}\\{([^}]*)\\}\\{([^}]*)\\}");
    private static final Pattern MANUAL_NUMBER = Pattern.compile("\\\\(todo|fixme)");

    private final RunDirectory run;
    private final ResultTable results;
    private final TreeSet<String> missing = new TreeSet<>();
    private final ClaimTables claims;
    private final Map<String, Plot> plots;
    private final Path figures;

    private Paper(RunDirectory run, Path figures) throws IOException {
        this.run = run;
        this.figures = figures;
        this.plots = Report.plots(run).stream().collect(Collectors.toMap(Plot::name, plot -> plot));
        this.results = new ResultTable(run.records());
        this.claims = new ClaimTables(results);
    }

    /** Writes {@code paper.tex} and the figures into {@code out}, which LaTeX can then translate. */
    public static Path write(Path source, Path run, Path out) throws IOException {
        String text = Files.readString(source);
        TypedNumbers.refuse(text);
        Path figures = Files.createDirectories(out.resolve("plots"));
        Paper paper = new Paper(new RunDirectory(run), figures);
        return Files.writeString(out.resolve("paper.tex"), paper.fill(text));
    }

    private String fill(String text) throws IOException {
        String chosen = CONDITION
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        has(match.group(1)) ? match.group(2) : Objects.requireNonNullElse(match.group(3), "")));
        if (MANUAL_NUMBER.matcher(chosen).find()) {
            throw new IOException("the paper is not finished: it has a \\todo");
        }
        Map<String, String> facts = facts();
        String rows = ROW.matcher(chosen)
                .replaceAll(match -> Matcher.quoteReplacement(row(match.group(1), match.group(2), match.group(3))));
        String filled = COMMAND.matcher(rows)
                .replaceAll(match -> Matcher.quoteReplacement(text(match.group(1), match.group(2), facts)))
                .replace("\\claimstable", claims.claims());
        if (!missing.isEmpty()) {
            throw new IOException("the paper names what " + run.path() + " does not have: " + missing);
        }
        return filled;
    }

    private boolean has(String name) {
        Matcher parts = QUANTITY.matcher(name);
        return parts.matches()
                ? samples(parts, parts.group(2), parts.group(4)).count() > 0
                : results.experiments().contains(name);
    }

    private Samples samples(Matcher parts, String metric, String system) {
        String setting = parts.group(3) == null ? "" : parts.group(3);
        return results.samples(parts.group(1), metric, system, setting);
    }

    private String row(String label, String quantity, String systems) {
        StringBuilder row = new StringBuilder(label);
        boolean empty = true;
        for (String system : systems.split(" ")) {
            String name = quantity + "/" + system;
            empty &= !has(name);
            row.append(" & ").append(has(name) ? quantity("value", name) : "--");
        }
        return empty ? absent(quantity) : row.append(" \\\\").toString();
    }

    private Map<String, String> facts() throws IOException {
        var info = run.info();
        Map<String, String> facts = new java.util.TreeMap<>(Map.of(
                "id", info.id(),
                "commit", info.commit().substring(0, Math.min(10, info.commit().length())),
                "accelerator", info.accelerator().toUpperCase(java.util.Locale.ROOT),
                "profile", info.profile(),
                "seed", Long.toString(info.seed()),
                "records", Integer.toString(results.records().size()),
                "invalid", Integer.toString(results.invalid().size()),
                "tested", claims.tested(),
                "untested", claims.untested()));
        facts.put("intervals", claims.intervals());
        facts.put("controls", new Controls(results).sentence());
        info.host().forEach((name, value) -> facts.put("host " + name, value));
        info.versions().forEach((name, value) -> facts.put("version " + name, value));
        return facts;
    }

    private String figure(String name) {
        Plot plot = plots.get(name);
        if (plot == null) {
            return absent("plot " + name);
        }
        try {
            plot.writeColumn(figures);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return figures.getFileName() + "/" + name + ".png";
    }

    private String text(String command, String name, Map<String, String> facts) {
        switch (command) {
            case "run":
                return facts.containsKey(name) ? Tex.escaped(facts.get(name)) : absent("run " + name);
            case "figurefile":
                return figure(name);
            case "verdict":
                return present(claims.verdict(name), "claim " + name);
            case "outcomes":
                return present(claims.outcomes(name), "claim " + name);
            default:
                return quantity(command, name);
        }
    }

    private String quantity(String command, String name) {
        Matcher parts = QUANTITY.matcher(name);
        if (!parts.matches()) {
            return absent(name);
        }
        String metric = parts.group(2);
        Samples samples = samples(parts, metric, parts.group(4));
        if (samples.count() == 0) {
            return absent(name);
        }
        String unit = Metrics.of(metric).unit().equals("bytes") ? "bytes" : "";
        return switch (command) {
            case "value" -> Tex.escaped(Quantity.text(Bootstrap.median(samples).median(), unit));
            case "interval" -> Tex.escaped(Tex.interval(Bootstrap.median(samples), unit));
            case "repetitions" -> Integer.toString(samples.count());
            default -> compared(command, parts, samples, name);
        };
    }

    private String compared(String command, Matcher parts, Samples samples, String name) {
        String metric = parts.group(2);
        String second = parts.group(5);
        boolean share = command.equals("share");
        Samples other = share ? samples(parts, second, parts.group(4)) : samples(parts, metric, second);
        if (second == null || other.count() == 0) {
            return absent(name);
        }
        if (share) {
            double whole = Bootstrap.median(other).median();
            return Math.round(100 * Bootstrap.median(samples).median() / whole) + "\\,\\%";
        }
        return Tex.escaped(Tex.interval(Ledger.advantage(metric, samples, other), ""));
    }

    private String present(String text, String name) {
        return text == null ? absent(name) : text;
    }

    private String absent(String name) {
        missing.add(name);
        return "?";
    }
}
