// SPDX-License-Identifier: Apache-2.0
package org.unimark.results;

import java.util.List;
import java.util.Map;

/**
 * Where and how a run was made.
 *
 * @param formatVersion {@link #FORMAT_VERSION} at the time of writing
 * @param id name of the run's directory
 * @param start ISO-8601 instant
 * @param profile {@code quick}, {@code full}, {@code smoke} or {@code custom}
 * @param seed of the interleaving
 * @param commit git commit of the suite
 * @param dirty the work tree differed from the commit
 * @param accelerator {@code tcg} or {@code kvm}
 * @param acceleratorReason what the probe saw, for a person
 * @param host CPU model, cores, memory, kernel, distribution ...: by name
 * @param versions of QEMU, Docker, nginx, gcc, the JDK ...: by name
 * @param images SHA-256 of each image that was run, by name
 * @param arguments of the command
 * @param notices what a reader must know: placements left out and why, cores not isolated ...
 */
public record RunInfo(
        int formatVersion,
        String id,
        String start,
        String profile,
        long seed,
        String commit,
        boolean dirty,
        String accelerator,
        String acceleratorReason,
        Map<String, String> host,
        Map<String, String> versions,
        Map<String, String> images,
        List<String> arguments,
        List<String> notices) {
    public static final int FORMAT_VERSION = 1;
}
