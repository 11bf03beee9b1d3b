// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.net.InetSocketAddress;

/** One running system. Closing it ends everything it started and waits until that is gone. */
public interface Instance extends AutoCloseable {
    /** Where its application answers, inside the run's network namespace. */
    InetSocketAddress address();

    /** {@link System#nanoTime} just before the process of the hypervisor or container client was executed. */
    long launchedNanos();

    boolean isAlive();

    /** The end of its console, for error messages. */
    String consoleTail();

    /** Reads the instruction counter, or null if none is attached. */
    InstructionCount instructions();

    /** Process ids on the host whose CPU time and memory belong to this system. */
    long[] processIds();

    @Override
    void close();

    /**
     * Guest instructions since launch; a repeated string instruction counts once.
     *
     * @param user in the lower half of the address space at privilege level 3, or for Keel everything
     * @param kernel in the upper half
     * @param stringIterations iterations of repeated string instructions, apart
     * @param bootMark total when the guest announced that it listens (see the counter), or -1
     */
    record InstructionCount(long user, long kernel, long stringIterations, long bootMark) {}
}
