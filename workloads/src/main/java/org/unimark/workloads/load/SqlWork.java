// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.util.function.BiFunction;

/** Queries over connections that stay open, each of which has one request at a time. */
record SqlWork(BiFunction<Integer, Integer, Dialogue> dialogues) implements Protocol {
    @Override
    public Dialogue dialogue(int number, int pipeline) {
        if (pipeline != 1) {
            throw new IllegalArgumentException("queries in steps are not pipelined");
        }
        return dialogues.apply(number, pipeline);
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
