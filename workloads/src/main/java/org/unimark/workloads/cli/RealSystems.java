// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.catalogue.Systems;
import org.unimark.workloads.campaign.Catalogue;
import org.unimark.workloads.experiment.Subject;

/** The real systems. Their content lies in the cache, where it is the same inside and outside of a run's namespaces. */
final class RealSystems implements Catalogue {
    /** One of the run's own, in its namespaces: it changes nothing outside. */
    private static final boolean MAY_START_DOCKER = true;

    @Override
    public List<SystemUnderTest> systems(Subject subject, String accelerator) throws IOException {
        return Systems.of(subject.service(Cache.directory("sites")), accelerator, MAY_START_DOCKER);
    }

    @Override
    public void shutDown() {
        // They share a Docker daemon, which ends with the run's namespaces.
    }
}
