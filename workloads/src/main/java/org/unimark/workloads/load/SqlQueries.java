// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.util.concurrent.atomic.AtomicInteger;

/** Queries that need no table, over version 3 of PostgreSQL's protocol: each computes another number, which is checked. */
public final class SqlQueries implements Protocol {
    private final AtomicInteger next = new AtomicInteger();

    @Override
    public Dialogue dialogue(int number, int pipeline) {
        return new SqlDialogue(next, pipeline);
    }

    @Override
    public boolean closes() {
        return false;
    }

    @Override
    public long bodyBytes() {
        return 0;
    }
}
