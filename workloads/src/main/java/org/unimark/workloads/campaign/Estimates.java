// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long repetitions take: guesses at first, then what they took. */
final class Estimates {
    /** Weight of the newest observation. */
    private static final double NEWEST = 0.5;

    private static final double GUEST_START_SECONDS = 6;
    private static final double START_SECONDS = 1.5;
    private final Map<String, Double> observed = new HashMap<>();

    double seconds(Block block) {
        return block.systems().stream()
                .mapToDouble(system -> seconds(block, system))
                .sum();
    }

    double seconds(List<Block> blocks) {
        return blocks.stream().mapToDouble(this::seconds).sum();
    }

    double seconds(Block block, String system) {
        Double seen = observed.get(key(block, system));
        if (seen != null) {
            return seen;
        }
        double start = system.startsWith("guest-") ? GUEST_START_SECONDS : START_SECONDS;
        return start + block.kind().estimatedSeconds();
    }

    void observe(Block block, String system, double seconds) {
        observed.merge(key(block, system), seconds, (old, newest) -> old * (1 - NEWEST) + newest * NEWEST);
    }

    private static String key(Block block, String system) {
        return block.experiment().name() + "/" + block.kind().name() + "/" + system;
    }
}
