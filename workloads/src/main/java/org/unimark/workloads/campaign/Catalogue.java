// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.workloads.experiment.Site;

/** Where a run gets its systems from. */
public interface Catalogue {
    /**
     * The systems that serve {@code site}; called once for each pair.
     *
     * @param accelerator {@code tcg} or {@code kvm}
     */
    List<SystemUnderTest> systems(Site site, String accelerator) throws IOException;

    /** Ends what the systems share. */
    void shutDown();
}
