// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.unimark.analysis.Metrics;
import org.unimark.analysis.Summary;
import org.unimark.analysis.Systems;

/** The answers of a run on a terminal: medians with their intervals, a block for each quantity that people ask for. */
final class SummaryTable {
    private static final List<String> QUANTITIES = List.of(
            "http-throughput/requests_per_second",
            "http-throughput/instructions_per_request",
            "http-latency/p99_ms",
            "http-bulk/megabytes_per_second",
            "kv-throughput/get_p1_requests_per_second",
            "kv-throughput/get_p1_instructions_per_request",
            "kv-throughput/set_p1_requests_per_second",
            "kv-throughput/set_p1_instructions_per_request",
            "kv-throughput/get_p16_requests_per_second",
            "kv-throughput/get_p16_instructions_per_request",
            "kv-throughput/set_p16_requests_per_second",
            "kv-throughput/set_p16_instructions_per_request",
            "sql-inserts/memory_inserts_per_second",
            "sql-inserts/memory_instructions_per_insert",
            "sql-inserts/disk_inserts_per_second",
            "sql-inserts/disk_instructions_per_insert",
            "sql-mix/point_read_requests_per_second",
            "sql-mix/point_read_instructions_per_request",
            "sql-mix/point_read_prepared_requests_per_second",
            "sql-mix/point_read_prepared_instructions_per_request",
            "sql-mix/tpcb_requests_per_second",
            "sql-mix/tpcb_instructions_per_request",
            "sql-mix/tpcb_prepared_requests_per_second",
            "sql-mix/tpcb_prepared_instructions_per_request",
            "sql-mix/analytical_requests_per_second",
            "sql-mix/analytical_instructions_per_request",
            "boot-latency/first_response_ms",
            "boot-latency/instructions_to_listening",
            "boot-latency-kv/first_response_ms",
            "boot-latency-kv/instructions_to_listening",
            "boot-latency-sql/first_response_ms",
            "boot-latency-sql/instructions_to_listening",
            "image-size/deployed_bytes",
            "image-size/executable_bytes",
            "image-size-kv/deployed_bytes",
            "image-size-kv/executable_bytes",
            "image-size-sql/deployed_bytes",
            "image-size-sql/executable_bytes",
            "memory/minimum_mib",
            "memory-kv/minimum_mib",
            "memory-sql/minimum_mib");

    private SummaryTable() {}

    static void print(Map<String, Summary.Entry> summary, PrintStream out) {
        for (String quantity : QUANTITIES) {
            // A quantity may come in several settings: http-latency/p99_ms[rate=1000]/keel.
            Map<String, Map<String, Summary.Entry>> bySetting = new LinkedHashMap<>();
            summary.forEach((key, entry) -> {
                String name = key.substring(0, key.lastIndexOf('/'));
                if (name.equals(quantity) || name.startsWith(quantity + "[")) {
                    bySetting
                            .computeIfAbsent(name, unused -> new TreeMap<>(Systems.ORDER))
                            .put(key.substring(name.length() + 1), entry);
                }
            });
            bySetting.forEach((name, systems) -> print(name, systems, out));
        }
    }

    private static void print(String name, Map<String, Summary.Entry> systems, PrintStream out) {
        String metric = name.substring(name.indexOf('/') + 1).replaceFirst("\\[.*", "");
        out.printf("%n%s, %s is better%n", name, Metrics.of(metric).higherIsBetter() ? "more" : "less");
        systems.forEach((system, entry) -> out.printf(
                "  %-14s %14s %-12s %s%n",
                system,
                number(entry.median()),
                entry.unit(),
                entry.repetitions() < 2
                        ? "1 repetition"
                        : number(entry.low()) + " to " + number(entry.high()) + " in " + entry.repetitions()));
    }

    private static String number(double value) {
        return Math.abs(value) >= 100 ? String.format("%,.0f", value) : String.format("%.3g", value);
    }
}
