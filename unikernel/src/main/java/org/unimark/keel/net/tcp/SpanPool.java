// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** The spans of all send queues. They are made as they are needed, up to a limit, and used again. */
final class SpanPool {
    private final int limit;
    private Span free;
    private int made;
    private int taken;

    SpanPool(int limit) {
        this.limit = limit;
    }

    /** Returns an empty span or null if all are taken. */
    Span take() {
        Span span = free;
        if (span == null) {
            return grow();
        }
        free = span.next;
        span.next = null;
        taken++;
        return span;
    }

    private Span grow() {
        if (made == limit) {
            return null;
        }
        made++;
        taken++;
        return new Span();
    }

    void put(Span span) {
        if (span.block != null) {
            span.block.release();
            span.block = null;
        }
        span.next = free;
        free = span;
        taken--;
    }

    int available() {
        return limit - taken;
    }

    int limit() {
        return limit;
    }
}
