// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Stopped;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.net.NamespaceLauncher;

/**
 * What a repetition works with.
 *
 * @param effort of the profile
 * @param directory of the run, to which file names in records are relative
 * @param label unique for this repetition, the start of the names of its files
 * @param clientCapacity requests a second that the load generator reaches on this machine against a server that does
 *     nothing; more is impossible
 * @param bootTimeoutSeconds after which a system that does not answer is given up
 */
public record Bench(Effort effort, Path directory, String label, double clientCapacity, int bootTimeoutSeconds) {
    /** Where a raw file of this repetition belongs. */
    public Path file(String suffix) {
        return directory.resolve(relative(suffix));
    }

    /** The same, as records name it. */
    public String relative(String suffix) {
        return "files/" + label + "." + suffix;
    }

    /** An empty directory for a hypervisor's sockets, whose paths have to be short; it goes with the run. */
    Path socketDirectory() throws IOException {
        return Files.createTempDirectory(NamespaceLauncher.runDirectory(), "sockets");
    }

    /** For the {@code number}-th of several instances at once, with files of its own. */
    Bench part(int number) {
        return new Bench(effort, directory, label + "-" + number, clientCapacity, bootTimeoutSeconds);
    }

    /** The same with another patience for systems that start. */
    Bench withBootTimeout(int seconds) {
        return new Bench(effort, directory, label, clientCapacity, seconds);
    }

    /** Starts the system, which does not answer yet, with its default memory. */
    Running start(SystemUnderTest system, InstructionCounter.Mode counting) throws IOException, InterruptedException {
        return start(system, counting, 0);
    }

    /** Starts the system with so much memory, 0 for its default. */
    Running start(SystemUnderTest system, InstructionCounter.Mode counting, int memoryMib)
            throws IOException, InterruptedException {
        return start(system, counting, memoryMib, Map.of());
    }

    /** The same with settings of {@link SystemUnderTest.StartOptions#variant}. */
    Running start(SystemUnderTest system, InstructionCounter.Mode counting, int memoryMib, Map<String, String> variant)
            throws IOException, InterruptedException {
        InstructionCounter.Mode possible = system.countsInstructions() ? counting : InstructionCounter.Mode.OFF;
        Instance instance =
                system.start(new SystemUnderTest.StartOptions(memoryMib, possible, file("console.txt"), variant));
        return new Running(system, instance, bootTimeoutSeconds);
    }

    /** Creates the system and leaves it stopped; null where there is no such state. */
    Stopped stopped(SystemUnderTest system) throws IOException, InterruptedException {
        return system.stopped(new SystemUnderTest.StartOptions(
                0, InstructionCounter.Mode.OFF, file("stopped-console.txt"), Map.of()));
    }

    /** Starts what was stopped. */
    Running start(SystemUnderTest system, Stopped stopped) throws IOException, InterruptedException {
        return new Running(system, stopped.start(), bootTimeoutSeconds);
    }
}
