// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.analysis.statistics.Samples;
import org.unimark.results.RunDirectory;

/**
 * The machine-readable summary: one flat object with keys {@code experiment/metric/system}. Where an experiment ran with
 * several settings the metric carries its setting in brackets, {@code http-latency/p99_ms[rate=1000]/keel}.
 */
public final class Summary {
    /** One entry, as printed. */
    public record Entry(double median, double low, double high, String unit, String accelerator, int repetitions) {}

    private Summary() {}

    public static Map<String, Entry> of(ResultTable results) {
        Map<String, Entry> summary = new LinkedHashMap<>();
        for (String experiment : results.experiments()) {
            for (String metric : results.metrics(experiment)) {
                for (String setting : results.settings(experiment, metric)) {
                    for (String system : results.systems(experiment, metric)) {
                        Samples samples = results.samples(experiment, metric, system, setting);
                        if (samples.count() > 0) {
                            String name = setting.isEmpty() ? metric : metric + "[" + setting + "]";
                            summary.put(
                                    experiment + "/" + name + "/" + system,
                                    entry(samples, metric, results.accelerator(experiment, metric, system)));
                        }
                    }
                }
            }
        }
        return summary;
    }

    private static Entry entry(Samples samples, String metric, String accelerator) {
        Estimate estimate = Bootstrap.median(samples);
        return new Entry(
                estimate.median(),
                estimate.low(),
                estimate.high(),
                Metrics.of(metric).unit(),
                accelerator,
                samples.count());
    }

    /** The summary of a run directory as JSON text. */
    public static String json(Path run) throws IOException {
        return new ObjectMapper()
                .writer()
                .with(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(of(new ResultTable(new RunDirectory(run).records())));
    }
}
