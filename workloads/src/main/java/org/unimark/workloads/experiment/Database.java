// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.nio.file.Path;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.baselines.SqlServer;
import org.unimark.workloads.load.Protocol;
import org.unimark.workloads.load.SqlQueries;

/** SQL servers. */
enum Database implements Subject {
    MEMORY;

    private final SqlServer server = new SqlServer();

    @Override
    public String label() {
        return server.label();
    }

    @Override
    public String application() {
        return server.application();
    }

    @Override
    public Probe probe() {
        return server.probe();
    }

    @Override
    public Protocol requests() {
        return new SqlQueries();
    }

    @Override
    public Service service(Path directory) {
        return server;
    }
}
