// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.nio.file.Path;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.baselines.SqlBatch;
import org.unimark.baselines.SqlServer;
import org.unimark.workloads.load.Protocol;
import org.unimark.workloads.load.SqlQueries;

/** SQL servers, which differ in where their database is. */
enum Database implements Subject {
    MEMORY(SqlBatch.Place.MEMORY),
    DISK(SqlBatch.Place.DISK);

    /** The files of PostgreSQL's container, which are in the guest's memory, need more than what others have. */
    private static final int DISK_MEMORY_MIB = 512;

    private final SqlServer server;

    Database(SqlBatch.Place place) {
        server = new SqlServer(place);
    }

    /** As results name it. */
    String durability() {
        return server.durability();
    }

    @Override
    public String label() {
        return server.label();
    }

    @Override
    public String application() {
        return server.application();
    }

    @Override
    public int memoryMib() {
        return this == DISK ? DISK_MEMORY_MIB : 0;
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
