// SPDX-License-Identifier: Apache-2.0
package org.unimark.results;

import java.util.Map;

/**
 * One repetition of one experiment on one system: raw, never averaged.
 *
 * @param experiment name such as {@code http-throughput}
 * @param system name such as {@code keel} or {@code guest-nginx}
 * @param repetition from 0 on
 * @param order position in the randomly interleaved sequence of the whole run, from 0 on
 * @param start ISO-8601 instant
 * @param durationSeconds of the measured interval
 * @param accelerator {@code tcg}, {@code kvm} or, for containers on the host, {@code none}
 * @param parameters what varied, for instance {@code connections=30}; all values as text
 * @param values metric name to value, in the unit that {@link Metric} gives
 * @param context circumstances in numbers: client CPU use, idle instruction rate, load average ...
 * @param files relative paths of raw files of this repetition (histograms, consoles), by kind
 * @param problem why this repetition yields no number, or null; then {@code values} is empty
 */
public record Record(
        String experiment,
        String system,
        int repetition,
        int order,
        String start,
        double durationSeconds,
        String accelerator,
        Map<String, String> parameters,
        Map<String, Double> values,
        Map<String, Double> context,
        Map<String, String> files,
        String problem) {
    /** In the context of a record that several machines may have made: the number of its node, from 1 on. */
    public static final String NODE = "node";

    public boolean valid() {
        return problem == null;
    }

    /** Which node made it: a run that says nothing of nodes was made on one. */
    public int node() {
        return context.getOrDefault(NODE, 1.0).intValue();
    }
}
