// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one repetition found, to become one record.
 *
 * @param durationSeconds of the measured interval
 * @param parameters as in {@link org.unimark.results.Record}
 * @param values likewise
 * @param context likewise
 * @param files likewise
 * @param problem why this setting yields no number, or null; other settings of the same repetition may yield theirs
 */
public record Outcome(
        double durationSeconds,
        Map<String, String> parameters,
        Map<String, Double> values,
        Map<String, Double> context,
        Map<String, String> files,
        String problem) {
    /** With everything empty but the duration. */
    public static Outcome of(double durationSeconds) {
        return rejected(durationSeconds, null);
    }

    /** Without a number, because of {@code problem}. */
    public static Outcome rejected(double durationSeconds, String problem) {
        return new Outcome(
                durationSeconds, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), problem);
    }

    public Outcome parameter(String name, Object value) {
        parameters.put(name, value.toString());
        return this;
    }

    public Outcome value(String name, double value) {
        values.put(name, value);
        return this;
    }

    public Outcome context(String name, double value) {
        context.put(name, value);
        return this;
    }

    public Outcome file(String kind, String path) {
        files.put(kind, path);
        return this;
    }

    /** Adds what another one found, under names that begin with {@code prefix}. */
    Outcome add(String prefix, Outcome other) {
        other.values.forEach((name, value) -> values.put(prefix + name, value));
        // What is said of the client is said of all of it: once too busy is too busy.
        other.context.forEach(
                (name, value) -> context.merge(name.startsWith("client_") ? name : prefix + name, value, Math::max));
        other.files.forEach((name, value) -> files.put(prefix + name, value));
        return this;
    }

    /** The same without its numbers, which {@code problem} forbids. */
    Outcome withoutNumbers(String problem) {
        return new Outcome(durationSeconds, parameters, new TreeMap<>(), context, files, problem);
    }

    /** The same, of another length. */
    Outcome lasting(double seconds) {
        return new Outcome(seconds, parameters, values, context, files, problem);
    }
}
