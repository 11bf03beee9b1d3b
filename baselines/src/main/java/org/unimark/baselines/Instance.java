// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.net.InetSocketAddress;
import org.unimark.baselines.counter.InstructionCounter;

/** One running system. Closing it ends everything it started and waits until that is gone. */
public interface Instance extends AutoCloseable {
    /** Where its application answers, inside the run's network namespace. */
    InetSocketAddress address();

    /** {@link System#nanoTime} just before the process of the hypervisor or container client was executed. */
    long launchedNanos();

    boolean isAlive();

    /** The end of its console, for error messages. */
    String consoleTail();

    /** The counter of guest instructions and marks, or null if none is attached. */
    InstructionCounter counter();

    /** Process ids on the host whose CPU time and memory belong to this system. */
    long[] processIds();

    @Override
    void close();
}
