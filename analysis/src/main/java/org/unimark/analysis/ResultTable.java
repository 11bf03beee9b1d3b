// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.unimark.analysis.statistics.Samples;
import org.unimark.results.Record;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.selection.Selection;

/**
 * The valid values of a run as one tidy Tablesaw table: a row for each experiment, metric, system, setting and
 * repetition. Several settings of one experiment (rates, sizes) are told apart by {@code setting}, which is empty where a
 * system was measured with one setting only.
 */
public final class ResultTable {
    private static final String EXPERIMENT = "experiment";
    private static final String METRIC = "metric";
    private static final String SYSTEM = "system";
    private static final String SETTING = "setting";
    private static final String ACCELERATOR = "accelerator";
    private static final String REPETITION = "repetition";
    private static final String NODE = "node";
    private static final String VALUE = "value";

    private final Table table;
    private final List<Record> records;

    public ResultTable(List<Record> records) {
        this.records = List.copyOf(records);
        this.table = tidy(this.records);
    }

    private static Table tidy(List<Record> records) {
        Table table = Table.create(
                "results",
                StringColumn.create(EXPERIMENT),
                StringColumn.create(METRIC),
                StringColumn.create(SYSTEM),
                StringColumn.create(SETTING),
                StringColumn.create(ACCELERATOR),
                IntColumn.create(REPETITION),
                IntColumn.create(NODE),
                DoubleColumn.create(VALUE));
        Map<String, List<String>> varying = varyingParameters(records);
        for (Record record : records) {
            if (!record.valid()) {
                continue;
            }
            String setting = setting(record, varying.get(record.experiment()));
            for (Map.Entry<String, Double> value : new TreeMap<>(record.values()).entrySet()) {
                table.stringColumn(EXPERIMENT).append(record.experiment());
                table.stringColumn(METRIC).append(value.getKey());
                table.stringColumn(SYSTEM).append(record.system());
                table.stringColumn(SETTING).append(setting);
                table.stringColumn(ACCELERATOR).append(record.accelerator());
                table.intColumn(REPETITION).append(record.repetition());
                table.intColumn(NODE).append(record.node());
                table.doubleColumn(VALUE).append(value.getValue());
            }
        }
        return table;
    }

    /** Parameters of each experiment that take more than one value within the run. */
    private static Map<String, List<String>> varyingParameters(List<Record> records) {
        Map<String, TreeMap<String, String>> first = new TreeMap<>();
        Map<String, List<String>> varying = new TreeMap<>();
        for (Record record : records) {
            Map<String, String> seen = first.computeIfAbsent(record.experiment(), name -> new TreeMap<>());
            List<String> names = varying.computeIfAbsent(record.experiment(), name -> new ArrayList<>());
            record.parameters().forEach((name, value) -> {
                String before = seen.putIfAbsent(name, value);
                if (before != null && !before.equals(value) && !names.contains(name)) {
                    names.add(name);
                }
            });
        }
        varying.values().forEach(names -> names.sort(null));
        return varying;
    }

    private static String setting(Record record, List<String> varying) {
        return varying.stream()
                .filter(name -> record.parameters().containsKey(name))
                .map(name -> name + "=" + record.parameters().get(name))
                .collect(Collectors.joining(","));
    }

    public Table table() {
        return table;
    }

    public List<Record> records() {
        return records;
    }

    public List<Record> invalid() {
        return records.stream().filter(record -> !record.valid()).toList();
    }

    public List<String> experiments() {
        return records.stream().map(Record::experiment).distinct().sorted().toList();
    }

    /** Systems with a value of the metric, in the order in which people compare them. */
    public List<String> systems(String experiment, String metric) {
        return distinct(select(experiment, metric), SYSTEM).stream()
                .sorted(Systems.ORDER)
                .toList();
    }

    /** Settings with a value of the metric, numbers in numeric order. */
    public List<String> settings(String experiment, String metric) {
        return distinct(select(experiment, metric), SETTING).stream()
                .sorted(Settings.ORDER)
                .toList();
    }

    public List<String> metrics(String experiment) {
        return distinct(table.where(table.stringColumn(EXPERIMENT).isEqualTo(experiment)), METRIC).stream()
                .sorted()
                .toList();
    }

    /** All repetitions; empty if there are none. */
    public double[] values(String experiment, String metric, String system, String setting) {
        return samples(experiment, metric, system, setting).values();
    }

    /** All repetitions, apart by their nodes; empty if there are none. */
    public Samples samples(String experiment, String metric, String system, String setting) {
        Table rows = rows(experiment, metric, system, setting);
        return Samples.of(
                rows.doubleColumn(VALUE).asDoubleArray(), rows.intColumn(NODE).asIntArray());
    }

    /** The value of each repetition, by the number of the repetition, by the node that made it. */
    public SortedMap<Integer, SortedMap<Integer, Double>> byNode(
            String experiment, String metric, String system, String setting) {
        SortedMap<Integer, SortedMap<Integer, Double>> nodes = new TreeMap<>();
        for (Row row : rows(experiment, metric, system, setting)) {
            nodes.computeIfAbsent(row.getInt(NODE), unused -> new TreeMap<>())
                    .put(row.getInt(REPETITION), row.getDouble(VALUE));
        }
        return nodes;
    }

    /** How many repetitions each system has, settings apart. */
    public List<Integer> repetitions(String experiment, String metric) {
        List<Integer> counts = new ArrayList<>();
        for (String setting : settings(experiment, metric)) {
            for (String system : systems(experiment, metric)) {
                counts.add(rows(experiment, metric, system, setting).rowCount());
            }
        }
        return counts;
    }

    private Table rows(String experiment, String metric, String system, String setting) {
        Selection rows = table.stringColumn(EXPERIMENT)
                .isEqualTo(experiment)
                .and(table.stringColumn(METRIC).isEqualTo(metric))
                .and(table.stringColumn(SYSTEM).isEqualTo(system))
                .and(table.stringColumn(SETTING).isEqualTo(setting));
        return table.where(rows);
    }

    /** The accelerator under which the values were taken; several are joined by a plus sign. */
    public String accelerator(String experiment, String metric, String system) {
        Table rows = select(experiment, metric);
        return String.join("+", distinct(rows.where(rows.stringColumn(SYSTEM).isEqualTo(system)), ACCELERATOR));
    }

    private Table select(String experiment, String metric) {
        return table.where(table.stringColumn(EXPERIMENT)
                .isEqualTo(experiment)
                .and(table.stringColumn(METRIC).isEqualTo(metric)));
    }

    private static List<String> distinct(Table rows, String column) {
        return rows.stringColumn(column).unique().asList();
    }
}
