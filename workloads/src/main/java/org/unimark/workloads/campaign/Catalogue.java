// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.workloads.experiment.Subject;

/** Where a run gets its systems from. */
public interface Catalogue {
    /**
     * The systems that offer {@code subject}; called once for each pair.
     *
     * @param accelerator {@code tcg} or {@code kvm}
     */
    List<SystemUnderTest> systems(Subject subject, String accelerator) throws IOException;

    /** Ends what the systems share. */
    void shutDown();
}
