// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.unimark.baselines.code.CodeInventory;
import org.unimark.baselines.counter.InstructionCounter;

/**
 * One system that experiments compare: an application in a placement. A new system is one class that implements this and
 * one line in the catalogue.
 */
public interface SystemUnderTest {
    /** As in results: {@code keel}, {@code keel-microvm}, {@code guest-same}, {@code guest-nginx}, {@code docker-same} ... */
    String name();

    /** {@code http}, {@code kv} or {@code sql}. */
    String application();

    /** Why it cannot run on this machine, in a sentence that says what to do, or null if it can. */
    String unavailable();

    /**
     * Builds images and whatever else is missing; may take minutes the first time and seconds the second. The first time
     * it may need the machine's own network, to fetch packages, so it is called before the run's namespaces are entered,
     * and again inside them.
     */
    void prepare() throws IOException, InterruptedException;

    /** Starts one instance; returns as soon as the process is launched, without waiting for readiness. */
    Instance start(StartOptions options) throws IOException, InterruptedException;

    /**
     * Creates what {@link #start} would create, and leaves it stopped; null for systems that know no such state, for which to
     * be created is to run.
     */
    default Stopped stopped(StartOptions options) throws IOException, InterruptedException {
        return null;
    }

    /**
     * The same system once more: for a changed service, or in several places at once. What depends on the service only is
     * shared if it is equal; otherwise {@link #prepare} builds it.
     *
     * @param host last byte of its address in the run's network, or 0 for the address of this one
     */
    SystemUnderTest another(Service service, int host);

    /** Bytes of what is deployed and of what is executed, and SHA-256 of each image, after {@link #prepare}. */
    Footprint footprint() throws IOException;

    /** The machine code of all that runs in it, after {@link #prepare}, or null where it shares the host's kernel. */
    default CodeInventory code() throws IOException, InterruptedException {
        return null;
    }

    /** Whether a counter of guest instructions can be attached ({@link StartOptions#counting}). */
    boolean countsInstructions();

    /**
     * How to start.
     *
     * @param memoryMib guest memory or container limit, 0 for the system's default (the same for all: 256)
     * @param counting what the counter attached to the guest does, if anything; ignored where none can be
     * @param consoleLog where the console goes
     * @param variant extra settings by name, for instance {@code mitigations=off}; empty by default
     */
    record StartOptions(
            int memoryMib, InstructionCounter.Mode counting, Path consoleLog, Map<String, String> variant) {}

    /**
     * Sizes.
     *
     * @param deployedBytes what is shipped: image file, or container image (and, for guests, not the kernel)
     * @param executableBytes what must be loaded to run, the Linux kernel and its modules included
     * @param parts bytes by part
     * @param sha256 by file name
     */
    record Footprint(long deployedBytes, long executableBytes, Map<String, Long> parts, Map<String, String> sha256) {}
}
