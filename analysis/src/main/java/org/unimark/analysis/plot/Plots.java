// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Settings;
import org.unimark.analysis.Systems;
import org.unimark.analysis.model.CostModel;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.analysis.statistics.Samples;

/** The kinds of plots that the report has; each is empty when the run has no data for it. */
public final class Plots {
    private static final Color[] STACK = {
        new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0xCC79A7)
    };

    /** Ratio of the ends of an axis from which on it is logarithmic. */
    private static final double WIDE_RANGE = 50;

    private final ResultTable results;

    public Plots(ResultTable results) {
        this.results = results;
    }

    /** One row a system: repetitions, median, interval. Only the values without a varying setting. */
    public Optional<Plot> intervals(String experiment, String metric, String title) {
        List<String> systems = results.systems(experiment, metric);
        if (systems.isEmpty() || !results.settings(experiment, metric).contains("")) {
            return Optional.empty();
        }
        String unit = Metrics.of(metric).unit();
        RowChart rows = new RowChart(
                titled(title, unit), systems.stream().map(Systems::label).toList());
        for (int row = 0; row < systems.size(); row++) {
            Samples samples = results.samples(experiment, metric, systems.get(row), "");
            double[] values = samples.values();
            Estimate estimate = Bootstrap.median(samples);
            rows.interval(
                    row, estimate.low(), estimate.median(), estimate.high(), values, Systems.color(systems.get(row)));
            rows.text(row, Arrays.stream(values).max().orElseThrow(), Quantity.text(estimate.median(), unit));
        }
        return Optional.of(new Plot(experiment + "-" + metric, title, rows));
    }

    /** One stacked bar a system: medians of several metrics that add up. */
    public Optional<Plot> stack(String experiment, Map<String, String> metricToLabel, String name, String title) {
        String last = metricToLabel.keySet().stream().reduce((a, b) -> b).orElseThrow();
        List<String> systems = results.systems(experiment, last);
        if (systems.isEmpty()) {
            return Optional.empty();
        }
        String unit = Metrics.of(last).unit();
        RowChart rows = new RowChart(
                titled(title, unit), systems.stream().map(Systems::label).toList());
        for (int row = 0; row < systems.size(); row++) {
            double at = 0;
            int part = 0;
            for (Map.Entry<String, String> metric : metricToLabel.entrySet()) {
                double[] values = results.values(experiment, metric.getKey(), systems.get(row), "");
                double length =
                        values.length == 0 ? 0 : Bootstrap.median(values).median();
                if (length > 0) {
                    rows.bar(row, at, at + length, STACK[part % STACK.length], metric.getValue());
                    at += length;
                }
                part++;
            }
            rows.text(row, at, Quantity.text(at, unit));
        }
        return Optional.of(new Plot(experiment + "-" + name, title, rows));
    }

    private static String titled(String title, String unit) {
        return title.contains(unit) ? title : title + " (" + unit + ")";
    }

    /** Latency by percentile, one line a system, at one setting (offered rate). */
    public Optional<Plot> percentiles(
            String experiment, Map<String, Double> metricToPercentile, String setting, String title) {
        String first = metricToPercentile.keySet().iterator().next();
        List<String> systems = results.systems(experiment, first).stream()
                .filter(system -> results.values(experiment, first, system, setting).length > 0)
                .toList();
        if (systems.isEmpty()) {
            return Optional.empty();
        }
        XYChart chart = new XYChartBuilder()
                .width(860)
                .height(430)
                .xAxisTitle("percentile")
                .yAxisTitle("latency (ms)")
                .build();
        Theme.apply(chart.getStyler());
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setXAxisTickLabelsFormattingFunction(Plots::percentileLabel)
                .setXAxisMin(0.0)
                .setXAxisMax(3.2);
        chart.getStyler()
                .setLegendVisible(true)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Vertical);
        for (String system : systems) {
            addPercentiles(chart, experiment, metricToPercentile, setting, system);
        }
        wholeDecades(chart);
        String name = experiment + (setting.isEmpty() ? "" : "-" + setting.replaceAll("[^a-zA-Z0-9]+", "-"));
        return Optional.of(new Plot(name, title, chart));
    }

    private void addPercentiles(
            XYChart chart, String experiment, Map<String, Double> metrics, String setting, String system) {
        double[] x = new double[metrics.size()];
        double[] y = new double[metrics.size()];
        int points = 0;
        for (Map.Entry<String, Double> metric : metrics.entrySet()) {
            double[] values = results.values(experiment, metric.getKey(), system, setting);
            if (values.length > 0) {
                x[points] = -Math.log10(1 - metric.getValue() / 100);
                // A logarithmic axis has no zero; a microsecond is below what the clock of the client resolves.
                y[points++] = Math.max(Bootstrap.median(values).median(), 0.001);
            }
        }
        XYSeries series = chart.addSeries(Systems.label(system), Arrays.copyOf(x, points), Arrays.copyOf(y, points));
        series.setLineColor(Systems.color(system));
        series.setMarkerColor(Systems.color(system));
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setLineStyle(new BasicStroke(2.2f));
    }

    /**
     * A metric over a numeric parameter, one line a system with its intervals: a plot for each combination of the other
     * parameters that vary.
     */
    public List<Plot> lines(String experiment, String metric, String parameter, String title) {
        Map<String, Map<Double, String>> byRest = new TreeMap<>(Settings.ORDER);
        for (String setting : results.settings(experiment, metric)) {
            List<String> rest = new ArrayList<>(List.of(setting.split(",", -1)));
            rest.removeIf(part -> part.startsWith(parameter + "="));
            String value = Settings.value(setting, parameter);
            if (value != null) {
                byRest.computeIfAbsent(String.join(", ", rest), unused -> new TreeMap<>())
                        .put(Double.parseDouble(value), setting);
            }
        }
        List<Plot> plots = new ArrayList<>();
        byRest.forEach((rest, settings) -> {
            if (settings.size() > 1) {
                String suffix = rest.isEmpty() ? "" : "-" + rest.replaceAll("[^a-zA-Z0-9]+", "-");
                XYChart chart = linesOf(experiment, metric, parameter, settings);
                plots.add(new Plot(
                        experiment + "-" + metric + suffix, title + (rest.isEmpty() ? "" : ", " + rest), chart));
            }
        });
        return plots;
    }

    private XYChart linesOf(String experiment, String metric, String parameter, Map<Double, String> settings) {
        String unit = Metrics.of(metric).unit();
        XYChart chart = new XYChartBuilder()
                .width(860)
                .height(430)
                .xAxisTitle(parameter.replace('_', ' '))
                .yAxisTitle(unit.isEmpty() ? metric : unit)
                .build();
        Theme.apply(chart.getStyler());
        List<Double> positions = List.copyOf(settings.keySet());
        boolean wide = positions.get(0) > 0 && positions.get(positions.size() - 1) / positions.get(0) > WIDE_RANGE;
        chart.getStyler()
                .setXAxisLogarithmic(wide)
                .setYAxisLogarithmic(true)
                .setXAxisTickLabelsFormattingFunction(Quantity::compact)
                .setYAxisTickLabelsFormattingFunction(Quantity::compact);
        chart.getStyler()
                .setLegendVisible(true)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Vertical);
        for (String system : results.systems(experiment, metric)) {
            addLine(chart, experiment, metric, settings, system);
        }
        wholeDecades(chart);
        return chart;
    }

    /** A logarithmic axis has labels at powers of ten alone: it ends at such, so that there are two at least. */
    private static void wholeDecades(XYChart chart) {
        double[] values = chart.getSeriesCollection().stream()
                .flatMapToDouble(series -> Arrays.stream(series.getYData()))
                .filter(value -> value > 0)
                .toArray();
        if (values.length > 0) {
            double low = Math.floor(Math.log10(Arrays.stream(values).min().orElseThrow()));
            double high = Math.ceil(Math.log10(Arrays.stream(values).max().orElseThrow()));
            chart.getStyler().setYAxisMin(Math.pow(10, low)).setYAxisMax(Math.pow(10, Math.max(high, low + 1)));
        }
    }

    private void addLine(XYChart chart, String experiment, String metric, Map<Double, String> settings, String system) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<Double> halves = new ArrayList<>();
        settings.forEach((position, setting) -> {
            Samples samples = results.samples(experiment, metric, system, setting);
            if (samples.count() > 0) {
                Estimate estimate = Bootstrap.median(samples);
                x.add(position);
                y.add(estimate.median());
                halves.add((estimate.high() - estimate.low()) / 2);
            }
        });
        if (x.isEmpty()) {
            return;
        }
        XYSeries series = chart.addSeries(Systems.label(system), x, y, halves);
        series.setLineColor(Systems.color(system));
        series.setMarkerColor(Systems.color(system));
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setLineStyle(new BasicStroke(2.2f));
    }

    /** Predicted rates of a load, one row a system; the interval is the model's uncertainty, not that of repetitions. */
    public Optional<Plot> model(String experiment, String prefix, String title) {
        CostModel model = new CostModel(results);
        Map<String, CostModel.Prediction> predictions = new LinkedHashMap<>();
        for (String system : results.systems(experiment, prefix + "instructions_per_request")) {
            model.predict(system, prefix).ifPresent(prediction -> predictions.put(system, prediction));
        }
        if (predictions.isEmpty()) {
            return Optional.empty();
        }
        RowChart rows = new RowChart(
                "predicted requests/s",
                predictions.keySet().stream().map(Systems::label).toList());
        int row = 0;
        for (Map.Entry<String, CostModel.Prediction> entry : predictions.entrySet()) {
            CostModel.Prediction prediction = entry.getValue();
            rows.interval(
                    row,
                    prediction.low(),
                    prediction.middle(),
                    prediction.high(),
                    new double[] {prediction.middle()},
                    Systems.color(entry.getKey()));
            rows.text(
                    row++,
                    prediction.high(),
                    Quantity.text(prediction.middle()) + ", " + Math.round(100 * prediction.hypervisorShare())
                            + " % exits");
        }
        return Optional.of(new Plot(experiment + "-model" + (prefix.isEmpty() ? "" : "-" + prefix), title, rows));
    }

    /** The axis is the number of nines: 0 is the minimum, 1 is p90, 2 is p99, 3 is p99.9. */
    private static String percentileLabel(double nines) {
        if (Math.abs(nines - Math.rint(nines)) > 1e-6) {
            return " ";
        }
        return switch ((int) Math.rint(nines)) {
            case 0 -> "0";
            case 1 -> "90";
            case 2 -> "99";
            case 3 -> "99.9";
            case 4 -> "99.99";
            default -> " ";
        };
    }
}
