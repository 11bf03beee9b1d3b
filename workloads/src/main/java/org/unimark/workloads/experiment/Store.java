// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.nio.file.Path;
import org.unimark.baselines.KvStore;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.workloads.load.KvRequests;
import org.unimark.workloads.load.Protocol;

/** Key-value stores, which differ in when a write is safe. */
public enum Store implements Subject {
    OFF(KvStore.Persistence.OFF),
    EVERYSEC(KvStore.Persistence.EVERYSEC),
    ALWAYS(KvStore.Persistence.ALWAYS);

    private static final int KEYS = 1_000;
    private static final int VALUE_BYTES = 3;

    private final KvStore store;

    Store(KvStore.Persistence persistence) {
        store = new KvStore(persistence);
    }

    /** As results name it. */
    public String durability() {
        return store.durability();
    }

    @Override
    public String label() {
        return store.label();
    }

    @Override
    public String application() {
        return store.application();
    }

    @Override
    public Probe probe() {
        return store.probe();
    }

    @Override
    public Protocol requests() {
        return new KvRequests(KEYS, VALUE_BYTES, 0.5, KvRequests.Order.UNIFORM, false);
    }

    @Override
    public Service service(Path directory) {
        return store;
    }
}
