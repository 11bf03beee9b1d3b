// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.unimark.baselines.FrontTier;

/**
 * GETs of items by number, on connections that stay open: whichever connection asks, it asks for the next one. As many
 * requests as there are items ask for each of them once.
 */
public final class HttpItems implements Protocol {
    private final byte[][] requests;
    private final byte[][] bodies;
    private final AtomicInteger asked = new AtomicInteger();

    /** @param count of items, from number {@code first} on */
    public HttpItems(int first, int count) {
        requests = new byte[count][];
        bodies = new byte[count][];
        for (int i = 0; i < count; i++) {
            bodies[i] = FrontTier.body(first + i);
            requests[i] = HttpExchange.keepAlive(FrontTier.HOST, FrontTier.path(first + i), bodies[i])
                    .request();
        }
    }

    @Override
    public Dialogue dialogue(int number, int pipeline) {
        if (pipeline > 1) {
            throw new IllegalArgumentException("each item has another answer: no pipeline");
        }
        return new Items();
    }

    @Override
    public boolean closes() {
        return false;
    }

    @Override
    public long bodyBytes() {
        return 0;
    }

    private final class Items extends HttpDialogue {
        private final ByteBuffer[] expected = new ByteBuffer[bodies.length];

        Items() {
            // Numbers grow, and requests with them.
            super(new HttpExchange(requests[requests.length - 1], new byte[0], HttpExchange.OK, false), 1);
            for (int i = 0; i < expected.length; i++) {
                expected[i] = ByteBuffer.wrap(bodies[i]);
            }
        }

        @Override
        public void ask(ByteBuffer out) {
            int index = Math.floorMod(asked.getAndIncrement(), requests.length);
            turnTo(requests[index], expected[index]);
            super.ask(out);
        }
    }
}
