// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.nio.file.Path;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.workloads.load.Protocol;

/** What works by itself, without a client: a script, or a program. */
record SelfContained(Service work) implements Subject {
    @Override
    public String label() {
        return work.label();
    }

    @Override
    public String application() {
        return work.application();
    }

    @Override
    public Probe probe() {
        throw new IllegalStateException("it answers no questions");
    }

    @Override
    public Protocol requests() {
        throw new IllegalStateException("it takes no requests");
    }

    @Override
    public Service service(Path directory) {
        return work;
    }
}
