// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** The spans of all send queues, used again and again. {@link PoolGrowth} makes more of them, up to a limit. */
final class SpanPool {
    private final int limit;
    private Span free;
    private int made;
    private int unused;

    SpanPool(int limit) {
        this.limit = limit;
    }

    /** Returns an empty span or null if all are taken. */
    Span take() {
        Span span = free;
        if (span != null) {
            free = span.next;
            span.next = null;
            unused--;
        }
        return span;
    }

    void put(Span span) {
        if (span.block != null) {
            span.block.release();
            span.block = null;
        }
        span.next = free;
        free = span;
        unused++;
    }

    /** Spans that can be taken now. */
    int available() {
        return unused;
    }

    /** Spans that are not in use, made or not. */
    int remaining() {
        return limit - made + unused;
    }

    int limit() {
        return limit;
    }

    /** Whether a good part of what was made is in use and more may be made. */
    boolean wantsGrowth() {
        return made < limit && unused <= made >> 2;
    }

    /** Makes as many as there are already, at least {@code fewest}. */
    void grow(int fewest) {
        int more = Math.min(limit - made, Math.max(made, fewest));
        for (int i = 0; i < more; i++) {
            put(new Span());
        }
        made += more;
    }
}
