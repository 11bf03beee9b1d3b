// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.unimark.workloads.experiment.Experiment;

/**
 * What a person asked for.
 *
 * @param profile how much of it
 * @param experiments what is measured
 * @param systems names of the systems to measure; empty for all
 * @param seed of the order
 * @param accelerator {@code tcg} or {@code kvm}
 * @param acceleratorReason what the probe saw
 * @param home of the suite's work tree, for the commit
 * @param runs directory in which the run gets its own
 * @param budget after which no further repetition is begun
 * @param elapsed time that was spent before, on images; part of the budget
 * @param arguments of the command, for the record
 */
public record Request(
        Profile profile,
        List<Experiment> experiments,
        Set<String> systems,
        long seed,
        String accelerator,
        String acceleratorReason,
        Path home,
        Path runs,
        Duration budget,
        Duration elapsed,
        List<String> arguments) {}
