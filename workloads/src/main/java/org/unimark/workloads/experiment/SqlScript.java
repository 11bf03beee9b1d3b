// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.nio.file.Path;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.baselines.SqlBatch;
import org.unimark.workloads.load.Protocol;

/** Inserts from a script, which needs no client. */
record SqlScript(SqlBatch batch) implements Subject {
    @Override
    public String label() {
        return batch.label();
    }

    @Override
    public String application() {
        return batch.application();
    }

    @Override
    public Probe probe() {
        throw new IllegalStateException("a script answers no questions");
    }

    @Override
    public Protocol requests() {
        throw new IllegalStateException("a script takes no requests");
    }

    @Override
    public Service service(Path directory) {
        return batch;
    }
}
