// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.statistics.Bootstrap;

/**
 * What a processor with hardware virtualization would do with the instructions, exits and copies that were counted under
 * emulation:
 *
 * <pre>cycles = instructions * c + iterations of string instructions * 1 + (register accesses + interrupts) * 1,376</pre>
 *
 * <p>c, the cycles of an instruction, is the only thing that is fitted: to the published rate of nginx in a Linux guest, and once
 * more to that of Redis. The two disagree, and how much is the model's uncertainty: predictions span both. The guest's
 * processor is assumed to be what limits the rate, and the copies of the host to be made by another one, as in the published setup.
 */
public final class CostModel {
    /** Of one exit and the entry after it, handled by the kernel of the host: VMRUN to after it, EPYC (LKML, December 2020). */
    public static final double EXIT_CYCLES = 1_376;
    /** An iteration of a repeated string instruction moves 8 bytes; assumed, for data in the first-level cache. */
    public static final double ITERATION_CYCLES = 1;
    /** Base clock of the machine of the published rates, an i7-9700K. */
    public static final double CLOCK_HERTZ = 3.6e9;

    private static final String EXPERIMENT = "hypervisor-cost";
    private static final String INSTRUCTIONS = "instructions_per_request";

    /**
     * A published rate of a Linux guest that a system of ours stands for.
     *
     * @param system ours
     * @param prefix of the metrics of the same load
     * @param requestsPerSecond published
     * @param label for a person
     */
    public record Anchor(String system, String prefix, double requestsPerSecond, String label) {}

    /** Unikraft, EuroSys 2021, artifact: raw data of figures 13 and 12, Linux guest on QEMU and KVM. */
    public static final List<Anchor> ANCHORS = List.of(
            new Anchor("guest-nginx", "", 104_455, "nginx"),
            new Anchor("guest-redis", "get_p16_", 1_539_000, "Redis, GETs in pipelines of 16"));

    /**
     * A prediction.
     *
     * @param low rate a second with the larger of the fitted c
     * @param middle with the geometric mean of both
     * @param high with the smaller
     * @param hypervisorShare of the cycles that go to exits, with the mean
     */
    public record Prediction(double low, double middle, double high, double hypervisorShare) {}

    private final ResultTable results;
    private final List<Double> fitted = new ArrayList<>();

    public CostModel(ResultTable results) {
        this.results = results;
        ANCHORS.forEach(anchor -> fit(anchor).ifPresent(fitted::add));
    }

    /** Cycles of an instruction that make the model give the published rate; empty without counts for it. */
    private Optional<Double> fit(Anchor anchor) {
        double instructions = median(anchor.system(), anchor.prefix() + INSTRUCTIONS);
        double rest = rest(anchor.system(), anchor.prefix());
        double cycles = (CLOCK_HERTZ / anchor.requestsPerSecond() - rest) / instructions;
        // Not positive: the exits alone take longer than the published request.
        return cycles > 0 ? Optional.of(cycles) : Optional.empty();
    }

    /** For the load whose metrics begin with {@code prefix}; empty if nothing was fitted or nothing counted. */
    public Optional<Prediction> predict(String system, String prefix) {
        double instructions = median(system, prefix + INSTRUCTIONS);
        double rest = rest(system, prefix);
        if (fitted.isEmpty() || Double.isNaN(instructions + rest)) {
            return Optional.empty();
        }
        double least = fitted.stream().mapToDouble(c -> c).min().orElseThrow();
        double most = fitted.stream().mapToDouble(c -> c).max().orElseThrow();
        double mean = Math.exp(fitted.stream().mapToDouble(Math::log).average().orElseThrow());
        double cycles = instructions * mean + rest;
        return Optional.of(new Prediction(
                CLOCK_HERTZ / (instructions * most + rest),
                CLOCK_HERTZ / cycles,
                CLOCK_HERTZ / (instructions * least + rest),
                crossings(system, prefix) * EXIT_CYCLES / cycles));
    }

    /** What a reader must know: the fit, and how far it is off where it was not fitted. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Anchor fitTo : ANCHORS) {
            Optional<Double> c = fit(fitTo);
            if (c.isEmpty()) {
                continue;
            }
            notes.add(String.format(
                    Locale.ROOT,
                    "Model, fitted to %s in a Linux guest (published: %,.0f requests/s): %.2f cycles an instruction.",
                    fitTo.label(),
                    fitTo.requestsPerSecond(),
                    c.get()));
            for (Anchor other : ANCHORS) {
                double instructions = median(other.system(), other.prefix() + INSTRUCTIONS);
                double rest = rest(other.system(), other.prefix());
                if (other != fitTo && !Double.isNaN(instructions + rest)) {
                    double rate = CLOCK_HERTZ / (instructions * c.get() + rest);
                    notes.add(String.format(
                            Locale.ROOT,
                            "Check: with it, %s in a Linux guest should reach %,.0f requests/s; published are %,.0f, so the model is off by %+.0f %%.",
                            other.label(),
                            rate,
                            other.requestsPerSecond(),
                            100 * (rate / other.requestsPerSecond() - 1)));
                }
            }
        }
        return notes;
    }

    /** Cycles that are not those of instructions. */
    private double rest(String system, String prefix) {
        return crossings(system, prefix) * EXIT_CYCLES
                + median(system, prefix + "string_iterations_per_request") * ITERATION_CYCLES;
    }

    private double crossings(String system, String prefix) {
        return median(system, prefix + "register_accesses_per_request")
                + median(system, prefix + "interrupts_per_request");
    }

    /** Not a number without values. */
    private double median(String system, String metric) {
        double[] values = results.values(EXPERIMENT, metric, system, "");
        return values.length == 0 ? Double.NaN : Bootstrap.median(values).median();
    }
}
