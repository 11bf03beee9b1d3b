// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.util.List;
import java.util.Map;

/**
 * How the report shows one experiment, read from {@code experiments/NAME.json}.
 *
 * @param title heading
 * @param question what a reader wants to know
 * @param method how it was measured, in a few sentences
 * @param plots in order
 * @param metrics columns of the table: metric name to heading
 */
record ExperimentPage(
        String title, String question, String method, List<PlotSpecification> plots, Map<String, String> metrics) {
    /**
     * @param kind {@code intervals}, {@code stack}, {@code percentiles}, {@code lines} or {@code model}
     * @param name for files, where a kind has several metrics; for {@code lines} the parameter along the axis, for {@code model}
     *     what the metrics of the load begin with
     * @param title heading of the plot
     * @param metric for {@code intervals} and {@code lines}
     * @param parts for {@code stack}: metric to label, in order
     * @param percentiles for {@code percentiles}: metric to percentile
     */
    record PlotSpecification(
            String kind,
            String name,
            String title,
            String metric,
            Map<String, String> parts,
            Map<String, Double> percentiles) {}
}
