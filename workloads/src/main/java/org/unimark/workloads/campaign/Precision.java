// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.unimark.analysis.Headline;
import org.unimark.analysis.statistics.Bootstrap;
import org.unimark.analysis.statistics.Estimate;
import org.unimark.results.Record;
import org.unimark.workloads.experiment.Kind;

/**
 * Decides from what was observed whether an experiment needs more repetitions: until the 95 % interval of its main quantity is
 * narrow enough for every system, or a cap is reached.
 */
final class Precision {
    /** Times the planned repetitions, after which more of them would hardly help. */
    private static final int CAP_FACTOR = 3;

    private static final int FEWEST = 3;

    private final double wantedWidth;
    private final int capFactor;
    private final Map<String, Map<String, List<Double>>> values = new TreeMap<>();

    private Precision(double wantedWidth, int capFactor) {
        this.wantedWidth = wantedWidth;
        this.capFactor = capFactor;
    }

    /** What a profile wants: half the width of the interval, relative to the median. */
    static Precision of(Profile profile) {
        return switch (profile) {
            case SMOKE -> new Precision(Double.POSITIVE_INFINITY, 1);
            case QUICK -> new Precision(0.10, CAP_FACTOR);
            case FULL -> new Precision(0.03, CAP_FACTOR);
        };
    }

    void observe(Record record, Kind kind) {
        String metric = Headline.metric(record.experiment());
        Double value = metric == null ? null : record.values().get(metric);
        if (record.valid() && value != null) {
            values.computeIfAbsent(key(record.experiment(), kind), unused -> new TreeMap<>())
                    .computeIfAbsent(record.system(), unused -> new ArrayList<>())
                    .add(value);
        }
    }

    private static String key(String experiment, Kind kind) {
        return experiment + "/" + kind.name();
    }

    /** Whether another repetition after {@code made} would help and may be made. */
    boolean wantsMore(Block block, int made) {
        return made < (long) block.kind().repetitions() * capFactor
                && block.kind().repetitions() >= FEWEST
                && widest(block) > wantedWidth;
    }

    /** Half the width of the widest interval, relative to its median; 0 without values. */
    double widest(Block block) {
        double widest = 0;
        for (List<Double> one : values.getOrDefault(key(block.experiment().name(), block.kind()), Map.of())
                .values()) {
            Estimate estimate = Bootstrap.median(
                    one.stream().mapToDouble(Double::doubleValue).toArray());
            widest = Math.max(widest, (estimate.high() - estimate.low()) / 2 / Math.abs(estimate.median()));
        }
        return widest;
    }

    /** For a reader, or null if every wanted width was reached. */
    String notice(List<Block> planned) {
        TreeMap<String, String> wide = new TreeMap<>();
        for (Block block : planned) {
            double width = widest(block);
            if (width > wantedWidth) {
                wide.put(
                        block.experiment().name(),
                        String.format("%s (±%.0f %%)", block.experiment().name(), 100 * width));
            }
        }
        return wide.isEmpty()
                ? null
                : String.format(
                        "Intervals are wider than the wanted ±%.0f %% for %s: time or the cap on repetitions ended them.",
                        100 * wantedWidth, String.join(", ", wide.values()));
    }
}
