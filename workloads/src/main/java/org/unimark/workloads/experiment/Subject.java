// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Path;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.workloads.load.Protocol;

/** What the systems of an experiment offer; the same in every run. */
public interface Subject {
    /** As people read it; unique. */
    String label();

    /** {@code http}, {@code kv} or {@code sql}. */
    String application();

    /** How a first correct answer is recognised. */
    Probe probe();

    /** Ordinary requests, to see whether a system works. */
    Protocol requests();

    /** The same for whoever builds systems; files that it needs are written below {@code directory}. */
    Service service(Path directory) throws IOException;
}
