// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import org.unimark.baselines.counter.InstructionCounter;

/**
 * One kind of repetition of an experiment. Times and instructions are never taken in the same one, because counting takes
 * time.
 *
 * @param name unique in its experiment
 * @param subject what the systems offer meanwhile
 * @param counting what is attached to the guest
 * @param repetitions how many of them
 * @param estimatedSeconds of one, beyond the start of the system
 */
public record Kind(
        String name, Subject subject, InstructionCounter.Mode counting, int repetitions, double estimatedSeconds) {
    public static final String TIMED = "timed";
    public static final String COUNTED = "counted";

    /** Whether times are its values; where an experiment has several such kinds, their settings follow the word. */
    public boolean isTimed() {
        return name.equals(TIMED) || name.startsWith(TIMED + "-");
    }
}
