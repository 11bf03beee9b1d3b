// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import org.unimark.baselines.FrontTier;

/**
 * GETs of items, each connection of another one.
 *
 * @param items how many there are; the first is left out
 */
public record HttpItems(int items) implements Protocol {
    @Override
    public Dialogue dialogue(int number, int pipeline) {
        int item = 2 + number % (items - 1);
        return HttpExchange.keepAlive(FrontTier.HOST, FrontTier.path(item), FrontTier.body(item))
                .dialogue(number, pipeline);
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
