// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.time.Duration;
import java.util.List;

/**
 * How much trouble a profile takes.
 *
 * @param repetitions of throughput
 * @param otherRepetitions of latency and of bulk transfer, whose repetitions take longer
 * @param sweepRepetitions of times with many settings or systems in each repetition
 * @param countedRepetitions of measurements of instructions and of memory, which hardly vary
 * @param bootRepetitions of boots, timed and counted each
 * @param memoryRepetitions of the search for the smallest memory; 0 leaves it out
 * @param memoryResolution relative, below which the search ends
 * @param warmUp before each measurement
 * @param measured length of each measured interval
 * @param keys in a store, and rows in a table, before requests are measured
 * @param thorough whether also what no claim needs is measured: all durabilities, mixes and memories
 * @param coldStarts of one service, one after another
 * @param latencyRates requests a second, the same for all systems
 */
public record Effort(
        int repetitions,
        int otherRepetitions,
        int sweepRepetitions,
        int countedRepetitions,
        int bootRepetitions,
        int memoryRepetitions,
        double memoryResolution,
        Duration warmUp,
        Duration measured,
        int keys,
        boolean thorough,
        int coldStarts,
        List<Integer> latencyRates) {}
