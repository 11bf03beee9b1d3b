// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.util.ArrayList;
import java.util.List;
import org.unimark.analysis.plot.Quantity;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.analysis.statistics.Samples;

/** The short table of a run for the README, in Markdown: a test holds the README to it. */
public final class ReadmeTable {
    private static final List<String> SYSTEMS =
            List.of("keel", "keel-microvm", "guest-same", "guest-nginx", "guest-redis");

    private record Row(String text, String experiment, String metric) {}

    private static final List<Row> ROWS = List.of(
            new Row("HTTP requests/s, 612-byte page, 30 connections", "http-throughput", "requests_per_second"),
            new Row("guest instructions per request", "http-throughput", "instructions_per_request"),
            new Row("of them in the kernel half", "http-throughput", "kernel_instructions_per_request"),
            new Row("one connection, 1 MiB bodies, MB/s", "http-bulk", "megabytes_per_second"),
            new Row("GET/s, pipeline of 16", "kv-throughput", "get_p16_requests_per_second"),
            new Row("guest instructions per GET, pipeline of 16", "kv-throughput", "get_p16_instructions_per_request"),
            new Row("guest instructions per GET, no pipeline", "kv-throughput", "get_p1_instructions_per_request"),
            new Row("SQL inserts/s, in memory", "sql-inserts", "memory_inserts_per_second"),
            new Row("start to first correct response, ms", "boot-latency", "first_response_ms"),
            new Row("guest instructions until it listens", "boot-latency", "instructions_to_listening"),
            new Row("bytes executed, operating system included", "image-size", "executable_bytes"),
            new Row("machine code executed in boot and 1,000 requests", "code-size", "executed_code_bytes"),
            new Row("smallest memory, MiB", "memory", "minimum_mib"));

    private ReadmeTable() {}

    /**
     * Medians, in parentheses their intervals where there are repetitions, and what these are called; rows and columns without
     * data are left out.
     */
    public static String of(ResultTable results) {
        List<String> systems = SYSTEMS.stream()
                .filter(system -> ROWS.stream().anyMatch(row -> has(results, row, system)))
                .toList();
        StringBuilder out = new StringBuilder("| |");
        systems.forEach(system -> out.append(' ').append(Systems.label(system)).append(" |"));
        out.append("\n|---|").append("---|".repeat(systems.size())).append('\n');
        for (Row row : ROWS) {
            if (systems.stream().anyMatch(system -> has(results, row, system))) {
                List<String> cells = new ArrayList<>();
                systems.forEach(system -> cells.add(cell(results, row, system)));
                out.append("| ").append(row.text()).append(" | ");
                out.append(String.join(" | ", cells)).append(" |\n");
            }
        }
        return out + legend(results, systems);
    }

    private static String legend(ResultTable results, List<String> systems) {
        List<Integer> repetitions = new ArrayList<>();
        for (Row row : ROWS) {
            for (String system : systems) {
                Samples samples = results.samples(row.experiment(), row.metric(), system, "");
                if (hasInterval(row, samples)) {
                    repetitions.add(samples.count());
                }
            }
        }
        return repetitions.isEmpty() ? "" : "\nIn parentheses: " + Estimate.called(repetitions) + ".\n";
    }

    private static boolean hasInterval(Row row, Samples samples) {
        return samples.count() > 1 && !Metrics.isExact(row.metric());
    }

    private static boolean has(ResultTable results, Row row, String system) {
        return results.values(row.experiment(), row.metric(), system, "").length > 0;
    }

    private static String cell(ResultTable results, Row row, String system) {
        Samples samples = results.samples(row.experiment(), row.metric(), system, "");
        if (samples.count() == 0) {
            return "–";
        }
        Estimate estimate = Bootstrap.median(samples);
        String unit = Metrics.of(row.metric()).unit().equals("bytes") ? "bytes" : "";
        return Quantity.text(estimate.median(), unit)
                + (hasInterval(row, samples)
                        ? " (" + Quantity.text(estimate.low()) + " to " + Quantity.text(estimate.high()) + ")"
                        : "");
    }
}
