// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.results.Metric;
import org.unimark.results.Record;

/** Writes what a run measured for notebooks and dashboards. */
public final class Export {
    private static final List<String> COLUMNS = List.of(
            "run",
            "experiment",
            "system",
            "repetition",
            "order",
            "start",
            "accelerator",
            "parameters",
            "kind",
            "name",
            "value",
            "unit",
            "problem");
    private static final List<Double> PERCENTILES = List.of(0.0, 50.0, 90.0, 95.0, 99.0, 100.0);

    private Export() {}

    /** Tidy CSV (RFC 4180), one row a value; what a repetition recorded of its circumstances has kind {@code context}. */
    public static String csv(String run, List<Record> records) {
        StringBuilder out = new StringBuilder();
        row(out, COLUMNS);
        for (Record record : records) {
            for (Map.Entry<String, Double> value : new TreeMap<>(record.values()).entrySet()) {
                row(out, cells(run, record, "value", value.getKey(), value.getValue()));
            }
            for (Map.Entry<String, Double> value : new TreeMap<>(record.context()).entrySet()) {
                row(out, cells(run, record, "context", value.getKey(), value.getValue()));
            }
            if (!record.valid()) {
                row(out, cells(run, record, "problem", "", null));
            }
        }
        return out.toString();
    }

    private static List<String> cells(String run, Record record, String kind, String name, Double value) {
        String parameters = new TreeMap<>(record.parameters())
                .entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining(";"));
        return List.of(
                run,
                record.experiment(),
                record.system(),
                Integer.toString(record.repetition()),
                Integer.toString(record.order()),
                record.start(),
                record.accelerator(),
                parameters,
                kind,
                name,
                value == null ? "" : value.toString(),
                kind.equals("value") ? Metrics.of(name).unit() : "",
                record.valid() ? "" : record.problem());
    }

    private static void row(StringBuilder out, List<String> cells) {
        out.append(cells.stream().map(Export::quoted).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(each -> each == ',' || each == '"' || each == '\n' || each == '\r');
        return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    /** The shape of JMH's JSON: one benchmark a metric, the system and the setting as parameters, a repetition as a fork. */
    public static String jmh(ResultTable results) {
        List<Map<String, Object>> benchmarks = new ArrayList<>();
        for (String experiment : results.experiments()) {
            for (String metric : results.metrics(experiment)) {
                for (String setting : results.settings(experiment, metric)) {
                    for (String system : results.systems(experiment, metric)) {
                        double[] values = results.values(experiment, metric, system, setting);
                        if (values.length > 0) {
                            benchmarks.add(benchmark(experiment, Metrics.of(metric), setting, system, values));
                        }
                    }
                }
            }
        }
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(benchmarks) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of text and numbers can always be written", e);
        }
    }

    private static Map<String, Object> benchmark(
            String experiment, Metric metric, String setting, String system, double[] values) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("system", system);
        for (String parameter : setting.isEmpty() ? new String[0] : setting.split(",")) {
            parameters.put(parameter.replaceFirst("=.*", ""), parameter.replaceFirst("^[^=]*=", ""));
        }
        Map<String, Object> benchmark = new LinkedHashMap<>();
        benchmark.put("jmhVersion", "1.37");
        benchmark.put("benchmark", "org.unimark." + experiment + "." + metric.name());
        benchmark.put("mode", metric.higherIsBetter() ? "thrpt" : "avgt");
        benchmark.put("threads", 1);
        benchmark.put("forks", values.length);
        benchmark.put("warmupIterations", 0);
        benchmark.put("measurementIterations", 1);
        benchmark.put("measurementBatchSize", 1);
        benchmark.put("params", parameters);
        benchmark.put("primaryMetric", primary(metric, values));
        benchmark.put("secondaryMetrics", Map.of());
        return benchmark;
    }

    /** The score is the median and the error half of its 95 % interval; JMH's own are a mean and 99.9 %. */
    private static Map<String, Object> primary(Metric metric, double[] values) {
        Estimate estimate = Bootstrap.median(values);
        Map<String, Double> percentiles = new LinkedHashMap<>();
        Percentile percentile = new Percentile();
        for (double rank : PERCENTILES) {
            double value = rank == 0 ? Arrays.stream(values).min().orElseThrow() : percentile.evaluate(values, rank);
            percentiles.put(Double.toString(rank), value);
        }
        Map<String, Object> primary = new LinkedHashMap<>();
        primary.put("score", estimate.median());
        primary.put("scoreError", (estimate.high() - estimate.low()) / 2);
        primary.put("scoreConfidence", List.of(estimate.low(), estimate.high()));
        primary.put("scorePercentiles", percentiles);
        primary.put("scoreUnit", metric.unit());
        primary.put("rawData", Arrays.stream(values).mapToObj(List::of).toList());
        return primary;
    }
}
