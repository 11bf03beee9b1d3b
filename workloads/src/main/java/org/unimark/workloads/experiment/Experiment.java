// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;

/** One question, answered the same way for every system. */
public interface Experiment {
    /** As in results. */
    String name();

    /** One line for a person. */
    String description();

    /** Whether only the full profile of {@code reproduce}, and who asks for it by name, makes it. */
    default boolean isExtensive() {
        return false;
    }

    /** Whether it is repeated first where time may run out: the project's first question is about what it measures. */
    default boolean isPrincipal() {
        return false;
    }

    /** The repetitions that it wants; none if the effort does not suffice. */
    List<Kind> kinds(Effort effort);

    /**
     * Makes one repetition. Whatever it starts has ended when it returns, however that is.
     *
     * @return a record for each setting that it went through
     * @throws Rejected if the system misbehaved or the measurement is not sound
     * @throws IOException if this machine failed, which is recorded as a problem, too
     */
    List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException;
}
