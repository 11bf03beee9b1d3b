// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;

/**
 * Bytes on their way into a socket: copied ones in a ring, and constants where they lie, as the vector that
 * {@code writev} wants. A connection holds one only while it has something to send; the queue used last is used next, so
 * it is in the processor's cache.
 */
final class SendQueue {
    /** Copied bytes that one queue holds. */
    static final int RING_BYTES = 64 * 1024;
    /** Constants are not copied, but a queue without bound would never slow an application down. */
    private static final int LARGEST_CONSTANT_BYTES = 16 << 20;

    private static final int SPANS = 256;
    /** struct iovec: base and length. */
    private static final int SPAN_BYTES = 16;

    private final Bytes ring = Linux.allocate(RING_BYTES);
    private final Bytes vector = Linux.allocate(SPANS * SPAN_BYTES);
    private final long ringStart = Linux.address(ring);
    private int firstSpan;
    private int endSpan;
    private int ringHead;
    private int ringUsed;
    private int constantBytes;
    /** Length of the last span, and where it ends if it is of copied bytes. */
    private long lastLength;

    private long lastCopiedEnd;

    /** For the pool. */
    SendQueue next;

    boolean isEmpty() {
        return firstSpan == endSpan;
    }

    int bytes() {
        return ringUsed + constantBytes;
    }

    /** How many bytes {@link #write} would take. */
    int space() {
        // A wrap around the ring's end takes a second span.
        return endSpan + 2 <= SPANS ? RING_BYTES - ringUsed : 0;
    }

    /** Copies as much as fits and returns how much that was. */
    int write(Bytes source, int offset, int length) {
        source.check(offset, length);
        int total = Math.min(length, space());
        int done = 0;
        while (done < total) {
            int tail = (ringHead + ringUsed) & (RING_BYTES - 1);
            int size = Math.min(total - done, RING_BYTES - tail);
            ring.copyFrom(tail, source, offset + done, size);
            appendCopied(ringStart + tail, size);
            ringUsed += size;
            done += size;
        }
        return done;
    }

    /** Takes constants without a copy and returns how many bytes it took. */
    int writeConstant(Bytes source, int offset, int length) {
        source.check(offset, length);
        int size = Math.min(length, LARGEST_CONSTANT_BYTES - constantBytes);
        if (size <= 0 || endSpan == SPANS) {
            return 0;
        }
        append(source.address(offset, size), size);
        constantBytes += size;
        return size;
    }

    /** Copied bytes that follow copied bytes share a span, unless the ring wraps between them. */
    private void appendCopied(long address, int size) {
        if (lastCopiedEnd == address && endSpan > firstSpan) {
            lastLength += size;
            vector.put64Little((endSpan - 1) * SPAN_BYTES + Long.BYTES, lastLength);
        } else {
            append(address, size);
        }
        lastCopiedEnd = address + size;
    }

    private void append(long address, int size) {
        int at = endSpan * SPAN_BYTES;
        vector.put64Little(at, address);
        vector.put64Little(at + Long.BYTES, size);
        endSpan++;
        lastLength = size;
        lastCopiedEnd = 0;
    }

    private boolean isCopied(long address) {
        return address >= ringStart && address < ringStart + RING_BYTES;
    }

    /** Where the vector of what is still to be sent begins. */
    long vectorAddress() {
        return vector.address(firstSpan * SPAN_BYTES, SPAN_BYTES);
    }

    int spans() {
        return endSpan - firstSpan;
    }

    long firstAddress() {
        return vector.i64Little(firstSpan * SPAN_BYTES);
    }

    int firstLength() {
        return (int) vector.i64Little(firstSpan * SPAN_BYTES + Long.BYTES);
    }

    /** Forgets {@code count} bytes from the front: the kernel has taken them. */
    void sent(int count) {
        if (count == bytes()) {
            clear();
            return;
        }
        int rest = count;
        while (rest > 0) {
            int length = firstLength();
            long address = firstAddress();
            int size = Math.min(rest, length);
            if (isCopied(address)) {
                ringHead = (ringHead + size) & (RING_BYTES - 1);
                ringUsed -= size;
            } else {
                constantBytes -= size;
            }
            if (size == length) {
                firstSpan++;
            } else {
                vector.put64Little(firstSpan * SPAN_BYTES, address + size);
                vector.put64Little(firstSpan * SPAN_BYTES + Long.BYTES, length - size);
                if (firstSpan == endSpan - 1) {
                    lastLength = length - size;
                }
            }
            rest -= size;
        }
        if (firstSpan >= SPANS / 2) {
            compact();
        }
    }

    private void compact() {
        int spans = spans();
        for (int i = 0; i < spans * SPAN_BYTES; i += Long.BYTES) {
            vector.put64Little(i, vector.i64Little(firstSpan * SPAN_BYTES + i));
        }
        firstSpan = 0;
        endSpan = spans;
    }

    void clear() {
        firstSpan = 0;
        endSpan = 0;
        ringHead = 0;
        ringUsed = 0;
        constantBytes = 0;
        lastCopiedEnd = 0;
    }
}
