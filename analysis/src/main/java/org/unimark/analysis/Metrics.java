// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.util.List;
import java.util.Set;
import org.unimark.results.Metric;

/** Units and directions of all metrics; a metric is recognised by its name or by how the name ends. */
public final class Metrics {
    private static final List<Metric> KNOWN = List.of(
            new Metric("requests_per_second", "requests/s", true),
            new Metric("achieved_rate", "requests/s", true),
            new Metric("megabytes_per_second", "MB/s", true),
            new Metric("kernel_instructions_per_request", "instructions", false),
            new Metric("instructions_per_request", "instructions", false),
            new Metric("inserts_per_second", "inserts/s", true),
            new Metric("instructions_per_insert", "instructions", false),
            new Metric("instructions_to_listening", "instructions", false),
            new Metric("instructions_per_crossing", "instructions", true),
            new Metric("instructions", "instructions", false),
            new Metric("bytes_per_request", "bytes", false),
            new Metric("bytes_per_insert", "bytes", false),
            new Metric("_ms", "ms", false),
            new Metric("_bytes", "bytes", false),
            new Metric("source_lines", "lines", false),
            new Metric("source_lines_of_server", "lines", false),
            new Metric("_mib", "MiB", false),
            new Metric("_percent", "%", false),
            new Metric("extrapolated_instances", "instances", true),
            new Metric("cold_starts", "", true),
            new Metric("answered_quickly", "instances", true),
            new Metric("_fraction", "", false),
            new Metric("_per_second", "1/s", true));

    /** Counts of things that are in an image or are not. */
    private static final Set<String> COUNTS = Set.of(
            "source_lines",
            "source_lines_of_server",
            "device_drivers",
            "all_device_drivers",
            "packages",
            "programs",
            "system_calls_available",
            "setuid_files");

    private Metrics() {}

    /** Never null: an unknown metric has no unit and is better when it is lower. */
    public static Metric of(String name) {
        for (Metric metric : KNOWN) {
            if (name.equals(metric.name()) || name.endsWith(metric.name())) {
                return new Metric(name, metric.unit(), metric.higherIsBetter());
            }
        }
        return new Metric(name, "", false);
    }

    /** Whether it is a time or a rate, which a busy machine changes. */
    public static boolean isTime(String name) {
        String unit = of(name).unit();
        return unit.equals("ms") || unit.endsWith("/s");
    }

    /** Whether repetitions of it are equal but for the last per cent, whatever else the machine does. */
    public static boolean isExact(String name) {
        return name.contains("instructions")
                || name.endsWith("_per_insert")
                || name.endsWith("_bytes")
                || name.endsWith("minimum_mib")
                || COUNTS.contains(name);
    }
}
