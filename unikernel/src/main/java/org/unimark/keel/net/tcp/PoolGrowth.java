// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.kernel.Timers;

/**
 * Makes more objects for the pools, away from the data path: there an allocation would make every caller keep books for the
 * garbage collector. Pools double before they run empty; if one does, it is refilled a tick later.
 */
final class PoolGrowth extends Timer {
    private static final int FEWEST_CONNECTIONS = 64;
    private static final int FEWEST_SPANS = 256;
    private static final int FEWEST_RECOVERIES = 8;

    private final Timers timers;
    private final ConnectionPool connections;
    private final SpanPool spans;
    private final RecoveryPools recoveries;

    PoolGrowth(Timers timers, ConnectionPool connections, SpanPool spans, RecoveryPools recoveries) {
        this.timers = timers;
        this.connections = connections;
        this.spans = spans;
        this.recoveries = recoveries;
        grow();
    }

    /** To be called once a turn. */
    void watch(long nowNanos) {
        if ((connections.wantsGrowth() || spans.wantsGrowth() || recoveries.wantsGrowth()) && !isScheduled()) {
            timers.schedule(this, nowNanos);
        }
    }

    private void grow() {
        if (connections.wantsGrowth()) {
            connections.grow(FEWEST_CONNECTIONS);
        }
        if (spans.wantsGrowth()) {
            spans.grow(FEWEST_SPANS);
        }
        if (recoveries.wantsGrowth()) {
            recoveries.grow(FEWEST_RECOVERIES);
        }
    }

    @Override
    protected void expired(long nowNanos) {
        grow();
    }
}
