// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.unimark.analysis.Controls;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Systems;
import org.unimark.analysis.claims.Ledger;
import org.unimark.analysis.model.CostModel;
import org.unimark.analysis.plot.Plot;
import org.unimark.analysis.plot.Plots;
import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.analysis.statistics.Outliers;
import org.unimark.analysis.statistics.Samples;
import org.unimark.results.Record;
import org.unimark.results.RunInfo;

/** What the page's template is filled with: maps and lists of text, nothing that computes. */
final class ReportModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Experiments in the order in which people ask; others follow by name. */
    private static final List<String> ORDER = List.of(
            "http-throughput",
            "http-latency",
            "http-bulk",
            "kv-throughput",
            "kv-mix",
            "kv-latency",
            "kv-durability",
            "sql-inserts",
            "sql-insert-variants",
            "boot-latency",
            "boot-latency-kv",
            "boot-latency-sql",
            "on-demand",
            "on-demand-many",
            "image-size",
            "image-size-kv",
            "image-size-sql",
            "code-size",
            "code-size-kv",
            "code-size-sql",
            "memory",
            "memory-kv",
            "memory-sql",
            "sql-mix",
            "density",
            "three-tiers",
            "rebuild",
            "privilege-transitions",
            "parts",
            "hypervisor-cost",
            "http-sizes",
            "http-connections",
            "http-loss");

    /** More plots of an experiment than these, and only the first are shown before one asks. */
    private static final int MOST_PLOTS_SHOWN = 8;

    private static final int PLOTS_SHOWN = 6;
    /** Rows from which on a table scrolls within the page. */
    private static final int LONG_TABLE = 24;

    private final RunInfo info;
    private final ResultTable results;
    private final Controls controls;
    private final Links links;
    private final List<Plot> plots = new ArrayList<>();

    /** @param links to the files of the run */
    ReportModel(RunInfo info, ResultTable results, Links links) {
        this.info = info;
        this.results = results;
        this.controls = new Controls(results);
        this.links = links;
    }

    /** Plots that {@link #build} made. */
    List<Plot> plots() {
        return plots;
    }

    Map<String, Object> build() throws IOException {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("run", info.id());
        model.put("start", info.start());
        model.put("profile", info.profile());
        model.put("commit", info.commit() + (info.dirty() ? " (work tree differs)" : ""));
        model.put("accelerator", info.accelerator().toUpperCase(java.util.Locale.ROOT));
        model.put("emulated", info.accelerator().equals("tcg"));
        model.put("acceleratorReason", info.acceleratorReason());
        model.put("headlines", headlines());
        List<Ledger.Judgement> judgements = Ledger.judge(results);
        model.put("claims", ClaimsModel.of(judgements));
        model.put("claimIntervals", ClaimsModel.intervals(judgements));
        model.put("controls", ControlsModel.of(controls));
        model.put("experiments", experiments());
        List<String> notices = new ArrayList<>(controls.notices());
        notices.addAll(info.notices());
        model.put("notices", notices);
        model.put("hasNotices", !notices.isEmpty());
        model.put("runFiles", links.to(""));
        model.put("host", rows(info.host()));
        model.put("versions", rows(info.versions()));
        model.put("images", rows(info.images()));
        model.put("seed", Long.toString(info.seed()));
        model.put("arguments", String.join(" ", info.arguments()));
        model.put("resamples", Integer.toString(Bootstrap.RESAMPLES));
        model.put("bootstrapSeed", Long.toString(Bootstrap.SEED));
        model.put("invalid", invalid());
        model.put("hasInvalid", !results.invalid().isEmpty());
        return model;
    }

    private static List<Map<String, String>> rows(Map<String, String> facts) {
        return new TreeMap<>(facts)
                .entrySet().stream()
                        .map(fact -> Map.of("name", fact.getKey(), "value", fact.getValue()))
                        .toList();
    }

    private List<Map<String, Object>> headlines() {
        List<Map<String, Object>> headlines = new ArrayList<>();
        headline(headlines, "http-throughput", "requests_per_second", "keel", "the requests per second");
        headline(headlines, "http-throughput", "instructions_per_request", "keel", "fewer instructions per request");
        headline(headlines, "boot-latency", "first_response_ms", "keel", "quicker from start to first response");
        headline(headlines, "image-size", "executable_bytes", "keel", "less to load and run");
        return headlines;
    }

    private void headline(List<Map<String, Object>> out, String experiment, String metric, String system, String text) {
        List<Map<String, Object>> against = new ArrayList<>();
        for (String other : List.of("guest-nginx", "guest-same")) {
            advantage(experiment, metric, system, other)
                    .ifPresent(ratio -> against.add(Map.of(
                            "ratio",
                            times(ratio.median()),
                            "interval",
                            Quantity.interval(ratio, ""),
                            "slower",
                            ratio.median() < 1,
                            "other",
                            Systems.label(other),
                            "absolute",
                            absolute(experiment, metric, system) + " against " + absolute(experiment, metric, other))));
        }
        if (!against.isEmpty()) {
            out.add(Map.of(
                    "text",
                    text,
                    "experiment",
                    experiment,
                    "first",
                    against.get(0),
                    "rest",
                    against.subList(1, against.size())));
        }
    }

    private static String times(double ratio) {
        return Quantity.text(ratio) + "×";
    }

    private Optional<Estimate> advantage(String experiment, String metric, String system, String other) {
        Samples subject = results.samples(experiment, metric, system, "");
        Samples base = results.samples(experiment, metric, other, "");
        return subject.count() == 0 || base.count() == 0
                ? Optional.empty()
                : Optional.of(Ledger.advantage(metric, subject, base));
    }

    private String absolute(String experiment, String metric, String system) {
        Estimate estimate = Bootstrap.median(results.values(experiment, metric, system, ""));
        return Quantity.text(estimate.median(), Metrics.of(metric).unit());
    }

    private List<Map<String, Object>> experiments() throws IOException {
        List<String> names = new ArrayList<>(ORDER);
        names.retainAll(results.experiments());
        for (String name : results.experiments()) {
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        List<Map<String, Object>> sections = new ArrayList<>();
        for (String name : names) {
            sections.add(experiment(name, page(name)));
        }
        return sections;
    }

    /** An experiment without a page of its own still shows all its metrics. */
    private ExperimentPage page(String name) throws IOException {
        try (InputStream in = org.unimark.analysis.Summary.class.getResourceAsStream("experiments/" + name + ".json")) {
            if (in != null) {
                return JSON.readValue(in, ExperimentPage.class);
            }
        }
        Map<String, String> metrics = new LinkedHashMap<>();
        results.metrics(name).forEach(metric -> metrics.put(metric, metric));
        return new ExperimentPage(name, "", "", List.of(), metrics);
    }

    private Map<String, Object> experiment(String name, ExperimentPage page) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("name", name);
        section.put("title", page.title());
        section.put("question", page.question());
        section.put("method", page.method());
        List<Map<String, String>> drawn = new ArrayList<>();
        for (ExperimentPage.PlotSpecification specification : page.plots()) {
            for (Plot plot : draw(name, specification)) {
                plots.add(plot);
                drawn.add(Map.of(
                        "name", plot.name(),
                        "title", plot.title(),
                        "reading", reading(name, specification),
                        "svg", plot.inlineSvg()));
            }
        }
        section.put("plotGroups", groups(drawn));
        section.put("control", controls.notice(name).orElse(""));
        section.put("hasControl", controls.notice(name).isPresent());
        boolean modelled = page.plots().stream().anyMatch(plot -> plot.kind().equals("model"));
        section.put("notes", modelled ? new CostModel(results).notes() : List.of());
        boolean treemaps = page.plots().stream().anyMatch(plot -> plot.kind().equals("treemaps"));
        section.put("treemaps", treemaps ? Treemap.ofSystems(name, results.records()) : List.of());
        List<String> columns = page.metrics().keySet().stream()
                .filter(metric -> !results.systems(name, metric).isEmpty())
                .toList();
        section.put("columns", columns.stream().map(page.metrics()::get).toList());
        List<Map<String, Object>> rows = tableRows(name, columns);
        section.put("rows", rows);
        section.put("long", rows.size() > LONG_TABLE);
        section.put("records", records(name));
        return section;
    }

    /** The first plots, and the others behind a line to click on. */
    private static List<Map<String, Object>> groups(List<Map<String, String>> plots) {
        int shown = plots.size() > MOST_PLOTS_SHOWN ? PLOTS_SHOWN : plots.size();
        List<Map<String, Object>> groups = new ArrayList<>();
        groups.add(Map.of("folded", false, "plots", plots.subList(0, shown)));
        if (shown < plots.size()) {
            groups.add(Map.of(
                    "folded",
                    true,
                    "summary",
                    plots.size() - shown + " more plots",
                    "plots",
                    plots.subList(shown, plots.size())));
        }
        return groups;
    }

    /** Where each repetition's raw files are, in the order in which they were made. */
    private List<Map<String, Object>> records(String experiment) {
        return results.records().stream()
                .filter(record -> record.experiment().equals(experiment))
                .map(record -> Map.<String, Object>of(
                        "order", record.order(),
                        "start", record.start(),
                        "system", record.system(),
                        "repetition", record.repetition(),
                        "files",
                                record.files().entrySet().stream()
                                        .map(file -> Map.of("name", file.getKey(), "path", links.to(file.getValue())))
                                        .toList()))
                .toList();
    }

    private String reading(String experiment, ExperimentPage.PlotSpecification specification) {
        return switch (specification.kind()) {
            case "intervals" ->
                "Small points: repetitions; large point: median; line: " + intervals(experiment, specification) + ".";
            case "stack" -> "Medians of the parts.";
            case "lines" -> "Medians; bars: " + intervals(experiment, specification) + ".";
            case "model" -> "Point: geometric mean of the fits; line: from one fit to the other.";
            default -> "Medians over repetitions, from the intended start of each request.";
        };
    }

    private String intervals(String experiment, ExperimentPage.PlotSpecification specification) {
        return Estimate.called(results.repetitions(experiment, specification.metric()));
    }

    private List<Plot> draw(String experiment, ExperimentPage.PlotSpecification specification) {
        Plots maker = new Plots(results);
        switch (specification.kind()) {
            case "intervals":
                return maker.intervals(experiment, specification.metric(), specification.title()).stream()
                        .toList();
            case "stack":
                return maker
                        .stack(experiment, specification.parts(), specification.name(), specification.title())
                        .stream()
                        .toList();
            case "lines":
                return maker.lines(experiment, specification.metric(), specification.name(), specification.title());
            case "model":
                return maker.model(experiment, specification.name(), specification.title()).stream()
                        .toList();
            case "treemaps":
                return List.of();
            case "percentiles":
                List<Plot> drawn = new ArrayList<>();
                String first = specification.percentiles().keySet().iterator().next();
                for (String setting : results.settings(experiment, first)) {
                    maker.percentiles(
                                    experiment,
                                    specification.percentiles(),
                                    setting,
                                    specification.title() + (setting.isEmpty() ? "" : ", " + setting))
                            .ifPresent(drawn::add);
                }
                return drawn;
            default:
                throw new IllegalArgumentException("unknown kind of plot: " + specification.kind());
        }
    }

    private List<Map<String, Object>> tableRows(String experiment, List<String> columns) {
        TreeSet<String> settings = new TreeSet<>(org.unimark.analysis.Settings.ORDER);
        TreeSet<String> systems = new TreeSet<>(Systems.ORDER);
        for (String metric : columns) {
            settings.addAll(results.settings(experiment, metric));
            systems.addAll(results.systems(experiment, metric));
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String setting : settings) {
            for (String system : systems) {
                List<Map<String, String>> cells = columns.stream()
                        .map(metric -> cell(experiment, metric, system, setting))
                        .toList();
                if (cells.stream().anyMatch(cell -> !cell.get("text").isEmpty())) {
                    String name = Systems.label(system) + (setting.isEmpty() ? "" : ", " + setting);
                    rows.add(Map.of("system", name, "key", system, "color", color(system), "cells", cells));
                }
            }
        }
        return rows;
    }

    private static String color(String system) {
        return String.format("#%06x", Systems.color(system).getRGB() & 0xffffff);
    }

    private Map<String, String> cell(String experiment, String metric, String system, String setting) {
        Samples samples = results.samples(experiment, metric, system, setting);
        if (samples.count() == 0) {
            return Map.of("text", "", "interval", "", "sort", "");
        }
        Estimate estimate = Bootstrap.median(samples);
        String unit = Metrics.of(metric).unit().equals("bytes") ? "bytes" : "";
        String interval = Quantity.interval(estimate, unit)
                + (estimate.isInterval() ? ", n=" + samples.count() : "")
                + outliers(samples.values(), unit);
        return Map.of(
                "text", Quantity.text(estimate.median(), unit),
                "interval", interval,
                "sort", Double.toString(estimate.median()));
    }

    /** Values that are part of the estimate although they are far from the others. */
    private static String outliers(double[] values, String unit) {
        List<String> far = Outliers.among(values).stream()
                .map(value -> Quantity.text(value, unit))
                .toList();
        return far.isEmpty() ? "" : "; far off: " + String.join(", ", far);
    }

    private List<Map<String, String>> invalid() {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Record record : results.invalid()) {
            rows.add(Map.of(
                    "experiment", record.experiment(),
                    "system", record.system(),
                    "repetition", Integer.toString(record.repetition()),
                    "problem", record.problem()));
        }
        return rows;
    }
}
