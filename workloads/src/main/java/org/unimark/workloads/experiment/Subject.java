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

    /** Memory of a machine that is not asked for less, in MiB; 0 for the system's own default. */
    default int memoryMib() {
        return 0;
    }

    /** How a first correct answer is recognised. */
    Probe probe();

    /** Ordinary requests, to see whether a system works. */
    Protocol requests();

    /** The same for whoever builds systems; files that it needs are written below {@code directory}. */
    Service service(Path directory) throws IOException;
}
