// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.util.Map;
import org.unimark.baselines.SystemUnderTest;

/** Linux guests without their kernel's mitigations of processor errors, which thorough runs measure beside the others. */
final class Mitigations {
    /** Of the names of what is measured without them. */
    static final String OFF_PREFIX = "unmitigated_";

    /** For {@link SystemUnderTest.StartOptions#variant}. */
    static final Map<String, String> OFF = Map.of("mitigations", "off");

    private Mitigations() {}

    /** Whether {@code system} has mitigations of its own, and it is worth while to turn them off. */
    static boolean matter(SystemUnderTest system, Bench bench) {
        return bench.effort().thorough() && system.name().startsWith("guest-");
    }
}
