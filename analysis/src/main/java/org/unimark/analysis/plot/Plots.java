// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Systems;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;

/** The kinds of plots that the report has; each is empty when the run has no data for it. */
public final class Plots {
    private static final Color[] STACK = {
        new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0xCC79A7)
    };

    private final ResultTable results;

    public Plots(ResultTable results) {
        this.results = results;
    }

    /** One row a system: repetitions, median, 95 % interval. Only the values without a varying setting. */
    public Optional<Plot> intervals(String experiment, String metric, String title) {
        List<String> systems = results.systems(experiment, metric);
        if (systems.isEmpty() || !results.settings(experiment, metric).contains("")) {
            return Optional.empty();
        }
        String unit = Metrics.of(metric).unit();
        RowChart rows = new RowChart(
                title + (unit.isEmpty() ? "" : " (" + unit + ")"),
                systems.stream().map(Systems::label).toList());
        for (int row = 0; row < systems.size(); row++) {
            double[] values = results.values(experiment, metric, systems.get(row), "");
            Estimate estimate = Bootstrap.median(values);
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
                title + " (" + unit + ")", systems.stream().map(Systems::label).toList());
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
