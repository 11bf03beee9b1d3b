// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.util.List;

/** The catalogue. */
public final class Experiments {
    private static final List<Experiment> ALL = List.of(
            new HttpThroughput(),
            new HttpLatency(),
            new HttpBulk(),
            new HttpSizes(),
            new HttpConnections(),
            new HttpLoss(),
            new KvThroughput(),
            new KvMix(),
            new KvLatency(),
            new KvDurability(),
            SqlInserts.unprepared(),
            SqlInserts.variants(),
            new SqlMixed(),
            MarkedOperations.privilegeTransitions(),
            MarkedOperations.parts(),
            new HypervisorCost(),
            new BootLatency("boot-latency", Site.PAGE),
            new BootLatency("boot-latency-kv", Store.OFF),
            new BootLatency("boot-latency-sql", Database.DISK),
            new OnDemand(),
            new OnDemandMany(),
            new ImageSize("image-size", Site.PAGE),
            new ImageSize("image-size-kv", Store.OFF),
            new ImageSize("image-size-sql", Database.DISK),
            new CodeSize("code-size", Site.PAGE),
            new CodeSize("code-size-kv", Store.OFF),
            new CodeSize("code-size-sql", Database.DISK),
            new MemoryFloor("memory", Site.PAGE),
            new Density(),
            new ThreeTiers(),
            new Rebuild(),
            new MemoryFloor("memory-kv", Store.OFF),
            new MemoryFloor("memory-sql", Database.DISK));

    private Experiments() {}

    /** In the order of the report. */
    public static List<Experiment> all() {
        return ALL;
    }

    /** Those that a short run makes: in minutes, all that most claims need. */
    public static List<Experiment> brief() {
        return ALL.stream().filter(experiment -> !experiment.isExtensive()).toList();
    }

    /** The experiment, or null if there is none of that name. */
    public static Experiment named(String name) {
        return ALL.stream()
                .filter(experiment -> experiment.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
