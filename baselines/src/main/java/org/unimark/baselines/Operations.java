// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.util.List;
import java.util.Map;
import org.unimark.builder.Target;

/**
 * Operations that a program makes many times each, between marks and without any network. The program prints a line of
 * {@code LABEL operation=times operation=times ...} and then {@code LABEL right} if every result was what it had to be.
 *
 * @param label of the program and of its lines
 * @param operations in the order of the marks around them
 * @param mainOfImage main class in an image
 * @param mainOnLinux main class of the Linux binary
 */
public record Operations(String label, List<String> operations, String mainOfImage, String mainOnLinux)
        implements Service {
    /** System calls on Linux, calls in Keel: two programs, because what they do has no common source. */
    public static final Operations TRANSITIONS = new Operations(
            "transitions",
            List.of("null", "read", "poll", "switch"),
            "org.unimark.keel.image.CallCosts",
            "org.unimark.keel.linux.SystemCallCosts");

    private static final String PART_COSTS = "org.unimark.keel.image.PartCosts";

    /** Parts of Keel by themselves: the same program everywhere. */
    public static final Operations PARTS = new Operations(
            "parts", List.of("checksum", "exchange", "head", "words", "lookup", "timer"), PART_COSTS, PART_COSTS);

    /** What the program prints last if every result was right. */
    public String right() {
        return label + " right";
    }

    @Override
    public String application() {
        return label;
    }

    @Override
    public String mainClass(Target target) {
        return target == Target.IMAGE ? mainOfImage : mainOnLinux;
    }

    /** Works by itself. */
    @Override
    public int port() {
        return 0;
    }

    @Override
    public Map<String, byte[]> resources() {
        return Map.of();
    }

    /** It does not listen. */
    @Override
    public Probe probe() {
        throw new IllegalStateException("these operations answer no questions");
    }

    @Override
    public String durability() {
        return "none: nothing is written";
    }

    @Override
    public int diskMebibytes() {
        return 0;
    }
}
