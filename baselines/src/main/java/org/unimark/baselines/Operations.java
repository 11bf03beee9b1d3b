// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.util.Map;
import org.unimark.builder.Target;

/**
 * Four operations of a kernel, many times each, without any network: system calls on Linux, calls in Keel. The two programs
 * differ because what they do has no common source: that is what is measured.
 */
public record Operations() implements Service {
    /** What a program prints before the number of each operation. */
    public static final String COUNTS = "transitions null=";
    /** What it prints last if every result was what it had to be. */
    public static final String RIGHT = "transitions right";

    @Override
    public String application() {
        return "transitions";
    }

    @Override
    public String mainClass(Target target) {
        return target == Target.IMAGE ? "org.unimark.keel.image.CallCosts" : "org.unimark.keel.linux.SystemCallCosts";
    }

    @Override
    public String label() {
        return "transitions";
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
