// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.unimark.workloads.experiment.Effort;

/** How long a run may take, and what it does with that time. */
public enum Profile {
    /** Everything once, as quickly as it can be done: a test of the suite, not of the systems. */
    SMOKE(
            Duration.ofMinutes(8),
            new Effort(
                    1, 1, 1, 1, 1, 0, 1, Duration.ofMillis(500), Duration.ofSeconds(1), 1_000, false, 3, List.of(500))),
    /** Enough repetitions for an interval, on two cores without hardware virtualization. */
    QUICK(
            Duration.ofSeconds(630),
            new Effort(
                    5,
                    3,
                    3,
                    2,
                    5,
                    1,
                    0.07,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(1500),
                    10_000,
                    false,
                    20,
                    List.of(1000))),
    /**
     * Everything that is offered, with narrow intervals: some hours. What varies is one start of a system from the next, so
     * that time goes into repetitions rather than into long ones.
     */
    FULL(
            Duration.ofHours(6),
            new Effort(
                    10,
                    6,
                    3,
                    2,
                    20,
                    1,
                    0.02,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    1_000_000,
                    true,
                    1_000,
                    List.of(500, 2000)));

    private final Duration budget;
    private final Effort effort;

    Profile(Duration budget, Effort effort) {
        this.budget = budget;
        this.effort = effort;
    }

    /** After which no further block of repetitions is started; building images is part of it. */
    public Duration budget() {
        return budget;
    }

    public Effort effort() {
        return effort;
    }

    /** As in results and on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The profile of that label. */
    public static Profile labelled(String label) throws IOException {
        for (Profile profile : values()) {
            if (profile.label().equals(label)) {
                return profile;
            }
        }
        throw new IOException("this version has no profile '" + label + "'");
    }
}
